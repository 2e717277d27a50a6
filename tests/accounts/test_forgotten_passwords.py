"""Somebody without an email address forgot the password: it is taken away, and a new card works."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.enums import JobRole, Role
from accounts.models import AuditEvent
from accounts.services.claim_cards import make_cards
from accounts.services.sign_in import UnableToForgetPassword, forget_password
from core import clock
from tests.factories.accounts import OrganisationFactory, PostFactory, RoleGrantFactory

pytestmark = pytest.mark.django_db
PASSWORD = "twelve sandwiches a week"


@pytest.fixture
def school(area):
    return OrganisationFactory(local_area=area)


@pytest.fixture
def clive(school):
    """A midday supervisor who signs in by name."""
    person = PostFactory(organisation=school, job_role=JobRole.MIDDAY_SUPERVISOR).person
    person.email, person.sign_in_name = None, "clive.amoah"
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def admin(area):
    return RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=area).person


@pytest.fixture
def lead(area, school):
    return RoleGrantFactory(role=Role.SETTING_LEAD, local_area=area, organisation=school).person


def forget(by, person, area):
    forget_password(by=by, person=person, local_area=area, reason="Spoke to him", at=clock.now())


def test_the_old_password_and_sessions_end_and_a_new_card_can_be_printed(
    area, school, clive, admin, lead
):
    client = Client()
    assert client.login(email=None, username="clive.amoah", password=PASSWORD)
    UserSession.objects.create(
        user=clive, session_key=client.session.session_key, ip="192.0.2.1", user_agent="",
        created_at=clock.now() - dt.timedelta(hours=1),
    )  # fmt: skip
    before = make_cards(by=lead, person_ids=[clive.pk], organisation=school, at=clock.now())
    assert before.cards == []

    forget(admin, clive, area)

    clive.refresh_from_db()
    assert not clive.has_usable_password()
    assert not UserSession.objects.filter(user=clive).exists()
    event = AuditEvent.objects.get(verb="sign_in.password_taken_away")
    assert (event.actor, event.subject) == (admin.public_id, clive.public_id)
    after = make_cards(by=lead, person_ids=[clive.pk], organisation=school, at=clock.now())
    assert [card.person for card in after.cards] == [clive]
    assert clive.sign_in_name == "clive.amoah", "the name on the card stays"


def test_whoever_has_an_address_gets_a_link_instead(area, clive, admin):
    clive.email = "clive@otterford.sch.example"
    clive.save()

    with pytest.raises(UnableToForgetPassword, match="Forgotten your password"):
        forget(admin, clive, area)

    clive.refresh_from_db()
    assert clive.check_password(PASSWORD)


def test_neither_the_lead_who_prints_cards_nor_a_neighbour_takes_it_away(
    area, other_area, clive, admin, lead
):
    neighbour = RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=other_area).person
    for by, where in ((lead, area), (clive, area), (neighbour, other_area)):
        with pytest.raises((PermissionDenied, UnableToForgetPassword)):
            forget(by, clive, where)

    clive.refresh_from_db()
    assert clive.check_password(PASSWORD)


def test_it_is_found_beside_the_name_and_asks_for_a_reason(area, clive, admin, sign_in):
    client = sign_in(admin)
    path = reverse("accounts:forget-password", args=[clive.public_id])
    assert path in client.get("/people/sign-in/", {"q": clive.family_name}).content.decode()

    assert client.post(path, {"reason": ""}).status_code == 200
    clive.refresh_from_db()
    assert clive.has_usable_password()

    assert client.post(path, {"reason": "Spoke to him"}).status_code == 302
    clive.refresh_from_db()
    assert not clive.has_usable_password()
