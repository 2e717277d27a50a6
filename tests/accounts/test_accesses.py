"""Whoever's page somebody opens sees that, who it was and why; in time, and nobody else does."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import audit
from accounts.enums import JobRole, Role
from accounts.models import AuditEvent
from core import clock
from cpd_tracking.models import Obligation
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)
from tests.factories.cpd_tracking import build, make_rule, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(area):
    return OrganisationFactory(local_area=area, name="Otterford Primary")


@pytest.fixture
def nadia(area, school):
    """The SENCO, who leads the setting."""
    person = UserFactory(given_name="Nadia", family_name="Ferreira")
    PostFactory(person=person, organisation=school, job_role=JobRole.SENCO)
    RoleGrantFactory(person=person, role=Role.SETTING_LEAD, local_area=area, organisation=school)
    return person


@pytest.fixture
def tom(area, school):
    person = UserFactory(given_name="Tom", family_name="Akinwale")
    PostFactory(person=person, organisation=school, job_role=JobRole.TEACHING_ASSISTANT)
    make_rule(area, make_topic(area))
    build(clock.today())
    return person


def seen_by(client) -> str:
    response = client.get("/profile/accesses/")
    assert response.status_code == 200
    return response.content.decode().partition('class="wm-rows"')[2].partition("<h2>")[0]


def test_a_page_opened_is_told_with_name_post_and_time(nadia, tom, sign_in):
    with time_machine.travel(dt.datetime(2026, 11, 20, 14, 5, tzinfo=dt.UTC), tick=False):
        sign_in(nadia).get(reverse("cpd_tracking:person", args=[tom.public_id]))

    shown = seen_by(sign_in(tom))

    for words in ("Nadia Ferreira", "SENCO at Otterford Primary", "20 November 2026, 14:05"):
        assert words in shown
    assert "Nadia Ferreira" in sign_in(tom).get("/my-record/").content.decode()
    assert "Ferreira" not in seen_by(sign_in(nadia))


def test_a_status_explained_is_a_look_and_a_cell_of_the_grid_is_none(nadia, tom, sign_in):
    client = sign_in(nadia)
    path = reverse("cpd_tracking:why", args=[Obligation.objects.filter(learner=tom)[0].pk])

    client.get(path, {"part": "1"})
    client.get("/team/")
    client.get("/setting/")
    assert not AuditEvent.objects.filter(verb="person.viewed").exists()

    client.get(path)
    event = AuditEvent.objects.get(verb="person.viewed")
    assert (event.actor, event.subject) == (nadia.public_id, tom.public_id)
    assert event.local_area is not None


def test_the_people_page_and_the_leave_of_somebody_are_looks(nadia, tom, sign_in):
    for name in ("accounts:person", "cpd_tracking:pauses"):
        with time_machine.travel(clock.now() - dt.timedelta(hours=5 if "acc" in name else 2)):
            client = sign_in(nadia)
            assert client.get(reverse(name, args=[tom.public_id])).status_code == 200

    assert AuditEvent.objects.filter(verb="person.viewed", subject=tom.public_id).count() == 2


def test_ones_own_pages_are_no_looks(tom, sign_in):
    client = sign_in(tom)
    client.get(reverse("cpd_tracking:why", args=[Obligation.objects.filter(learner=tom)[0].pk]))
    client.get("/my-record/")

    assert not AuditEvent.objects.exists()
    assert "Nobody yet" in client.get("/profile/accesses/").content.decode()


def test_a_second_visit_within_the_hour_is_listed_once(nadia, tom, sign_in):
    client, path = sign_in(nadia), reverse("cpd_tracking:person", args=[tom.public_id])
    for _ in range(3):
        client.get(path)

    assert seen_by(sign_in(tom)).count("Nadia Ferreira") == 1


def test_what_an_investigation_delays_is_told_on_its_day(area, nadia, tom, sign_in):
    day = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    audit.record(
        actor=nadia,
        verb="record.opened",
        subject=tom,
        local_area=area,
        reason="A complaint was made",
        shown_from=day + dt.timedelta(days=30),
        at=day,
    )
    client = sign_in(tom)

    with time_machine.travel(day + dt.timedelta(days=29)):
        for path in ("/profile/accesses/", "/my-record/"):
            assert "Nadia Ferreira" not in client.get(path).content.decode()
    with time_machine.travel(day + dt.timedelta(days=31)):
        client.force_login(tom)
        shown = seen_by(client)
        assert "Nadia Ferreira" in shown
        assert "“A complaint was made”" in shown


def test_changes_are_no_looks_and_others_looks_are_not_shown(area, nadia, tom, sign_in):
    other = UserFactory(given_name="Somebody", family_name="Elsewhere")
    audit.record(actor=nadia, verb="post.added", subject=tom, local_area=area)
    audit.record(actor=nadia, verb="person.viewed", subject=other, local_area=area)

    assert (
        "Nadia"
        not in sign_in(tom)
        .get("/profile/accesses/")
        .content.decode()
        .partition("<main")[2]
        .partition("</main")[0]
    )


def test_looks_at_an_account_that_was_merged_are_told_too(area, nadia, tom, sign_in):
    before = UserFactory(merged_into=tom, is_active=False)
    audit.record(actor=nadia, verb="person.viewed", subject=before, local_area=area)

    assert "Nadia Ferreira" in seen_by(sign_in(tom))


def test_somebody_erased_is_named_no_more(area, nadia, tom, sign_in):
    audit.record(actor=nadia, verb="person.viewed", subject=tom, local_area=area)
    nadia.erased_at = clock.now()
    nadia.save()

    shown = seen_by(sign_in(tom))

    assert "Ferreira" not in shown
    assert "Somebody who has left" in shown


def test_as_many_queries_for_thirty_looks_as_for_one(area, school, tom, sign_in):
    client = sign_in(tom)
    client.get("/profile/accesses/")
    counts = []
    for number in (1, 29):
        for _ in range(number):
            viewer = PostFactory(organisation=school).person
            RoleGrantFactory(person=viewer, role=Role.AUDITOR, local_area=area)
            audit.record(actor=viewer, verb="person.viewed", subject=tom, local_area=area)
        with CaptureQueriesContext(connection) as seen:
            client.get("/profile/accesses/")
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_a_visitor_is_sent_to_sign_in(area, client):
    assert client.get("/profile/accesses/").status_code == 302


@pytest.mark.browser
def test_is_readable_on_both_screens(area, nadia, tom, browse, accessible, screen):
    audit.record(actor=nadia, verb="person.viewed", subject=tom, local_area=area)
    audit.record(
        actor=nadia, verb="record.opened", subject=tom, local_area=area, reason="As agreed by mail"
    )
    page = browse(tom, screen)
    page.goto("/profile/accesses/")

    assert page.get_by_text("SENCO at Otterford Primary").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    accessible(page)
