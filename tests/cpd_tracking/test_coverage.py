"""Coverage with honest denominators, and the demo's rules."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.enums import JobRole, OrganisationKind
from cpd_tracking.demo import build_requirements, record_in_bulk
from cpd_tracking.models import Obligation, Pause, RequirementVersion
from cpd_tracking.selectors import coverage, non_participants
from cpd_tracking.services.requirements import UnableToSaveRequirement, save_requirement
from tests.factories.accounts import OrganisationFactory, PostFactory
from tests.factories.courses import make_course
from tests.factories.cpd_tracking import AT, TODAY, build, learned, make_rule, make_topic

pytestmark = pytest.mark.django_db
D = dt.date


@pytest.fixture
def schools(area):
    """A: 2 of 3 done and 1 paused; B: none of 2; C: nobody in scope."""
    course = make_course(area, "Autism awareness")
    make_rule(area, course, audience={"job_roles": [str(JobRole.TEACHER)]})
    one, two, three = (OrganisationFactory(local_area=area, name=name) for name in ("A", "B", "C"))
    staff = [PostFactory(organisation=one).person for _ in range(4)]
    for _ in range(2):
        PostFactory(organisation=two)
    PostFactory(organisation=three, job_role=JobRole.CLERK)
    record_in_bulk([learned(person, course, D(2026, 9, 1)) for person in staff[:2]], at=AT)
    build()
    Pause.objects.create(person=staff[3], starts_on=D(2026, 9, 1), recorded_at=AT)
    return course, one, two


def test_posts_in_scope_are_the_denominator(area, schools, django_assert_num_queries):
    course, *_ = schools
    with django_assert_num_queries(2):
        found = {row.organisation: row for row in coverage(area, course, TODAY)}
    assert set(found) == {"A", "B"}
    assert (found["A"].complete, found["A"].in_scope, found["A"].not_counted) == (2, 3, 1)
    assert (found["B"].complete, found["B"].in_scope) == (0, 2)
    assert found["B"].share == 0


def test_an_earlier_day_is_as_known_now(area, schools):
    course, *_ = schools
    found = {row.organisation: row for row in coverage(area, course, D(2026, 8, 31))}
    assert (found["A"].complete, found["A"].in_scope) == (0, 4)


def test_settings_without_anyone(area, schools):
    course, _, two = schools
    rows = list(non_participants(area, course, TODAY))
    assert [(row, row.in_scope) for row in rows] == [(two, 2)]


def test_the_demos_rules_are_data(area):
    names = {1: "OAP", 3: "NPQ", 14: "SW", 17: "IG", 18: "Safeguarding", 22: "Oversight"}
    courses = {number: make_course(area, name) for number, name in names.items()}
    for _ in range(2):
        found = build_requirements(area, courses, TODAY)
    assert list(found) == ["R1", "R2b", "R4", "R6", "R8", "R13"]
    assert RequirementVersion.objects.count() == 6
    team = OrganisationFactory(local_area=area, kind=OrganisationKind.SOCIAL_CARE_TEAM, urn=None)
    worker = PostFactory(
        organisation=team, job_role=JobRole.SOCIAL_WORKER, starts_on=D(2026, 6, 1)
    ).person
    senco = PostFactory(
        organisation=OrganisationFactory(local_area=area),
        job_role=JobRole.SENCO,
        starts_on=D(2024, 9, 1),
    ).person
    build()
    due = Obligation.objects.current(TODAY).values_list("requirement__key", "due_on")
    assert dict(due.filter(learner=worker)) == {
        "R1": D(2026, 7, 1),
        "R6": D(2026, 8, 30),
    }
    assert dict(due.filter(learner=senco))["R4"] == D(2027, 9, 1)
    statutory = found["R4"].versions.get()
    assert (statutory.may_pause, statutory.may_extend) == (False, False)


def test_a_version_in_use_is_not_rewritten(area):
    topic = make_topic(area)
    make_rule(area, topic, "R1")
    PostFactory(organisation=OrganisationFactory(local_area=area))
    build()
    make_rule(area, topic, "R1")  # the same again is nothing new
    with pytest.raises(UnableToSaveRequirement, match="in use"):
        make_rule(area, topic, "R1", due_count=60)
    make_rule(area, topic, "R1", due_count=60, valid_from=D(2026, 10, 1))
    assert RequirementVersion.objects.count() == 2


@pytest.mark.parametrize(
    "terms",
    [
        {"audience": {"shoe_size": [42]}, "satisfied_by": [{"topic": 1}]},
        {"satisfied_by": [{"rule": "R1"}]},
        {"satisfied_by": [{"began_before": "2024-09-01"}]},
    ],
)
def test_unknown_words_in_a_rule_are_refused(area, terms):
    with pytest.raises(UnableToSaveRequirement):
        save_requirement(
            local_area=area, key="R", valid_from=TODAY, title="T", short_title="T",
            audience_label="x", **terms,
        )  # fmt: skip
