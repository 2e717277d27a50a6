"""A register of schools the size of England, made up: the published columns, CP1252, seeded."""

from __future__ import annotations

import csv
import random
from pathlib import Path

ROWS = 50_000
FIRST_URN = 200_000

# The columns of GIAS's own file of all establishments, in its order.
COLUMNS = """
URN|LA (code)|LA (name)|EstablishmentNumber|EstablishmentName|TypeOfEstablishment (code)|
TypeOfEstablishment (name)|EstablishmentTypeGroup (code)|EstablishmentTypeGroup (name)|
EstablishmentStatus (code)|EstablishmentStatus (name)|ReasonEstablishmentOpened (code)|
ReasonEstablishmentOpened (name)|OpenDate|ReasonEstablishmentClosed (code)|
ReasonEstablishmentClosed (name)|CloseDate|PhaseOfEducation (code)|PhaseOfEducation (name)|
StatutoryLowAge|StatutoryHighAge|Boarders (code)|Boarders (name)|NurseryProvision (name)|
OfficialSixthForm (code)|OfficialSixthForm (name)|Gender (code)|Gender (name)|
ReligiousCharacter (code)|ReligiousCharacter (name)|ReligiousEthos (name)|Diocese (code)|
Diocese (name)|AdmissionsPolicy (code)|AdmissionsPolicy (name)|SchoolCapacity|
SpecialClasses (code)|SpecialClasses (name)|CensusDate|NumberOfPupils|NumberOfBoys|
NumberOfGirls|PercentageFSM|TrustSchoolFlag (code)|TrustSchoolFlag (name)|Trusts (code)|
Trusts (name)|SchoolSponsorFlag (name)|SchoolSponsors (name)|FederationFlag (name)|
Federations (code)|Federations (name)|UKPRN|FEHEIdentifier|FurtherEducationType (name)|
OfstedLastInsp|OfstedSpecialMeasures (code)|OfstedSpecialMeasures (name)|LastChangedDate|Street|
Locality|Address3|Town|County (name)|Postcode|SchoolWebsite|TelephoneNum|HeadTitle (name)|
HeadFirstName|HeadLastName|HeadPreferredJobTitle|BSOInspectorateName (name)|InspectorateReport|
DateOfLastInspectionVisit|NextInspectionVisit|TeenMoth (name)|TeenMothPlaces|CCF (name)|
SENPRU (name)|EBD (name)|PlacesPRU|FTProv (name)|EdByOther (name)|Section41Approved (name)|
SEN1 (name)|SEN2 (name)|SEN3 (name)|SEN4 (name)|SEN5 (name)|SEN6 (name)|SEN7 (name)|SEN8 (name)|
SEN9 (name)|SEN10 (name)|SEN11 (name)|SEN12 (name)|SEN13 (name)|
TypeOfResourcedProvision (name)|ResourcedProvisionOnRoll|ResourcedProvisionCapacity|
SenUnitOnRoll|SenUnitCapacity|GOR (code)|GOR (name)|DistrictAdministrative (code)|
DistrictAdministrative (name)|AdministrativeWard (code)|AdministrativeWard (name)|
ParliamentaryConstituency (code)|ParliamentaryConstituency (name)|UrbanRural (code)|
UrbanRural (name)|GSSLACode (name)|Easting|Northing|MSOA (name)|LSOA (name)|
InspectorateName (name)|SENStat|SENNoStat|BoardingEstablishment (name)|PropsName|
PreviousLA (code)|PreviousLA (name)|PreviousEstablishmentNumber|OfstedRating (name)|
RSCRegion (name)|Country (name)|UPRN|SiteName|QABName (code)|QABName (name)|
EstablishmentAccredited (code)|EstablishmentAccredited (name)|QABReport|CHNumber|MSOA (code)|
LSOA (code)|FSM|AccreditationExpiryDate
""".replace("\n", "").split("|")  # fmt: skip

LINK_COLUMNS = ["URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate"]
_TYPES = (
    ("Community school", 60),
    ("Academy converter", 25),
    ("Voluntary aided school", 10),
    ("Other independent school", 8),
    ("Community special school", 3),
    ("Pupil referral unit", 1),
    ("Free schools alternative provision", 1),
    ("Local authority nursery school", 2),
    ("Further education", 1),
    ("Children's centre", 6),
)
_PHASES = ("Nursery", "Primary", "Primary", "Primary", "Secondary", "Not applicable", "16 plus")
# What nobody reads fills its column, as it does in the published file.
_FILLER = {
    "LA (name)": "Elsewhere",
    "EstablishmentTypeGroup (name)": "Local authority maintained schools",
    "Gender (name)": "Mixed",
    "ReligiousCharacter (name)": "Does not apply",
    "AdmissionsPolicy (name)": "Not applicable",
    "Street": "1 School Lane",
    "Town": "Elsewhere",
    "SchoolWebsite": "https://www.school.example",
    "TelephoneNum": "01632960000",
    "HeadPreferredJobTitle": "Headteacher",
    "UrbanRural (name)": "(England/Wales) Urban city and town",
    "GOR (name)": "North West",
    "Country (name)": "",
}


def write_register(path: Path, *, rows: int = ROWS, edition: int = 1) -> None:
    """Write the establishments; in a later edition every school has other numbers of pupils."""
    rng = random.Random(7)
    kinds = [name for name, weight in _TYPES for _ in range(weight)]
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        for number in range(rows):
            kind = rng.choice(kinds)
            closed = rng.random() < 0.45
            pupils = rng.randrange(20, 1400)
            writer.writerow(
                {
                    **_FILLER,
                    "URN": FIRST_URN + number,
                    "LA (code)": 800 + number % 153,
                    "EstablishmentNumber": 1000 + number % 9000,
                    "EstablishmentName": f"St Aidan’s School {number}",
                    "TypeOfEstablishment (name)": kind,
                    "EstablishmentStatus (name)": "Closed" if closed else "Open",
                    "OpenDate": f"01-09-{rng.randrange(1950, 2010)}",
                    "CloseDate": f"31-08-{rng.randrange(2010, 2025)}" if closed else "",
                    "PhaseOfEducation (name)": rng.choice(_PHASES),
                    "NumberOfPupils": "" if closed else pupils + edition,
                    "Trusts (name)": f"Trust {number % 2500}" if kind.startswith("Acad") else "",
                    "AdministrativeWard (name)": f"Ward {number % 7000}",
                    "Postcode": "AA1 1AA",
                }
            )


def write_links(path: Path, *, rows: int = ROWS) -> None:
    """Write one link for every third school, from both sides as the register does."""
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(LINK_COLUMNS)
        for number in range(0, rows - 1, 3):
            one, other = FIRST_URN + number, FIRST_URN + number + 1
            writer.writerow([one, other, f"School {other}", "Successor", "01-09-2014"])
            writer.writerow([other, one, f"School {one}", "Predecessor", "01-09-2014"])
