"""Invitations by mail: who may send them, to whom, and what the database learns."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.enums import Role
from accounts.invitation_secrets import token_digest
from accounts.models import AuditEvent, Invitation, User
from accounts.services.invitations import Invited, invite_people, withdraw_invitation
from core import clock, outbox
from core.models import Outbox
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LINK = re.compile(r"https?://\S+/join/link/(\S+)/")


@pytest.fixture
def school(area):
    return OrganisationFactory(name="Otterford Primary", local_area=area)


@pytest.fixture
def lead(area, school):
    person = PostFactory(organisation=school, person__given_name="Nadia").person
    RoleGrantFactory(person=person, role=Role.SETTING_LEAD, local_area=area, organisation=school)
    return person


@pytest.fixture
def newcomer(school):
    """A teaching assistant who was imported: no password, not active yet."""
    person = UserFactory(
        given_name="Tom", family_name="Akinwale", email="tom@otterford.example", is_active=False
    )
    PostFactory(person=person, organisation=school)
    return person


def sent_link() -> str:
    """The path of the link in the mail sent last."""
    found = LINK.search(str(mail.outbox[-1].body))
    assert found is not None
    return f"/join/link/{found.group(1)}/"


@pytest.fixture
def invite(lead, school, django_capture_on_commit_callbacks):
    """Return a function that invites people and lets the outbox deliver."""

    def _invite(*people, at=None) -> Invited:
        with django_capture_on_commit_callbacks(execute=True):
            return invite_people(
                by=lead,
                person_ids=[person.pk for person in people],
                organisation=school,
                at=at or clock.now(),
            )

    return _invite


def test_the_person_gets_a_link_and_the_database_only_its_digest(invite, newcomer, lead):
    result = invite(newcomer)

    assert result == Invited(sent=1)
    assert mail.outbox[0].to == ["tom@otterford.example"]
    assert lead.get_full_name() in mail.outbox[0].body
    token = sent_link().split("/")[3]
    invitation = Invitation.objects.get()
    assert invitation.secret_digest == token_digest(token)
    assert token not in str(list(Invitation.objects.values()))
    assert token not in str(list(Outbox.objects.values()))
    assert token not in str(list(AuditEvent.objects.values()))
    assert (invitation.expires_at - invitation.made_at).days == 14


def test_what_the_link_was_made_from_is_forgotten_with_the_mail(invite, newcomer):
    invite(newcomer)

    promise = Outbox.objects.get(kind="accounts.invitation")
    assert promise.done_at is not None
    assert promise.payload == {}
    assert outbox.deliver(promise.pk, at=clock.now()) is True
    assert len(mail.outbox) == 1


def test_a_link_of_another_key_is_not_mailed(
    lead, school, newcomer, settings, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks():
        invite_people(by=lead, person_ids=[newcomer.pk], organisation=school, at=clock.now())
    settings.SECRET_KEY = "another key altogether"
    promise = Outbox.objects.get(kind="accounts.invitation")

    done = outbox.deliver(promise.pk, at=clock.now())

    assert done is False
    assert mail.outbox == []
    promise.refresh_from_db()
    assert "LinkIsOfAnotherKey" in promise.last_error


def test_inviting_again_makes_the_earlier_link_useless(invite, newcomer, client):
    at = clock.now()
    invite(newcomer, at=at - dt.timedelta(days=1))
    first = sent_link()

    invite(newcomer, at=at)

    assert sent_link() != first
    assert client.get(first).status_code == 410
    assert client.get(sent_link()).status_code == 200
    assert Invitation.objects.open(at).count() == 1


def test_pressing_twice_sends_one_mail(invite, newcomer):
    at = clock.now()

    results = [invite(newcomer, at=at), invite(newcomer, at=at + dt.timedelta(seconds=20))]

    assert [result.sent for result in results] == [1, 0]
    assert results[1].just_sent == 1
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("way", ["password", "service"])
def test_whoever_can_sign_in_is_not_invited_and_keeps_their_password(invite, newcomer, way):
    newcomer.is_active = True
    if way == "password":
        newcomer.set_password("correct horse battery staple")
    else:
        SocialAccount.objects.create(user=newcomer, provider="otterford", uid="tid:oid")
    newcomer.save()
    before = newcomer.password

    result = invite(newcomer)

    assert result == Invited(signed_in_already=1)
    assert mail.outbox == []
    newcomer.refresh_from_db()
    assert newcomer.password == before


@pytest.mark.parametrize("gone", ["suspended_at", "erased_at"])
def test_whoever_is_shut_out_is_not_let_in_by_an_invitation(invite, newcomer, gone):
    User.objects.filter(pk=newcomer.pk).update(**{gone: clock.now()})

    assert invite(newcomer).sent == 0


def test_people_without_an_address_are_told_apart(invite, newcomer, school):
    without = PostFactory(organisation=school, person__email=None).person

    assert invite(newcomer, without) == Invited(sent=1, without_address=1)


def test_an_address_another_account_has_proved_is_invited_by_nobody(invite, newcomer):
    owner = UserFactory()
    EmailAddress.objects.create(user=owner, email=newcomer.email, verified=True)

    assert invite(newcomer) == Invited(address_taken=1)


def test_nobody_invites_for_a_setting_they_do_not_lead(lead, area, newcomer):
    sibling = OrganisationFactory(local_area=area)
    elsewhere = PostFactory(organisation=sibling).person

    with pytest.raises(PermissionDenied):
        invite_people(by=lead, person_ids=[elsewhere.pk], organisation=sibling, at=clock.now())
    assert not Invitation.objects.exists()


def test_one_foreign_person_refuses_them_all(lead, area, school, newcomer):
    elsewhere = PostFactory(organisation__local_area=area).person

    with pytest.raises(PermissionDenied):
        invite_people(
            by=lead,
            person_ids=[newcomer.pk, elsewhere.pk],
            organisation=school,
            at=clock.now(),
        )
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("starts_in", "allowed"), [(0, True), (59, True), (61, False)], ids=["now", "soon", "later"]
)
def test_people_are_invited_up_to_sixty_days_before_they_start(
    lead, school, today, starts_in, allowed
):
    starter = PostFactory(
        organisation=school, starts_on=today + dt.timedelta(days=starts_in)
    ).person
    arguments = {
        "by": lead,
        "person_ids": [starter.pk],
        "organisation": school,
        "at": clock.now(),
    }
    if allowed:
        assert invite_people(**arguments).sent == 1
    else:
        with pytest.raises(PermissionDenied):
            invite_people(**arguments)


def test_whoever_has_left_is_not_invited(lead, school, today):
    leaver = PostFactory(organisation=school, ends_on=today - dt.timedelta(days=1)).person

    with pytest.raises(PermissionDenied):
        invite_people(by=lead, person_ids=[leaver.pk], organisation=school, at=clock.now())


def test_a_withdrawn_invitation_opens_nothing_and_is_not_mailed(
    lead, school, newcomer, client, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as promises:
        invite_people(by=lead, person_ids=[newcomer.pk], organisation=school, at=clock.now())
    withdraw_invitation(by=lead, invitation=Invitation.objects.get(), at=clock.now())

    for promise in promises:
        promise()

    assert mail.outbox == []
    assert AuditEvent.objects.filter(verb="invitation.withdrawn").count() == 1


def test_only_who_leads_the_setting_withdraws(newcomer, invite, area):
    invite(newcomer)
    other = PostFactory(organisation__local_area=area).person
    RoleGrantFactory(
        person=other,
        role=Role.SETTING_LEAD,
        local_area=area,
        organisation=other.posts.get().organisation,
    )

    with pytest.raises(PermissionDenied):
        withdraw_invitation(by=other, invitation=Invitation.objects.get(), at=clock.now())


# --- Screens --------------------------------------------------------------------------------------


def test_the_lead_sees_how_many_have_signed_in(lead, school, newcomer, sign_in, invite):
    lead.set_password("correct horse battery staple")
    lead.save()
    invite(newcomer)

    page = sign_in(lead).get("/people/invitations/", follow=True)

    assert page.redirect_chain[-1][0] == f"/people/invitations/{school.pk}/"
    assert b"1 of 2 have signed in" in page.content
    assert b"tom@otterford.example" in page.content


def test_a_lead_reaches_no_other_setting_by_its_number(lead, area, sign_in):
    other = PostFactory(organisation__local_area=area)
    client = sign_in(lead)

    assert client.get(f"/people/invitations/{other.organisation.pk}/").status_code == 404
    response = client.post(
        "/people/invite/",
        {"organisation": other.organisation.pk, "person": str(other.person.public_id)},
    )
    assert response.status_code == 404


def test_a_role_in_another_area_opens_nothing_here(area, other_area, school, sign_in):
    foreign = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=other_area).person

    client = sign_in(foreign)

    assert client.get("/people/invitations/").status_code == 403
    assert client.get(f"/people/invitations/{school.pk}/").status_code == 403


@pytest.mark.parametrize(
    "sent",
    [
        {"person": "nobody"},
        {"person": "00000000-0000-4000-8000-000000000000"},
        {"organisation": "x"},
        {"organisation": "9" * 40},
        {"organisation": ""},
    ],
)
def test_what_is_not_there_is_answered_404(lead, school, newcomer, sign_in, sent):
    values = {"organisation": school.pk, "person": str(newcomer.public_id)} | sent

    for path in ("/people/invite/", "/people/cards/"):
        assert sign_in(lead).post(path, values).status_code == 404
    assert not Invitation.objects.exists()


def test_the_screen_invites_and_says_what_it_did(
    lead, school, newcomer, sign_in, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        page = sign_in(lead).post(
            reverse("accounts:invite-people"),
            {"organisation": school.pk, "person": str(newcomer.public_id)},
            follow=True,
        )

    assert b"1 invitation is on the way" in page.content
    assert len(mail.outbox) == 1


def test_invitations_of_another_employer_are_not_told(lead, school, newcomer, area, sign_in):
    other = OrganisationFactory(local_area=area)
    PostFactory(person=newcomer, organisation=other)
    head = PostFactory(organisation=other).person
    RoleGrantFactory(person=head, role=Role.SETTING_LEAD, local_area=area, organisation=other)
    invite_people(by=head, person_ids=[newcomer.pk], organisation=other, at=clock.now())

    page = sign_in(lead).get(f"/people/invitations/{school.pk}/?state=waiting")

    assert b"Tom Akinwale" not in page.content


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_takes_as_many_queries_for_thirty_as_for_one(
    lead, school, sign_in, invite, number, django_assert_num_queries
):
    people = [PostFactory(organisation=school).person for _ in range(number)]
    invite(*people)
    client = sign_in(lead)
    client.get(f"/people/invitations/{school.pk}/")

    with django_assert_num_queries(LIST_QUERIES):
        client.get(f"/people/invitations/{school.pk}/")


@pytest.mark.parametrize("number", [2, 30])
def test_the_overview_takes_as_many_queries_for_thirty_as_for_two(
    area, sign_in, number, django_assert_num_queries
):
    administrator = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person
    for _ in range(number):
        PostFactory(organisation__local_area=area)
    client = sign_in(administrator)
    client.get("/people/invitations/")

    with django_assert_num_queries(OVERVIEW_QUERIES):
        page = client.get("/people/invitations/")
    assert f"0 of {number} people have signed in".encode() in page.content


LIST_QUERIES = 11
OVERVIEW_QUERIES = 8
