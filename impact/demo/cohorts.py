"""Which school of the demo trained when, and who was trained: cohorts whose truth is known."""

from __future__ import annotations

import datetime as dt
import math
import random
from dataclasses import dataclass, field

from accounts.enums import JobRole, OrganisationKind, Phase
from accounts.models import LocalArea, Organisation, Post

FIRST_YEAR, LAST_YEAR = 2016, 2025
PANDEMIC = {2019: 0.7, 2020: 0.75}
# Numbers of design/product's course list.
ELSA, AUTISM, TRAUMA, EBSA = 4, 7, 8, 9


@dataclass(frozen=True, slots=True)
class Adoption:
    """One school's training in a cohort: the course, the day, and how much of the staff.

    share 0 means one person.
    """

    organisation_id: int
    course_number: int
    on: dt.date
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class CohortPlan:
    """Which school adopted which course when, and the truth planted in the outcomes.

    effects and spikes: log rate ratios by organisation and year.
    """

    adoptions: tuple[Adoption, ...]
    effects: dict[tuple[int, int], float] = field(default_factory=dict)
    spikes: dict[tuple[int, int], float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlannedRecord:
    """A learning record the demo must make, through cpd_tracking's services."""

    person_id: int
    organisation_id: int
    course_number: int
    occurred_on: dt.date


def cohort_plan(local_area: LocalArea, seed: int) -> CohortPlan:
    """Choose the schools of each cohort; the same for the same seed and schools.

    ELSA: 18 primaries from 2021 to 2023, the other 23 from autumn 2024 on, true effect -30 %.
    Trauma: 5 of 13 secondaries, -20 %. Autism: 60 % of staff in 12 primaries, no effect.
    EBSA: 12 primaries after a year of high persistent absence, no effect.
    """
    rng = random.Random(f"cohorts-{seed}")  # noqa: S311 - a reproducible demo, not a secret
    primaries = _open_schools(local_area, Phase.PRIMARY)
    secondaries = _open_schools(local_area, Phase.SECONDARY)
    shuffled = rng.sample(primaries, len(primaries))
    early, later = shuffled[:18], shuffled[18:]
    adoptions: list[Adoption] = []
    effects: dict[tuple[int, int], float] = {}
    spikes: dict[tuple[int, int], float] = {}
    for index, school in enumerate(early):
        year = 2021 if index < 8 else 2022 if index < 16 else 2023
        adoptions.append(Adoption(school, ELSA, dt.date(year, 11, 18)))
        effects |= {(school, y): math.log(0.70) for y in range(year + 1, LAST_YEAR + 1)}
    for index, school in enumerate(later[:13]):
        year = 2024 if index < 9 else 2025
        adoptions.append(Adoption(school, ELSA, dt.date(year, 11, 20)))
        effects |= {(school, y): math.log(0.70) for y in range(year + 1, LAST_YEAR + 1)}
    for school in rng.sample(secondaries, min(5, len(secondaries))):
        adoptions.append(Adoption(school, TRAUMA, dt.date(2022, 9, 2), 0.7))
        effects |= {(school, y): math.log(0.80) for y in range(2023, LAST_YEAR + 1)}
    for index, school in enumerate(rng.sample(early, 5) + rng.sample(later, 7)):
        adoptions.append(Adoption(school, AUTISM, dt.date(2022 + index % 2, 2, 14), 0.65))
    trained = {a.organisation_id for a in adoptions if a.course_number == AUTISM}
    for school in primaries + secondaries:
        if school not in trained:
            share = rng.uniform(0.1, 0.4)
            adoptions.append(Adoption(school, AUTISM, dt.date(2025, 2, 11), share))
    for school in rng.sample(primaries, min(12, len(primaries))):
        year = rng.choice((2022, 2023))
        adoptions.append(Adoption(school, EBSA, dt.date(year, 6, 21)))
        spikes[school, year - 1] = math.log(1.7)
    return CohortPlan(tuple(adoptions), effects, spikes)


def planned_records(
    local_area: LocalArea, seed: int, *, plan: CohortPlan | None = None
) -> list[PlannedRecord]:
    """Choose who was trained in each adopting school; people who never moved, so effects stay put.

    Two queries. Makes no record: the caller writes them through cpd_tracking.services.records.
    """
    rng = random.Random(f"records-{seed}")  # noqa: S311 - a reproducible demo, not a secret
    adoptions = (plan or cohort_plan(local_area, seed)).adoptions
    posts = _posts_by_school({adoption.organisation_id for adoption in adoptions})
    found = []
    for adoption in adoptions:
        held = [
            post
            for post in posts.get(adoption.organisation_id, [])
            if post.starts_on <= adoption.on and (not post.ends_on or post.ends_on >= adoption.on)
        ]
        steady = [post for post in held if post.settled]
        number = max(1, math.ceil(adoption.share * len(held)))
        if adoption.course_number == ELSA:
            steady.sort(key=lambda post: (post.job_role != JobRole.ELSA, post.person_id))
            chosen = steady[:1]
        else:
            chosen = rng.sample(steady, min(number, len(steady)))
        found += [
            PlannedRecord(
                post.person_id, adoption.organisation_id, adoption.course_number, adoption.on
            )
            for post in chosen
        ]
    return found


@dataclass(frozen=True, slots=True)
class _HeldPost:
    person_id: int
    job_role: str
    starts_on: dt.date
    ends_on: dt.date | None
    settled: bool


def _open_schools(local_area: LocalArea, phase: str) -> list[int]:
    return list(
        Organisation.objects.in_area(local_area)
        .filter(kind=OrganisationKind.SCHOOL, phase=phase, closed_on__isnull=True)
        .order_by("urn")
        .values_list("pk", flat=True)
    )


def _posts_by_school(organisations: set[int]) -> dict[int, list[_HeldPost]]:
    rows = list(
        Post.objects.filter(organisation__in=organisations)
        .order_by("organisation", "person", "starts_on")
        .values_list("organisation_id", "person_id", "job_role", "starts_on", "ends_on")
    )
    posts_of = dict.fromkeys((row[1] for row in rows), 0)
    everywhere = Post.objects.filter(person__in=list(posts_of)).values_list("person_id", flat=True)
    for person in everywhere:
        posts_of[person] += 1
    found: dict[int, list[_HeldPost]] = {}
    for organisation, person, role, starts_on, ends_on in rows:
        settled = posts_of[person] == 1 and ends_on is None
        found.setdefault(organisation, []).append(
            _HeldPost(person, role, starts_on, ends_on, settled)
        )
    return found
