"""Who reaches whom: scopes of grants, lines and dates."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts import access
from accounts.enums import JobRole, OrganisationKind, Role
from accounts.models import Post, User
from accounts.permissions import can_grant_role, can_view_person, can_view_post
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)

ON = dt.date(2026, 3, 2)
pytestmark = pytest.mark.django_db


@pytest.fixture
def team(area):
    """A department with a team below it, and a sibling team; one worker in each."""
    care = OrganisationFactory(
        local_area=area, kind=OrganisationKind.LOCAL_AUTHORITY, name="Children's services"
    )
    assessment = OrganisationFactory(
        local_area=area, kind=OrganisationKind.SOCIAL_CARE_TEAM, parent=care, name="Assessment"
    )
    fostering = OrganisationFactory(
        local_area=area, kind=OrganisationKind.SOCIAL_CARE_TEAM, parent=care, name="Fostering"
    )
    return care, assessment, fostering


def test_a_grant_on_a_department_covers_the_teams_below_it(area, team):
    care, assessment, fostering = team
    head = RoleGrantFactory(role=Role.TEAM_MANAGER, local_area=area, organisation=care).person

    reached = access.organisations_in_scope(head, [Role.TEAM_MANAGER], ON)

    assert set(reached) == {care, assessment, fostering}


def test_a_team_manager_sees_their_team_and_not_the_sibling(area, team):
    _, assessment, fostering = team
    colm = RoleGrantFactory(role=Role.TEAM_MANAGER, local_area=area, organisation=assessment).person
    own = PostFactory(organisation=assessment, job_role=JobRole.SOCIAL_WORKER)
    sibling = PostFactory(organisation=fostering, job_role=JobRole.SOCIAL_WORKER)

    assert set(Post.objects.visible_to(colm, ON)) == {own}
    assert can_view_person(colm, own.person, on=ON)
    assert not can_view_person(colm, sibling.person, on=ON)


def test_a_head_sees_the_post_in_their_setting_and_not_the_other_employers(area):
    otterford, bramblewick = OrganisationFactory.create_batch(2, local_area=area)
    head = RoleGrantFactory(role=Role.SETTING_LEAD, local_area=area, organisation=otterford).person
    here = PostFactory(organisation=otterford)
    elsewhere = PostFactory(
        person=here.person, organisation=bramblewick, job_role=JobRole.MIDDAY_SUPERVISOR
    )

    assert can_view_post(head, here, on=ON)
    assert not can_view_post(head, elsewhere, on=ON)
    assert can_view_person(head, here.person, on=ON)


def test_a_grant_outside_its_dates_reaches_nobody(area):
    school = OrganisationFactory(local_area=area)
    post = PostFactory(organisation=school)
    past = RoleGrantFactory(
        role=Role.SETTING_LEAD, local_area=area, organisation=school, ends_on=dt.date(2026, 3, 1)
    ).person
    future = RoleGrantFactory(
        role=Role.SETTING_LEAD, local_area=area, organisation=school, starts_on=dt.date(2026, 3, 3)
    ).person

    for person in (past, future):
        assert not User.objects.visible_to(person, ON).filter(pk=post.person_id).exists()


def test_a_line_manager_loses_access_on_the_day_after_the_post_ends(area):
    school = OrganisationFactory(local_area=area)
    manager = PostFactory(organisation=school).person
    post = PostFactory(organisation=school, line_manager=manager, ends_on=ON)

    assert can_view_post(manager, post, on=ON)
    assert not can_view_post(manager, post, on=ON + dt.timedelta(days=1))


def test_a_line_manager_who_has_left_loses_access_at_once(area):
    school = OrganisationFactory(local_area=area)
    managers_post = PostFactory(organisation=school, ends_on=ON)
    post = PostFactory(organisation=school, line_manager=managers_post.person)

    assert can_view_post(managers_post.person, post, on=ON)
    assert not can_view_post(managers_post.person, post, on=ON + dt.timedelta(days=1))


def test_an_area_wide_grant_stops_at_the_border(area, other_area):
    admin = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person
    ours = PostFactory(organisation=OrganisationFactory(local_area=area))
    theirs = PostFactory(organisation=OrganisationFactory(local_area=other_area))

    visible = User.objects.visible_to(admin, ON)

    assert ours.person in visible
    assert theirs.person not in visible


@pytest.mark.parametrize("role", [Role.EVALUATOR, Role.DIRECTOR, Role.SYSTEM_ADMIN, Role.AUDITOR])
def test_overseers_see_no_names_through_their_role(area, role):
    overseer = RoleGrantFactory(role=role, local_area=area).person
    post = PostFactory(organisation=OrganisationFactory(local_area=area))

    assert not can_view_person(overseer, post.person, on=ON)


def test_the_reach_of_a_person_costs_the_same_for_1_and_30_colleagues(
    area, team, django_assert_num_queries
):
    care, assessment, _ = team
    head = RoleGrantFactory(role=Role.TEAM_MANAGER, local_area=area, organisation=care).person
    PostFactory(organisation=assessment)
    with django_assert_num_queries(3):
        assert len(User.objects.visible_to(head, ON)) == 2
    PostFactory.create_batch(29, organisation=assessment)
    with django_assert_num_queries(3):
        assert len(User.objects.visible_to(head, ON)) == 31


@pytest.mark.parametrize(
    ("giver", "given", "inside", "expected"),
    [
        (Role.SETTING_LEAD, Role.SETTING_LEAD, True, True),
        (Role.SETTING_LEAD, Role.SETTING_LEAD, False, False),
        (Role.SETTING_LEAD, Role.TRAINING_ADMIN, True, False),
        (Role.TEAM_MANAGER, Role.TEAM_MANAGER, True, True),
        (Role.TEAM_MANAGER, Role.SETTING_LEAD, True, False),
        (Role.EVALUATOR, Role.EVALUATOR, True, False),
        (Role.AUDITOR, Role.SETTING_LEAD, True, False),
    ],
)
def test_nobody_grants_above_or_outside_their_own(area, giver, given, inside, expected):
    school, other = OrganisationFactory.create_batch(2, local_area=area)
    person = RoleGrantFactory(role=giver, local_area=area, organisation=school).person

    allowed = can_grant_role(
        person, given, local_area=area, organisation=school if inside else other, on=ON
    )

    assert allowed is expected


def test_a_visitor_sees_nothing(area):
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import AuditEvent, Organisation, RoleGrant

    PostFactory(organisation=OrganisationFactory(local_area=area))
    for model in (User, Post, Organisation, RoleGrant, AuditEvent):
        assert not model.objects.visible_to(AnonymousUser()).exists()


def test_a_person_sees_themselves(area):
    person = UserFactory()

    assert list(User.objects.visible_to(person, ON)) == [person]
