"""A local area of 61 settings with staff, courses and the demo's cohorts, for the impact tests."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from accounts.enums import JobRole, OrganisationKind, Phase, Role
from accounts.models import LocalArea, Organisation, Post, User
from courses.models import Course
from cpd_tracking.enums import RecordKind, RecordSource
from cpd_tracking.services.records import Learned, record_many
from impact.demo import AUTISM, EBSA, ELSA, TRAUMA, build_outcomes, cohort_plan, planned_records
from tests.factories.accounts import RoleGrantFactory, UserFactory

AT = dt.datetime(2026, 9, 14, 10, tzinfo=dt.UTC)
TODAY = AT.date()
TITLES = {
    ELSA: "ELSA initial",
    AUTISM: "Autism practice",
    TRAUMA: "Trauma-responsive setting",
    EBSA: "EBSA",
}


def make_course(area: LocalArea, title: str) -> Course:
    """Return a course's identity with its page, nothing in it."""
    from tests.factories.courses import make_course_page

    page = make_course_page(area, title)
    return Course.objects.create(local_area=area, page=page, key=page.slug, title=title)


def make_schools(area: LocalArea, primaries: int = 41, secondaries: int = 13) -> None:
    """Make the nursery, primaries, secondaries and four special schools."""
    rows = [("Skylark Nursery", OrganisationKind.NURSERY_SCHOOL, Phase.NURSERY, 60)]
    school = OrganisationKind.SCHOOL
    rows += [(f"Primary {n:02}", school, Phase.PRIMARY, 180 + 6 * n) for n in range(primaries)]
    rows += [(f"High {n:02}", school, Phase.SECONDARY, 800 + 40 * n) for n in range(secondaries)]
    special = OrganisationKind.SPECIAL_SCHOOL
    rows += [
        (name, special, Phase.NOT_APPLICABLE, pupils)
        for name, pupils in (("Thistledown", 80), ("Fernhollow", 136), ("Marlpit", 175))
    ]
    Organisation.objects.bulk_create(
        Organisation(
            name=name, kind=kind, phase=phase, pupils=pupils, urn=900_001 + n, local_area=area
        )
        for n, (name, kind, phase, pupils) in enumerate(rows)
    )


def staff_schools(area: LocalArea, size: int = 14) -> None:
    """Give every school staff who came in 2015; the nursery has six."""
    schools = list(Organisation.objects.in_area(area).filter(urn__isnull=False))
    posts = [
        (school, JobRole.SENCO if n == 0 else JobRole.TEACHER)
        for school in schools
        for n in range(6 if school.kind == OrganisationKind.NURSERY_SCHOOL else size)
    ]
    people = User.objects.bulk_create(
        User(
            email=f"staff{n}@merrowdale.example",
            given_name="Member",
            family_name=f"Of Staff {n}",
            password="!",
        )
        for n in range(len(posts))
    )
    Post.objects.bulk_create(
        Post(person=person, organisation=school, job_role=role, starts_on=dt.date(2015, 9, 1))
        for person, (school, role) in zip(people, posts, strict=True)
    )


def record_course(course: Course, people: list[int], on: dt.date) -> None:
    """Record that people did a course on a day, through the service."""
    record_many(
        learned=[
            Learned(
                person_id=person,
                kind=RecordKind.COURSE,
                title=course.title,
                occurred_on=on,
                hours=Decimal(6),
                source=RecordSource.ATTESTED_BY_TRAINER,
                source_uid=f"test:{course.pk}:{person}",
                course_id=course.pk,
            )
            for person in people
        ],
        at=AT,
    )


def make_cohorts(area: LocalArea, seed: int = 7) -> dict[int, Course]:
    """Make schools, staff, courses, training records and outcomes of the demo's cohorts."""
    make_schools(area)
    staff_schools(area)
    courses = {number: make_course(area, title) for number, title in TITLES.items()}
    plan = cohort_plan(area, seed)
    for number, course in courses.items():
        records = [r for r in planned_records(area, seed, plan=plan) if r.course_number == number]
        for day in sorted({r.occurred_on for r in records}):
            people = [r.person_id for r in records if r.occurred_on == day]
            record_course(course, people, day)
    build_outcomes(area, seed, plan=plan)
    return courses


def make_director(area: LocalArea, email: str = "director@merrowdale.example") -> User:
    """Return a person who directs the whole area."""
    person = UserFactory(email=email)
    RoleGrantFactory(person=person, role=Role.DIRECTOR, local_area=area)
    return person
