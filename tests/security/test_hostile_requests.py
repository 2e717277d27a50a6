"""Requests nobody's browser makes: odd digits, NUL, endless numbers, broken text, shared caches."""

from __future__ import annotations

import json
import uuid

import pytest
from django.test import Client

from accounts.enums import JobRole, Role
from accounts.models import AuditEvent
from core import clock
from courses.models import AttemptState, Statement
from courses.services.attempts import open_attempt
from courses.services.enrolments import enrol_learner
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
    member_of,
)
from tests.factories.courses import make_activity_course, make_package
from tests.factories.networks import make_led_network, make_meeting, make_person

pytestmark = pytest.mark.django_db
SUPERSCRIPT = "\N{SUPERSCRIPT TWO}"


@pytest.fixture
def lead(area, sign_in):
    """A setting lead, signed in, and their setting."""
    setting = OrganisationFactory(local_area=area)
    person = make_person(area, setting)
    RoleGrantFactory(person=person, role=Role.SETTING_LEAD, local_area=area, organisation=setting)
    return sign_in(person), setting


@pytest.mark.parametrize(
    "address",
    [
        f"/team/?page={SUPERSCRIPT}",
        f"/team/export.csv?page={SUPERSCRIPT}",
        f"/my-record/?year={SUPERSCRIPT * 4}",
        "/my-record/?year=0000",
        f"/setting/?organisation={'9' * 40}&page=1e9",
        "/team/?page=99999999999999999999&order_by=password&page_size=1000000000",
    ],
)
def test_a_number_that_is_none_is_no_fault_of_ours(lead, address):
    client, _ = lead

    response = client.get(address)

    assert response.status_code in (200, 404)


def test_a_nudge_of_odd_numbers_nudges_nobody(lead):
    client, _ = lead

    response = client.post(
        "/team/nudge/", {"obligation": [SUPERSCRIPT, "9" * 15], "selected": [SUPERSCRIPT]}
    )

    assert response.headers["Location"] == "/team/"
    assert not AuditEvent.objects.filter(verb="obligations.nudged").exists()


def test_a_person_with_two_posts_in_scope_has_one_page(area, lead):
    client, setting = lead
    person = make_person(area, setting)
    PostFactory(person=person, organisation=setting, job_role=JobRole.MIDDAY_SUPERVISOR)

    response = client.get(f"/team/people/{person.public_id}/")

    assert person.get_full_name() in response.content.decode()
    assert AuditEvent.objects.filter(verb="person.viewed", subject=person.public_id).count() == 1


@pytest.mark.parametrize("hours", ["1e999999", "1e30", "1" * 400, "NaN", "-Infinity"])
def test_hours_beyond_all_bounds_are_refused_in_words(area, sign_in, hours):
    network, leader = make_led_network(area)
    meeting = make_meeting(network, leader)

    response = sign_in(leader).post(
        f"/networks/{network.slug}/meetings/{meeting.pk}/register/",
        f"hours={hours}&presence-{'9' * 5_000}=present",
        content_type="application/x-www-form-urlencoded",
    )

    assert response.status_code == 422
    assert not meeting.attendances.exists()


@pytest.mark.parametrize(
    "address",
    ["/search/?q=%00", "/certificates/a%00b/", "/certificates/a%00b/download/", "/%00/"],
)
def test_nul_in_an_address_is_a_bad_request(area, sign_in, address):
    response = sign_in(make_person(area)).get(address)

    assert response.status_code == 400
    assert "There is a problem" in response.content.decode()


def test_nul_in_a_cookie_is_a_bad_request(area, client):
    client.cookies["sessionid"] = "a\x00b"

    assert client.get("/").status_code == 400


@pytest.mark.parametrize(
    "address", ["/my-learning/", "/my-record/", "/my-record/download.csv", "/"]
)
def test_what_a_signed_in_person_sees_is_kept_in_no_cache(area, sign_in, address):
    response = sign_in(make_person(area)).get(address)

    assert response.status_code == 200
    assert {"private", "no-store"} <= set(response.headers["Cache-Control"].split(", "))


class TestAttempt:
    """What a package's own script puts into its messages."""

    @pytest.fixture
    def attempt(self, area):
        person = member_of(area)
        course = make_activity_course(area, make_package(area, UserFactory()))
        enrol_learner(person=person, course=course, at=clock.now())
        attempt = open_attempt(person=person, activity=course.activities.get(), at=clock.now())
        client = Client()
        client.force_login(person)
        return client, attempt

    @pytest.mark.parametrize("text", [r"cut \ud83d", r"\u0000", r"\udc00\ud800"])
    def test_broken_text_is_kept_mended(self, attempt, text):
        client, begun = attempt
        uid = uuid.uuid4()
        body = (
            f'{{"statements": [{{"id": "{uid}", "statement": {{'
            '"verb": {"id": "http://adlnet.gov/expapi/verbs/answered"}, '
            f'"result": {{"response": "{text}"}}}}}}]}}'
        )

        response = client.post(
            f"/learning/attempts/{begun.uuid}/statements", body, content_type="application/json"
        )

        assert response.json()["accepted"] == [str(uid)]
        kept = Statement.objects.get(attempt=begun).statement["result"]["response"]
        assert kept.encode() and "\x00" not in kept
        assert "\N{REPLACEMENT CHARACTER}" in kept

    def test_a_place_with_broken_text_is_kept_mended(self, attempt):
        client, begun = attempt

        response = client.post(
            f"/learning/attempts/{begun.uuid}/state",
            r'{"state": "{\"a\": \"\ud83d\u0000\"}", "based_on": 0, "save_id": "\ud800"}',
            content_type="application/json",
        )

        assert response.json() == {"version": 1}
        assert json.loads(AttemptState.objects.get(attempt=begun).data)["a"] == "\ufffd\ufffd"

    def test_a_state_of_depth_is_refused(self, attempt):
        client, begun = attempt

        response = client.post(
            f"/learning/attempts/{begun.uuid}/state",
            '{"a":' * 50_000 + "1" + "}" * 50_000,
            content_type="application/json",
        )

        assert response.status_code == 400
        assert not AttemptState.objects.exists()
