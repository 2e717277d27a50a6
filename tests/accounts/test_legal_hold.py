"""While a hold stands nothing about the person goes, and the person is not told of it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AuditEvent, LegalHold, PrivacyRequest, User
from accounts.privacy.archives import archive_of
from accounts.privacy.holds import (
    UnableToLiftHold,
    UnableToPlaceHold,
    is_held,
    lift_hold,
    place_hold,
)
from accounts.privacy.requests import (
    KEPT_AT_PRESENT,
    UnableToDecide,
    UnableToErase,
    ask_for_erasure,
    carry_out_erasure,
    decide_erasure,
)
from accounts.privacy.retention import dry_run
from core import clock
from tests.factories.accounts import RoleGrantFactory, UserFactory, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ledger(settings, tmp_path):
    settings.ERASURE_LEDGER = tmp_path / "erasures.jsonl"


def holder(area, role):
    person = UserFactory()
    RoleGrantFactory(person=person, role=role, local_area=area)
    return person


@pytest.fixture
def dpo(area):
    return holder(area, Role.DPO)


@pytest.fixture
def admin(area):
    return holder(area, Role.SYSTEM_ADMIN)


@pytest.fixture
def person(area):
    return member_of(area, given_name="Zebedee", family_name="Quillfeather")


def hold(person, dpo, area, basis="Tribunal 6001234/2026"):
    return place_hold(person=person, basis=basis, by=dpo, local_area=area, at=clock.now())


def decide(asked, dpo, approve=True):
    return decide_erasure(
        request=asked, approve=approve, decision="Your words.", by=dpo, at=clock.now()
    )


def test_a_hold_stops_approval_and_what_was_approved_before_it(area, person, dpo, admin):
    asked = ask_for_erasure(person=person, local_area=area, at=clock.now())
    decide(asked, dpo)
    standing = hold(person, dpo, area)

    with pytest.raises(UnableToErase):
        carry_out_erasure(request=asked, by=admin, at=clock.now())

    lift_hold(hold=standing, by=dpo, at=clock.now())
    carry_out_erasure(request=asked, by=admin, at=clock.now())
    person.refresh_from_db()
    assert person.erased_at is not None


def test_a_request_is_not_approved_while_a_hold_stands(area, person, dpo):
    hold(person, dpo, area)
    asked = ask_for_erasure(person=person, local_area=area, at=clock.now())

    with pytest.raises(UnableToDecide):
        decide(asked, dpo)


def test_a_hold_on_a_merged_account_holds_the_person(area, person, dpo):
    merged = UserFactory(merged_into=person, is_active=False)

    hold(merged, dpo, area)

    assert is_held(person)
    assert LegalHold.objects.get().person == person


def test_the_person_learns_nothing_of_the_hold(area, person, dpo, sign_in):
    hold(person, dpo, area)
    client = sign_in(person)
    client.post(reverse("accounts:my-erasure"), {"understood": "on"})
    asked = PrivacyRequest.objects.get()
    shown = sign_in(dpo).get(reverse("accounts:privacy-request", args=[asked.pk]))
    decide_erasure(request=asked, approve=False, decision=KEPT_AT_PRESENT, by=dpo, at=clock.now())

    said = b"".join(
        client.get(reverse(f"accounts:{name}")).content
        for name in ("my-data", "my-erasure", "my-record-json", "accesses")
    )
    archive = zipfile.ZipFile(io.BytesIO(archive_of(person=person, at=clock.now())))
    copied = b"".join(archive.read(name) for name in archive.namelist())

    assert KEPT_AT_PRESENT.encode() in said
    for text in (said, copied):
        assert b"6001234" not in text
        assert b"egal hold" not in text
        assert b"hold.placed" not in text
    assert b"A legal hold stands" in shown.content, "the officer is told"
    assert not AuditEvent.objects.filter(verb="hold.placed", subject=person.public_id).exists()


def test_the_words_to_the_person_do_not_mention_it(area, person, dpo, sign_in):
    hold(person, dpo, area)
    asked = ask_for_erasure(person=person, local_area=area, at=clock.now())

    page = sign_in(dpo).post(
        reverse("accounts:privacy-decide", args=[asked.pk]),
        {"approve": "no", "decision": "There is a Legal hold on you."},
    )

    asked.refresh_from_db()
    assert b"Do not mention a legal hold" in page.content
    assert asked.state == "asked"


def test_an_administrator_under_a_hold_does_not_see_their_own(area, dpo, admin, sign_in):
    hold(admin, dpo, area)

    page = sign_in(admin).get(reverse("accounts:legal-holds"))

    assert b"6001234" not in page.content
    assert b"No hold stands" in page.content


def test_only_the_officer_of_the_area_places_and_lifts(area, other_area, person, dpo, admin):
    foreign = holder(other_area, Role.DPO)
    for stranger in (admin, foreign, holder(area, Role.AUDITOR)):
        with pytest.raises(PermissionDenied):
            hold(person, stranger, area)
    standing = hold(person, dpo, area)
    for stranger in (admin, foreign):
        with pytest.raises(PermissionDenied):
            lift_hold(hold=standing, by=stranger, at=clock.now())


def test_a_hold_is_not_placed_twice_on_oneself_or_on_a_stranger(area, other_area, person, dpo):
    hold(person, dpo, area)

    for whom in (person, dpo, member_of(other_area)):
        with pytest.raises(UnableToPlaceHold):
            hold(whom, dpo, area)


def test_a_hold_is_lifted_once(area, person, dpo):
    standing = hold(person, dpo, area)
    lift_hold(hold=standing, by=dpo, at=clock.now())

    with pytest.raises(UnableToLiftHold):
        lift_hold(hold=standing, by=dpo, at=clock.now())


@pytest.mark.parametrize("said", ["email", "sign_in_name", "public_id"])
def test_the_person_is_found_by_what_identifies_them_exactly(area, person, dpo, sign_in, said):
    person.sign_in_name = "zquill"
    person.save()

    sign_in(dpo).post(
        reverse("accounts:legal-hold-place"),
        {"who": str(getattr(person, said)).upper(), "basis": "A claim"},
    )

    assert LegalHold.objects.get().person == person


@pytest.mark.parametrize("said", ["Quillfeather", "zebedee quillfeather", "@merrowdale.example"])
def test_names_and_parts_of_addresses_find_nobody(area, person, dpo, sign_in, said):
    page = sign_in(dpo).post(
        reverse("accounts:legal-hold-place"), {"who": said, "basis": "A claim"}
    )

    assert b"Nobody in this local area" in page.content
    assert not LegalHold.objects.exists()


def test_somebody_of_the_next_area_is_not_found(area, other_area, dpo, sign_in):
    stranger = member_of(other_area)

    page = sign_in(dpo).post(
        reverse("accounts:legal-hold-place"), {"who": stranger.email, "basis": "A claim"}
    )

    assert b"Nobody in this local area" in page.content


def test_a_childs_number_is_not_taken_as_a_basis(area, person, dpo, sign_in):
    page = sign_in(dpo).post(
        reverse("accounts:legal-hold-place"),
        {"who": person.email, "basis": "About A123456789012 NHS 943 476 5919"},
    )

    assert b"identify a child" in page.content
    assert not LegalHold.objects.exists()


def test_nothing_of_a_held_person_is_due_for_disposal(area, person, dpo):
    long_ago = clock.now() - dt.timedelta(days=400)
    for whose in (person, UserFactory()):
        UserSession.objects.create(
            user=whose,
            ip="192.0.2.1",
            user_agent="x",
            session_key=f"key{whose.pk}",
            last_seen_at=long_ago,
        )
    assert dry_run(clock.today())["sign-in-sessions"][0] == 2

    hold(person, dpo, area)

    assert dry_run(clock.today())["sign-in-sessions"][0] == 1
    assert User.objects.filter(pk=person.pk, erased_at__isnull=True).exists()
