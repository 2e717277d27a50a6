"""The calendar feed: what it shows, to whom, and how it is closed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from icalendar import Calendar

from accounts.enums import JobRole
from core import clock
from cpd_tracking.models import CalendarFeed
from networks.enums import MembershipRole
from tests.factories.accounts import OrganisationFactory, PostFactory, UserFactory
from tests.factories.cpd_tracking import build, make_rule, make_topic
from tests.factories.networks import join, make_meeting, make_network

pytestmark = pytest.mark.django_db

PAGE = "/my-learning/calendar/"


@pytest.fixture
def tom(area):
    """A teacher with a rule that is due, in a network that meets."""
    since = clock.today() - dt.timedelta(days=20)
    school = OrganisationFactory(local_area=area)
    person = PostFactory(organisation=school, job_role=JobRole.TEACHER, starts_on=since).person
    make_rule(area, make_topic(area), key="R1", title="Information governance")
    build(clock.today())
    network = make_network(area, name="Primary Forum")
    join(network, person, role=MembershipRole.LEAD, starts_on=since)
    make_meeting(network, person, title="Autumn meeting")
    return person


def open_feed(client) -> str:
    client.post(PAGE + "make/")
    address = client.get(PAGE).context["address"]
    return address.removeprefix("http://testserver")


def entries(path: str) -> dict[str, dict]:
    answer = Client().get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(event["summary"]): event for event in events}


def test_it_shows_what_is_due_and_when_networks_meet(tom, sign_in):
    found = entries(open_feed(sign_in(tom)))

    assert set(found) == {"Due: Information governance", "Autumn meeting (Primary Forum)"}
    due = found["Due: Information governance"]
    assert isinstance(due["dtstart"].dt, dt.date)
    assert due["dtend"].dt - due["dtstart"].dt == dt.timedelta(days=1)
    assert str(tom.public_id) in due["uid"]


def test_an_entry_keeps_its_name_from_reading_to_reading(tom, sign_in):
    path = open_feed(sign_in(tom))

    assert [e["uid"] for e in entries(path).values()] == [e["uid"] for e in entries(path).values()]


def test_a_new_address_closes_the_old_one(tom, sign_in):
    client = sign_in(tom)
    first = open_feed(client)
    second = open_feed(client)

    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200

    client.post(PAGE + "close/")
    assert Client().get(second).status_code == 404
    assert "Make my address" in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"suspended_at": dt.datetime.now(dt.UTC)}]
)
def test_whoever_may_not_sign_in_has_no_feed(tom, sign_in, change):
    path = open_feed(sign_in(tom))
    type(tom).objects.filter(pk=tom.pk).update(**change)

    assert Client().get(path).status_code == 404


def test_an_address_cannot_be_guessed_from_another(tom, sign_in):
    mine = open_feed(sign_in(tom))
    other = UserFactory()
    open_feed(sign_in(other))
    theirs = CalendarFeed.objects.get(person=other)
    number, nonce, signature = mine.removeprefix("/calendar/").removesuffix(".ics").split(".")

    for forged in (
        f"{theirs.pk}.{nonce}.{signature}",
        f"{number}.{theirs.nonce}.{signature}",
        f"{theirs.pk}.{theirs.nonce}.{signature}",
        "x",
        "..",
    ):
        assert Client().get(f"/calendar/{forged}.ics").status_code == 404


def test_a_visitor_has_no_calendar_page_and_reading_changes_nothing(tom, sign_in):
    assert Client().get(PAGE).status_code == 302
    assert sign_in(tom).get(PAGE + "make/").status_code == 405
    assert not CalendarFeed.objects.exists()


@pytest.mark.parametrize("rules", [1, 12])
def test_it_costs_the_same_whatever_is_due(area, tom, sign_in, rules, django_assert_num_queries):
    for number in range(rules):
        make_rule(area, make_topic(area), key=f"S{number}", title=f"Rule {number}")
    build(clock.today())
    path = open_feed(sign_in(tom))

    with django_assert_num_queries(3):
        assert len(entries(path)) == rules + 2
