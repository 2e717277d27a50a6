"""The settings, services and boards of Merrowdale, as data and as rows."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from accounts.enums import LinkType, OrganisationKind, OrganisationStatus, Phase
from accounts.models import LocalArea, Organisation, OrganisationLink
from website.demo.clusters import gather_early_years

WARDS = ("Castle Hill", "Fenside", "Harbour", "Millbrook", "Northgate", "Otter Vale")
LA_CODE = "999"
FIRST_URN = 900_001

PRIMARIES = """
Otterford|Bramblewick|St Swithun's Church of England|Alderbrook|Ashcombe|Barley Lane|
Beacon Hill|Bluebell Way|Castlegate|Chalk Farm Road|Cobbler's Green|Cranmere|Dovecote|Elmhurst|
Fairhaven|Fenside|Foxglove|Gosling Street|Hawthorn Park|Holy Trinity Catholic|Honeywell|
Inglewood|Kestrel Rise|Larkfield|Limekiln|Mallow Road|Mariner's|Millbrook|Netherby|Northgate|
Orchard End|Pebble Beach|Quayside|Rowan Tree|Sacred Heart Catholic|Saltmarsh|Sandpiper|
St Brannoc's Church of England|Tanner's Bridge|Weavers' Row|Windmill Lane
""".replace("\n", "").split("|")

SECONDARIES = (
    "Pellgate High School",
    "Quarrendon Academy",
    "Beaconsway School",
    "Castle Hill School",
    "Fenland Academy",
    "Harbour View School",
    "Merrow Valley Academy",
    "Millbrook High School",
    "Northgate School",
    "St Hilda's Catholic High School",
    "Thornbury Lane School",
    "Trinity Academy Merrowdale",
    "Wexcombe School",
)

SPECIALS = (
    ("Thistledown School", 80),
    ("Fernhollow School", 136),
    ("Stonebeck School", 126),
    ("Marlpit School", 175),
)

TRUSTS = (
    ("trust_merrow", "Merrow Learning Trust"),
    ("trust_rivers", "Two Rivers Academies Trust"),
    ("trust_diocese", "Merrowdale Diocesan Schools Trust"),
)

PVI_NURSERIES = """
Acorns at Castle Hill|Bumblebees|Busy Otters|Little Barn|Chestnut House|Daisy Chain|
Early Explorers|First Steps Fenside|Gingerbread Cottage|Harbour Lights|Hopscotch|Jellybeans|
Kite Hill|Ladybirds|Little Anchors|Millbrook Montessori|Northgate Pre-school|Nutkins|Pebbles|
Puddle Ducks|Rainbow Yard|Sunbeams|The Old Forge|Tiny Weavers
""".replace("\n", "").split("|")

# key, name, kind, parent key
SERVICES: tuple[tuple[str, str, str, str | None], ...] = (
    ("council", "Merrowdale Council", OrganisationKind.LOCAL_AUTHORITY, None),
    ("education", "Education and Inclusion", OrganisationKind.LA_TEAM, "council"),
    ("inclusion", "Inclusion Service", OrganisationKind.LA_TEAM, "education"),
    ("sen_casework", "SEN Casework Team", OrganisationKind.LA_TEAM, "education"),
    ("eps", "Educational Psychology Service", OrganisationKind.LA_TEAM, "education"),
    ("early_years", "Early Years Team", OrganisationKind.LA_TEAM, "education"),
    ("governor_services", "Governor Services", OrganisationKind.LA_TEAM, "education"),
    ("social_care", "Children's Social Care", OrganisationKind.SOCIAL_CARE_TEAM, "council"),
    ("assessment", "Assessment service", OrganisationKind.SOCIAL_CARE_TEAM, "social_care"),
    ("front_door", "Front Door", OrganisationKind.SOCIAL_CARE_TEAM, "social_care"),
    ("safeguarding_east", "Safeguarding East", OrganisationKind.SOCIAL_CARE_TEAM, "social_care"),
    ("safeguarding_west", "Safeguarding West", OrganisationKind.SOCIAL_CARE_TEAM, "social_care"),
    (
        "disabled_children",
        "Disabled Children's Team",
        OrganisationKind.SOCIAL_CARE_TEAM,
        "social_care",
    ),
    ("cared_for", "Cared-for Children", OrganisationKind.SOCIAL_CARE_TEAM, "social_care"),
    ("leaving_care", "Leaving Care", OrganisationKind.SOCIAL_CARE_TEAM, "social_care"),
    ("early_help", "Early Help", OrganisationKind.SOCIAL_CARE_TEAM, "social_care"),
    ("nhs", "Merrow Valley NHS Trust", OrganisationKind.NHS_PROVIDER, None),
    ("mhp", "Mental Health in Schools Team", OrganisationKind.NHS_PROVIDER, "nhs"),
    ("therapies", "Children's Therapies", OrganisationKind.NHS_PROVIDER, "nhs"),
    ("hub_harbour", "Harbour Family Hub", OrganisationKind.FAMILY_HUB, None),
    ("hub_northgate", "Northgate Family Hub", OrganisationKind.FAMILY_HUB, None),
    ("voices", "Merrowdale Parent Carer Voices", OrganisationKind.PARENT_CARER_FORUM, None),
    ("compass", "Compass Family Support", OrganisationKind.VOLUNTARY, None),
    ("bridgeway", "Bridgeway Youth Project", OrganisationKind.VOLUNTARY, None),
)


@dataclass(frozen=True)
class Place:
    """One organisation to make. `parent` and `trust` are keys of other places."""

    key: str
    name: str
    kind: str
    phase: str = Phase.NOT_APPLICABLE
    ward: str = ""
    pupils: int | None = None
    urn: int | None = None
    gias_type: str = ""
    parent: str | None = None
    trust: str | None = None
    opened_on: dt.date | None = None
    closed_on: dt.date | None = None


def short_key(name: str) -> str:
    """Return the first word of a setting's name, in lower case: its key in the demo."""
    words = name.lower().replace("'", "").replace("’", "").split()
    return "_".join(words[:2]) if words[0] in {"st", "holy", "sacred", "the"} else words[0]


# Otterford is large: recording one session for all of its 64 people is a journey of its own.
_PUPILS = {"otterford": 860}


def schools(rng: random.Random) -> list[Place]:
    """Return 59 schools, the PRU and the AP, in URN order; the same for the same seed."""
    places = [
        Place(
            "skylark",
            "Skylark Nursery School",
            OrganisationKind.NURSERY_SCHOOL,
            Phase.NURSERY,
            "Millbrook",
            86,
            gias_type="LA nursery school",
        )
    ]
    for number, name in enumerate(PRIMARIES):
        faith = "Church" in name or "Catholic" in name
        trust = "trust_diocese" if faith and number % 2 else None
        if not faith and number % 4 == 3:
            trust = "trust_rivers" if number % 8 == 3 else "trust_merrow"
        kind = (
            "Academy converter"
            if trust
            else "Voluntary aided school"
            if faith
            else "Community school"
        )
        places.append(
            Place(
                short_key(name),
                f"{name.replace(chr(39), chr(8217))} Primary School",
                OrganisationKind.SCHOOL,
                Phase.PRIMARY,
                WARDS[number % 6] if number > 2 else "Otter Vale",
                _PUPILS.get(
                    short_key(name), rng.choice((118, 176, 204, 208, 236, 312, 356, 412, 418, 446))
                ),
                gias_type=kind,
                trust=trust,
            )
        )
    for number, name in enumerate(SECONDARIES):
        academy = "Academy" in name
        places.append(
            Place(
                {
                    "Castle Hill School": "castle_hill",
                    "Millbrook High School": "millbrook_high",
                }.get(
                    name, short_key(name) if short_key(name) != "northgate" else "northgate_school"
                ),
                name.replace("'", "’"),
                OrganisationKind.SCHOOL,
                Phase.SECONDARY,
                WARDS[(number + 2) % 6],
                rng.randrange(780, 1420),
                gias_type="Academy converter" if academy else "Community school",
                trust=("trust_merrow" if number % 2 else "trust_rivers") if academy else None,
                opened_on=dt.date(2023, 9, 1) if name.startswith("Quarrendon") else None,
            )
        )
    places.extend(
        Place(
            short_key(name),
            name,
            OrganisationKind.SPECIAL_SCHOOL,
            Phase.NOT_APPLICABLE,
            WARDS[number],
            pupils,
            gias_type="Community special school",
        )
        for number, (name, pupils) in enumerate(SPECIALS)
    )
    places.append(
        Place(
            "anchorage",
            "The Anchorage",
            OrganisationKind.PRU,
            ward="Harbour",
            pupils=64,
            gias_type="Pupil referral unit",
        )
    )
    places.append(
        Place(
            "waypoint",
            "Waypoint",
            OrganisationKind.ALTERNATIVE_PROVISION,
            ward="Northgate",
            pupils=40,
            gias_type="Free school - alternative provision",
        )
    )
    return [
        Place(**{**place.__dict__, "urn": FIRST_URN + number})
        for number, place in enumerate(places)
    ]


def other_places(settings: list[Place]) -> list[Place]:
    """Return trusts, services, early years settings, childminders and governing boards."""
    places = [Place(key, name, OrganisationKind.TRUST) for key, name in TRUSTS]
    places += [Place(key, name, kind, parent=parent) for key, name, kind, parent in SERVICES]
    places += [
        Place(
            f"nursery_{number}",
            name,
            OrganisationKind.PVI_NURSERY,
            Phase.NURSERY,
            WARDS[number % 6],
        )
        for number, name in enumerate(PVI_NURSERIES, start=1)
    ]
    # Childminders show a ward, never an address and never their own name as a setting.
    places += [
        Place(
            f"childminder_{number}",
            f"Childminder {number}, {WARDS[number % 6]}",
            OrganisationKind.CHILDMINDER,
            Phase.NURSERY,
            WARDS[number % 6],
        )
        for number in range(1, 41)
    ]
    places += [
        Place(
            f"board_{place.key}",
            f"Governing board of {place.name}",
            OrganisationKind.GOVERNING_BOARD,
            ward=place.ward,
        )
        for place in settings[:59]
    ]
    places.append(
        Place(
            "quarrendon_school",
            "Quarrendon School",
            OrganisationKind.SCHOOL,
            Phase.SECONDARY,
            "Millbrook",
            urn=FIRST_URN + 98,
            gias_type="Community school",
            closed_on=dt.date(2023, 8, 31),
        )
    )
    return places


def build_places(*, area: LocalArea, rng: random.Random) -> dict[str, Organisation]:
    """Create every organisation of the area in three inserts; return them by key."""
    settings = schools(rng)
    places = settings + other_places(settings)
    rows = {
        place.key: Organisation(
            name=place.name,
            kind=place.kind,
            urn=place.urn,
            la_code=LA_CODE if place.urn else "",
            establishment_number=str(2000 + place.urn - FIRST_URN) if place.urn else "",
            gias_type=place.gias_type,
            phase=place.phase,
            status=OrganisationStatus.CLOSED if place.closed_on else OrganisationStatus.OPEN,
            local_area=area,
            ward=place.ward,
            opened_on=place.opened_on,
            closed_on=place.closed_on,
            pupils=place.pupils,
        )
        for place in places
    }
    if len(rows) != len(places):
        raise ValueError("Two places of the demo have the same key.")
    Organisation.objects.bulk_create(rows.values(), batch_size=500)
    related = []
    for place in places:
        if place.parent or place.trust:
            row = rows[place.key]
            row.parent = rows[place.parent] if place.parent else None
            row.trust = rows[place.trust] if place.trust else None
            related.append(row)
    Organisation.objects.bulk_update(related, ["parent", "trust"], batch_size=500)
    _link_the_academy(rows["quarrendon_school"], rows["quarrendon"])
    gather_early_years(area, rows.values(), WARDS)
    return rows


def _link_the_academy(before: Organisation, after: Organisation) -> None:
    """Join the school that became an academy, from both sides as GIAS does."""
    converted = dt.date(2023, 9, 1)
    OrganisationLink.objects.bulk_create(
        OrganisationLink(
            urn=one.urn,
            organisation=one,
            linked_urn=other.urn,
            linked_name=other.name,
            linked=other,
            link_type=link,
            established_on=converted,
        )
        for one, other, link in (
            (after, before, LinkType.PREDECESSOR),
            (before, after, LinkType.SUCCESSOR),
        )
    )
