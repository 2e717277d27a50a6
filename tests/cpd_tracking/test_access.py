"""Who sees what: one matrix in which querysets and predicates agree, on data that could leak."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import JobRole, Role
from accounts.services.posts import end_post
from cpd_tracking import permissions
from cpd_tracking.enums import RecordSource
from cpd_tracking.models import AttestedSession, Certificate, LearningRecord, Obligation
from cpd_tracking.services.certificates import issue_certificate
from cpd_tracking.services.records import record_learning
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)
from tests.factories.cpd_tracking import (
    AT,
    TODAY,
    build,
    learned,
    make_person_rule,
    make_rule,
    make_topic,
)

pytestmark = pytest.mark.django_db
D = dt.date


@pytest.fixture
def house(area, other_area):
    """Tom works in two schools; every kind of viewer stands around him."""
    school, other = (
        OrganisationFactory(local_area=area, name="Otterford"),
        OrganisationFactory(local_area=area, name="Bramblewick"),
    )
    topic = make_topic(area)
    person_rule, post_rule = make_person_rule(area, topic), make_rule(area, topic)
    tom = UserFactory(given_name="Tom")
    here = PostFactory(person=tom, organisation=school, job_role=JobRole.TEACHING_ASSISTANT)
    there = PostFactory(person=tom, organisation=other, job_role=JobRole.MIDDAY_SUPERVISOR)
    line_manager = PostFactory(organisation=school).person
    here.line_manager = line_manager
    here.save()
    colleague = PostFactory(organisation=school).person
    build()
    viewers = {"tom": tom, "line manager": line_manager, "colleague": colleague}
    for name, role, organisation, where in (
        ("lead here", Role.SETTING_LEAD, school, area),
        ("lead there", Role.SETTING_LEAD, other, area),
        ("training admin", Role.TRAINING_ADMIN, None, area),
        ("evaluator", Role.EVALUATOR, None, area),
        ("auditor", Role.AUDITOR, None, area),
        ("system admin", Role.SYSTEM_ADMIN, None, area),
        ("reviewer", Role.REVIEWER, None, area),
        ("admin of the next area", Role.TRAINING_ADMIN, None, other_area),
    ):
        viewers[name] = RoleGrantFactory(
            role=role, organisation=organisation, local_area=where
        ).person
    at_school = record_learning(
        learned=learned(
            tom, topic, D(2026, 9, 1), source=RecordSource.ATTESTED_BY_SETTING,
            organisation_id=school.pk,
        ),
        at=AT,
    )  # fmt: skip
    elsewhere = record_learning(learned=learned(tom, topic, D(2025, 12, 1)), at=AT)
    session = AttestedSession.objects.create(
        organisation=school, title="INSET", held_on=D(2026, 9, 1), hours=1,
        attested_by=viewers["lead here"], recorded_at=AT,
    )  # fmt: skip
    mine = Obligation.objects.current(TODAY).filter(learner=tom)
    return {
        "viewers": viewers,
        "tom": tom,
        "here": here,
        "objects": {
            "person rule": mine.get(requirement=person_rule),
            "rule of the post here": mine.get(requirement=post_rule, post=here),
            "rule of the post there": mine.get(requirement=post_rule, post=there),
            "record attested here": at_school,
            "record from elsewhere": elsewhere,
            "certificate": issue_certificate(record=elsewhere, at=AT),
            "session here": session,
        },
    }


EVERYTHING_OF_OBLIGATIONS = {
    "person rule", "rule of the post here", "rule of the post there"
}  # fmt: skip
MATRIX = {
    "tom": EVERYTHING_OF_OBLIGATIONS
    | {"record attested here", "record from elsewhere", "certificate"},
    "line manager": {"person rule", "rule of the post here"},
    "colleague": set(),
    "lead here": {
        "person rule", "rule of the post here", "record attested here", "session here"
    },
    "lead there": {"person rule", "rule of the post there"},
    "training admin": EVERYTHING_OF_OBLIGATIONS | {"record attested here", "session here"},
    "evaluator": set(),
    "auditor": set(),
    "system admin": set(),
    "reviewer": set(),
    "admin of the next area": set(),
}  # fmt: skip
PREDICATES = {
    Obligation: permissions.can_view_obligation,
    LearningRecord: permissions.can_view_record,
    Certificate: permissions.can_view_certificate,
}


@pytest.mark.parametrize("viewer", MATRIX)
def test_querysets_and_predicates_agree_with_the_matrix(house, viewer):
    user = house["viewers"][viewer]
    for name, obj in house["objects"].items():
        seen = type(obj).objects.filter(pk=obj.pk).visible_to(user, TODAY).exists()
        assert seen == (name in MATRIX[viewer]), (viewer, name)
        if type(obj) in PREDICATES:
            assert PREDICATES[type(obj)](user, obj, on=TODAY) == seen


@pytest.mark.parametrize("viewer", MATRIX)
def test_the_page_that_says_why_is_404_for_whoever_must_not_see_it(house, viewer, sign_in):
    client = sign_in(house["viewers"][viewer])
    for name in EVERYTHING_OF_OBLIGATIONS:
        url = reverse("cpd_tracking:why", args=[house["objects"][name].pk])
        response = client.get(url)
        assert response.status_code == (200 if name in MATRIX[viewer] else 404), name
        if response.status_code == 200 and viewer != "tom":
            assert b"Bramblewick" not in response.content or viewer in (
                "lead there",
                "training admin",
            )


def test_a_change_of_job_ends_the_old_managers_view_at_once(house):
    lead = house["viewers"]["lead here"]
    end_post(by=None, post=house["here"], ends_on=D(2026, 9, 20), at=AT)
    tom = house["tom"]
    assert not Obligation.objects.filter(learner=tom).visible_to(lead, TODAY).exists()
    assert not LearningRecord.objects.filter(person=tom).visible_to(lead, TODAY).exists()
    assert Obligation.objects.filter(learner=tom).visible_to(tom, TODAY).exists()


def test_a_visitor_sees_nothing(house):
    from django.contrib.auth.models import AnonymousUser

    for model in (Obligation, LearningRecord, Certificate, AttestedSession):
        assert not model.objects.visible_to(AnonymousUser()).exists()


def test_only_leads_attest_and_nobody_adjusts_their_own_post(house):
    viewers, post = house["viewers"], house["here"]
    may = {
        name
        for name, user in viewers.items()
        if permissions.can_attest(user, post.organisation, on=TODAY)
    }
    assert may == {"lead here", "training admin"}
    RoleGrantFactory(
        person=house["tom"],
        role=Role.SETTING_LEAD,
        organisation=post.organisation,
        local_area=post.organisation.local_area,
    )
    assert permissions.can_adjust(viewers["lead here"], post, on=TODAY)
    assert not permissions.can_adjust(house["tom"], post, on=TODAY)
