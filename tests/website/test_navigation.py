"""Who is offered which rooms, and what that costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory

from accounts.enums import JobRole, Role
from accounts.models import LocalArea, User
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)
from website.navigation import navigation_of, way_up_of

EVERYONE = ["My learning", "Courses", "Resources", "Networks"]


@pytest.fixture
def labels(today: dt.date) -> Callable[..., list[str]]:
    def _labels(user: User | AnonymousUser, path: str = "/") -> list[str]:
        request = RequestFactory().get(path)
        request.user, request.today = user, today  # type: ignore[attr-defined]
        return [link["label"] for link in navigation_of(request)]

    return _labels


@pytest.mark.parametrize(
    ("role", "added"),
    [
        (Role.SETTING_LEAD, ["Team", "Setting", "People"]),
        (Role.TEAM_MANAGER, ["Team", "People"]),
        (Role.TRAINING_ADMIN, ["Team", "Editing", "Administration"]),
        (Role.DIRECTOR, ["Impact"]),
        (Role.EVALUATOR, ["Impact"]),
        (Role.REVIEWER, ["Editing"]),
        (Role.SYSTEM_ADMIN, ["Editing", "Administration"]),
        (Role.DPO, ["Administration"]),
        (Role.AUDITOR, ["Administration"]),
        (Role.STEWARD, []),
    ],
)
def test_a_role_adds_its_rooms(
    area: LocalArea, labels: Callable[..., list[str]], role: str, added: list[str]
) -> None:
    grant = RoleGrantFactory(local_area=area, role=role)
    assert labels(grant.person) == EVERYONE + added


def test_a_role_that_has_ended_adds_nothing(
    area: LocalArea, labels: Callable[..., list[str]], today: dt.date
) -> None:
    yesterday = today - dt.timedelta(days=1)
    grant = RoleGrantFactory(local_area=area, role=Role.DIRECTOR, ends_on=yesterday)
    assert labels(grant.person) == EVERYONE


def test_a_line_manager_is_offered_the_team(
    area: LocalArea, labels: Callable[..., list[str]], today: dt.date
) -> None:
    school = OrganisationFactory(local_area=area)
    manager = PostFactory(organisation=school, job_role=JobRole.SENCO).person
    managed = PostFactory(organisation=school, line_manager=manager)
    assert labels(manager) == [*EVERYONE, "Team"]
    assert labels(managed.person) == EVERYONE
    managed.ends_on = today - dt.timedelta(days=1)
    managed.save()
    assert labels(manager) == EVERYONE


def test_a_visitor_finds_what_is_open(labels: Callable[..., list[str]]) -> None:
    assert labels(AnonymousUser()) == ["Courses", "Resources", "Search"]


def test_the_room_one_is_in_is_marked(db: None, today: dt.date) -> None:
    request = RequestFactory().get("/networks/primary-senco-forum/")
    request.user, request.today = UserFactory(), today  # type: ignore[attr-defined]
    assert [link["label"] for link in navigation_of(request) if link["current"]] == ["Networks"]


def test_the_navigation_takes_two_queries_for_any_number_of_grants(
    area: LocalArea,
    today: dt.date,
    django_assert_num_queries: Callable,
) -> None:
    person = UserFactory()

    def new_request() -> HttpRequest:
        request = RequestFactory().get("/")
        request.user, request.today = person, today  # type: ignore[attr-defined]
        return request

    with django_assert_num_queries(2):
        assert "Impact" not in [link["label"] for link in navigation_of(new_request())]
    for _ in range(30):
        RoleGrantFactory(
            person=person,
            local_area=area,
            role=Role.EVALUATOR,
            organisation=OrganisationFactory(local_area=area),
        )
    with django_assert_num_queries(2):
        # Its figures are the whole area's: a grant over one setting does not open them.
        assert "Impact" not in [link["label"] for link in navigation_of(new_request())]
    RoleGrantFactory(person=person, local_area=area, role=Role.EVALUATOR)
    # A grant counts from the next request on, and not only after the next sign-in.
    with django_assert_num_queries(2):
        assert "Impact" in [link["label"] for link in navigation_of(new_request())]


@pytest.mark.parametrize(
    ("role", "path", "leads_up"),
    [
        (Role.TRAINING_ADMIN, "/people/", True),
        (Role.TRAINING_ADMIN, "/people/sign-in/", False),
        (Role.SYSTEM_ADMIN, "/people/sign-in/", True),
        (Role.SYSTEM_ADMIN, "/roles/proposals/", True),
        (Role.SYSTEM_ADMIN, "/roles/mine/", False),
        (Role.AUDITOR, "/audit-log/", True),
        (Role.DPO, "/privacy/retention/", True),
        (Role.DPO, "/privacy/", False),
        (Role.SETTING_LEAD, "/people/", False),
        (Role.SETTING_LEAD, "/roles/", False),
    ],
)
def test_a_room_leads_up_to_administration_for_who_keeps_it_there(
    area: LocalArea, today: dt.date, role: str, path: str, leads_up: bool
) -> None:
    grant = RoleGrantFactory(local_area=area, role=role)
    request = RequestFactory().get(path)
    request.user, request.today = grant.person, today  # type: ignore[attr-defined]
    up = way_up_of(request)
    assert (up is not None) is leads_up
    current = [link["label"] for link in navigation_of(request) if link["current"]]
    assert ("Administration" in current) is leads_up
