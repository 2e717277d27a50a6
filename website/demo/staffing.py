"""How many people do what where: the arithmetic of Merrowdale's workforce, without a database."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.enums import JobRole, OrganisationKind, Phase
from website.demo.places import Place

SCHOOL_STAFF = 2_520
TEACHING_ASSISTANTS = 830
PRACTISING_ELSAS = 34
SCHOOLS_WITH_MENTAL_HEALTH_LEAD = 47
EARLY_YEARS_STAFF = 200

# team -> people by role; together with the cast 170 in social care, 70 in health and the
# psychology service, 40 in the local authority and the voluntary sector.
TEAMS: dict[str, tuple[tuple[str, str, int], ...]] = {
    "social_care": (
        (JobRole.SENIOR_LEADER, "Head of children’s social care", 1),
        (JobRole.SOCIAL_CARE_MANAGER, "Team manager", 7),
    ),
    "assessment": (
        (JobRole.SOCIAL_WORKER, "Social worker", 18),
        (JobRole.FAMILY_SUPPORT, "Family support worker", 6),
    ),
    "front_door": (
        (JobRole.SOCIAL_WORKER, "Social worker", 15),
        (JobRole.FAMILY_SUPPORT, "Family support worker", 4),
    ),
    "safeguarding_east": (
        (JobRole.SOCIAL_WORKER, "Social worker", 17),
        (JobRole.FAMILY_SUPPORT, "Family support worker", 4),
    ),
    "safeguarding_west": (
        (JobRole.SOCIAL_WORKER, "Social worker", 17),
        (JobRole.FAMILY_SUPPORT, "Family support worker", 4),
    ),
    "disabled_children": (
        (JobRole.SOCIAL_WORKER, "Social worker", 13),
        (JobRole.FAMILY_SUPPORT, "Family support worker", 5),
    ),
    "cared_for": (
        (JobRole.SOCIAL_WORKER, "Social worker", 15),
        (JobRole.FAMILY_SUPPORT, "Family support worker", 4),
    ),
    "leaving_care": (
        (JobRole.SOCIAL_WORKER, "Social worker", 6),
        (JobRole.FAMILY_SUPPORT, "Personal adviser", 9),
    ),
    "early_help": (
        (JobRole.SOCIAL_WORKER, "Social worker", 4),
        (JobRole.FAMILY_SUPPORT, "Early help worker", 20),
    ),
    "eps": (
        (JobRole.EDUCATIONAL_PSYCHOLOGIST, "Educational psychologist", 15),
        (JobRole.SENIOR_LEADER, "Principal educational psychologist", 1),
        (JobRole.LA_OFFICER, "Assistant psychologist", 1),
    ),
    "mhp": (
        (JobRole.EMHP, "Education mental health practitioner", 29),
        (JobRole.SENIOR_LEADER, "Clinical lead", 1),
    ),
    "therapies": (
        (JobRole.THERAPIST, "Speech and language therapist", 12),
        (JobRole.THERAPIST, "Occupational therapist", 10),
    ),
    "inclusion": ((JobRole.LA_OFFICER, "Specialist teacher", 4),),
    "sen_casework": ((JobRole.LA_OFFICER, "SEN case officer", 8),),
    "early_years": ((JobRole.LA_OFFICER, "Early years adviser", 5),),
    "governor_services": ((JobRole.CLERK, "Clerk to governors", 2),),
    "hub_harbour": ((JobRole.FAMILY_SUPPORT, "Family hub worker", 2),),
    "hub_northgate": ((JobRole.FAMILY_SUPPORT, "Family hub worker", 2),),
    "voices": ((JobRole.VOLUNTEER, "Parent representative", 3),),
    "compass": ((JobRole.FAMILY_SUPPORT, "Family support worker", 5),),
    "bridgeway": ((JobRole.FAMILY_SUPPORT, "Youth worker", 3),),
}


@dataclass(frozen=True)
class SchoolStaff:
    """How many people of each role one school employs."""

    place: Place
    roles: Mapping[str, int]

    @property
    def size(self) -> int:
        """Everyone employed there."""
        return sum(self.roles.values())


def share_out(total: int, weights: Sequence[float]) -> list[int]:
    """Split `total` by weight into whole numbers that add up to it (largest remainder)."""
    scale = total / sum(weights)
    parts = [int(weight * scale) for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (parts[i] - weights[i] * scale, i))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


def _staff_weight(place: Place) -> float:
    pupils = place.pupils or 0
    if place.kind == OrganisationKind.SPECIAL_SCHOOL:
        return pupils * 0.45
    if place.kind in (OrganisationKind.PRU, OrganisationKind.ALTERNATIVE_PROVISION):
        return pupils * 0.4
    return 14 + pupils * (0.05 if place.phase == Phase.SECONDARY else 0.06)


def _assistant_share(place: Place) -> float:
    if place.kind == OrganisationKind.SPECIAL_SCHOOL:
        return 0.48
    return {Phase.SECONDARY: 0.2, Phase.NURSERY: 0.45}.get(Phase(place.phase), 0.37)


def staff_of_schools(settings: Sequence[Place], rng: random.Random) -> list[SchoolStaff]:
    """Return each school's staff: 2,520 people in all, 61 SENCOs, 830 assistants (34 ELSAs)."""
    sizes = share_out(SCHOOL_STAFF, [_staff_weight(place) for place in settings])
    assistants = share_out(
        TEACHING_ASSISTANTS,
        [size * _assistant_share(place) for size, place in zip(sizes, settings, strict=True)],
    )
    # Tom's school has no ELSA yet: he is the one in training.
    primaries = [
        place.key for place in settings if place.phase == Phase.PRIMARY and place.key != "otterford"
    ]
    with_elsa = set(rng.sample(primaries, PRACTISING_ELSAS))
    secondaries = [place.key for place in settings if place.phase == Phase.SECONDARY]
    with_lead = {
        *secondaries,
        *rng.sample(primaries, SCHOOLS_WITH_MENTAL_HEALTH_LEAD - len(secondaries)),
    }
    staff = []
    for place, size, helpers in zip(settings, sizes, assistants, strict=True):
        roles: dict[str, int] = {
            JobRole.HEADTEACHER: 1,
            JobRole.SENCO: 1,
            JobRole.DSL: 1,
            JobRole.MENTAL_HEALTH_LEAD: int(place.key in with_lead),
            JobRole.ELSA: int(place.key in with_elsa),
            JobRole.TEACHING_ASSISTANT: helpers - int(place.key in with_elsa),
            JobRole.MIDDAY_SUPERVISOR: round(size * 0.09) if place.phase == Phase.PRIMARY else 0,
            JobRole.SCHOOL_OFFICE: max(1, round(size * 0.11)),
        }
        roles[JobRole.TEACHER] = size - sum(roles.values())
        staff.append(SchoolStaff(place, roles))
    return staff
