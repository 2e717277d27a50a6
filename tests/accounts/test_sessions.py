"""Where people are signed in: readable, revocable one by one, and no cost to most requests."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.devices import device_name
from accounts.models import AuditEvent, User
from core import clock
from tests.factories.accounts import OrganisationFactory, PostFactory, UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def person(area) -> User:
    found = PostFactory(organisation=OrganisationFactory(local_area=area)).person
    found.set_password(PASSWORD)
    found.save()
    EmailAddress.objects.create(user=found, email=found.email, verified=True, primary=True)
    return found


def signed_in(person: User, agent: str = CHROME, address: str = "192.0.2.10") -> Client:
    client = Client(REMOTE_ADDR=address, HTTP_USER_AGENT=agent)
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert "_auth_user_id" in client.session
    return client


def row_of(client: Client) -> UserSession:
    return UserSession.objects.get(session_key=client.session.session_key)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (CHROME, "Chrome on Windows"),
        (CHROME + " Edg/140.0.0.0", "Edge on Windows"),
        (IPHONE, "Safari on an iPhone"),
        (IPHONE.replace("Version/18.0", "CriOS/140.0"), "Chrome on an iPhone"),
        (
            CHROME.replace("Windows NT 10.0; Win64; x64", "X11; CrOS x86_64"),
            "Chrome on a Chromebook",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14.5; rv:130.0) Gecko/20100101 Firefox/130.0",
            "Firefox on a Mac",
        ),
        ("curl/8.5", "A browser"),
        ("", "A browser"),
    ],
)
def test_devices_have_names_people_know(agent, name):
    assert device_name(agent) == name


def test_the_list_names_device_address_and_last_use(person):
    desk = signed_in(person)
    signed_in(person, IPHONE, "198.51.100.7")

    words = desk.get("/accounts/sessions/").content.decode()

    assert "Chrome on Windows" in words
    assert "Safari on an iPhone" in words
    assert "198.51.100.7" in words
    assert "Mozilla" not in words
    assert words.count("This one") == 1


def test_one_session_ends_and_the_others_go_on(person):
    desk, phone = signed_in(person), signed_in(person, IPHONE)
    laptop = signed_in(person, CHROME, "203.0.113.4")

    desk.post(f"/sessions/{row_of(phone).pk}/end/")

    assert phone.get("/my-learning/").url.startswith("/accounts/login/")
    assert desk.get("/my-learning/").status_code == 200
    assert laptop.get("/my-learning/").status_code == 200
    assert AuditEvent.objects.filter(verb="sign_in.session_ended").count() == 1


def test_ones_own_session_ends_by_signing_out(person):
    desk = signed_in(person)

    answer = desk.post(f"/sessions/{row_of(desk).pk}/end/")

    assert answer.url == "/accounts/login/"
    assert desk.get("/my-learning/").url.startswith("/accounts/login/")


def test_everywhere_else_at_once(person):
    desk, phone = signed_in(person), signed_in(person, IPHONE)

    desk.post("/accounts/sessions/")

    assert phone.get("/my-learning/").url.startswith("/accounts/login/")
    assert desk.get("/my-learning/").status_code == 200


def test_somebody_elses_session_is_not_there_and_a_get_ends_nothing(person, area):
    phone = signed_in(person, IPHONE)
    stranger = Client(REMOTE_ADDR="192.0.2.66")
    stranger.force_login(UserFactory())

    assert stranger.post(f"/sessions/{row_of(phone).pk}/end/").status_code == 404
    assert phone.get(f"/sessions/{row_of(phone).pk}/end/").status_code == 405
    assert phone.get("/my-learning/").status_code == 200


def test_a_new_password_signs_out_everywhere_else(person):
    desk, phone = signed_in(person), signed_in(person, IPHONE)

    desk.post(
        "/accounts/password/change/",
        {
            "oldpassword": PASSWORD,
            "password1": "three unrelated words",
            "password2": "three unrelated words",
        },
    )

    assert phone.get("/my-learning/").url.startswith("/accounts/login/")
    assert desk.get("/my-learning/").status_code == 200
    assert UserSession.objects.filter(user=person, session_key=desk.session.session_key).exists()


def test_last_use_is_written_once_in_five_minutes(person):
    desk = signed_in(person)

    with CaptureQueriesContext(connection) as asked:
        desk.get("/my-learning/")
    assert not [query for query in asked if "usersessions" in query["sql"]]

    later = clock.now() + dt.timedelta(minutes=6)
    with time_machine.travel(later, tick=False):
        desk.get("/my-learning/")
        with CaptureQueriesContext(connection) as asked:
            desk.get("/my-learning/")
    assert row_of(desk).last_seen_at == later
    assert not [query for query in asked if "usersessions" in query["sql"]]


def test_the_demos_one_click_is_in_the_list_too(area):
    from website.demo.cast import BY_KEY, ON_SIGN_IN_PAGE

    member = BY_KEY[ON_SIGN_IN_PAGE[0]]
    cast = UserFactory(email=member.email)
    client = Client(REMOTE_ADDR="192.0.2.10", HTTP_USER_AGENT=CHROME)

    client.post(reverse("demo-sign-in"), {"person": member.key})

    assert UserSession.objects.get(user=cast).session_key == client.session.session_key
