"""The home begins with the one next thing, for whoever looks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory

from accounts.enums import Role
from accounts.models import LocalArea, User
from core import clock
from courses.services.enrolments import enrol_learner
from tests.factories.accounts import RoleGrantFactory
from tests.factories.courses import make_course
from tests.factories.cpd_tracking import build, make_rule, make_team, make_topic
from tests.factories.networks import join, make_led_network, make_meeting, make_person
from tests.factories.resources_repo import make_reviewer, submit
from website.home import PublicHome, SignedInHome, home_of
from website.models import HomePage


@pytest.fixture
def home(area: LocalArea, today: dt.date) -> Callable[[User], SignedInHome]:
    def _home(user: User) -> SignedInHome:
        request = RequestFactory().get("/")
        request.user, request.local_area, request.today = user, area, today  # type: ignore[attr-defined]
        page = HomePage.objects.get(pk=area.root_page.pk)
        found = home_of(request, home_page=page)
        assert isinstance(found, SignedInHome)
        return found

    return _home


def test_nothing_to_do_invites_to_look_around(
    area: LocalArea, home: Callable[[User], SignedInHome]
) -> None:
    found = home(make_person(area))
    assert found.action.url == "/courses/"
    assert found.to_do.tasks == ()
    assert found.duties == ()


def test_what_was_begun_comes_before_what_is_overdue(
    area: LocalArea, home: Callable[[User], SignedInHome], today: dt.date
) -> None:
    person = make_person(area)
    course, other = make_course(area, "Regulation"), make_course(area, "Governance")
    make_rule(area, other)
    build(today)
    found = home(person)
    assert (found.action.title, found.action.label) == ("Governance", "Start")
    assert found.action.url == "/courses/governance/"
    assert [task.status for task in found.to_do.tasks] == ["overdue"]

    enrol_learner(person=person, course=course, at=clock.now())
    found = home(person)
    assert (found.action.title, found.action.label) == ("Regulation", "Continue")
    assert found.action.detail == "Lesson 1 of 2"
    assert [task.title for task in found.to_do.tasks] == ["Governance"]


def test_a_manager_begins_with_the_exceptions_of_the_team(
    area: LocalArea, home: Callable[[User], SignedInHome], today: dt.date
) -> None:
    manager, _, workers = make_team(area, people=3)
    make_rule(area, make_topic(area), audience={"job_roles": ["social_worker"]})
    build(today)
    found = home(manager)
    assert found.action.title == "3 overdue"
    assert found.action.url.startswith("/team/")
    assert [stat.value for stat in found.duties[0].stats] == ["3", "0", "0\xa0%"]
    assert found.duties[0].stats[2].detail == "0 of 3"
    assert home(workers[0]).duties == ()


def test_a_network_lead_is_told_of_a_register_not_taken(
    area: LocalArea, home: Callable[[User], SignedInHome]
) -> None:
    network, lead = make_led_network(area)
    make_meeting(network, lead, days=-1)
    assert home(lead).action.label == "Take the register"
    member = make_person(area)
    join(network, member)
    assert home(member).duties == ()


def test_a_member_sees_the_next_meeting_and_a_stranger_does_not(
    area: LocalArea, home: Callable[[User], SignedInHome]
) -> None:
    network, lead = make_led_network(area)
    make_meeting(network, lead, days=3, title="Spring forum")
    member = make_person(area)
    join(network, member)
    meeting = home(member).meetings[0]
    assert meeting.title == "Primary SENCO Forum: Spring forum"
    assert meeting.status_label == "Say whether you are coming"
    assert home(make_person(area)).meetings == []


def test_a_director_begins_with_a_question(
    area: LocalArea, home: Callable[[User], SignedInHome]
) -> None:
    director = RoleGrantFactory(local_area=area, role=Role.DIRECTOR).person
    assert home(director).action.url == "/impact/"


def test_a_reviewer_begins_with_what_waits(
    area: LocalArea, home: Callable[[User], SignedInHome]
) -> None:
    reviewer = make_reviewer(area)
    assert home(reviewer).action.url == "/courses/"
    submit(area)
    assert home(reviewer).action.title == "1 resource waits for your review"


def test_a_visitor_sees_what_is_open_and_nothing_else(area: LocalArea) -> None:
    make_course(area, "Open to all", is_public=True)
    make_course(area, "For staff", is_public=False)
    text = Client().get("/").content.decode()
    assert "Every child in Merrowdale" in text
    assert "Open to all" in text
    assert "For staff" not in text
    assert "Sign in" in text


def test_the_editor_s_preview_shows_the_public_home(area: LocalArea) -> None:
    request = RequestFactory().get("/")
    request.user, request.local_area = make_person(area), area  # type: ignore[attr-defined]
    request.is_preview = True  # type: ignore[attr-defined]
    page = HomePage.objects.get(pk=area.root_page.pk)
    assert isinstance(home_of(request, home_page=page), PublicHome)
    assert page.get_template(request) == "pages/website/home.html"


def test_the_home_takes_the_same_number_of_queries_for_a_team_of_1_and_of_30(
    area: LocalArea,
    sign_in: Callable[[User], Client],
    today: dt.date,
    django_assert_num_queries: Callable,
) -> None:
    topic = make_topic(area)
    make_rule(area, topic)
    clients = []
    for people in (1, 30):
        manager, _, _ = make_team(area, people=people, name=f"Team of {people}")
        clients.append(sign_in(manager))
    build(today)
    for client in clients:
        client.get("/")
        with django_assert_num_queries(18):
            client.get("/")
