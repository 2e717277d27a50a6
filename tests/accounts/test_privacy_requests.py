"""Asking for erasure, deciding it, carrying it out: three different people, and nobody else."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import PrivacyRequestKind, PrivacyRequestState, Role
from accounts.models import AuditEvent, PrivacyRequest
from accounts.privacy.holds import UnableToPlaceHold, place_hold
from accounts.privacy.requests import (
    UnableToAsk,
    UnableToDecide,
    UnableToErase,
    ask_for_erasure,
    carry_out_erasure,
    decide_erasure,
    due_on,
    withdraw_erasure,
)
from core import clock
from tests.factories.accounts import PostFactory, RoleGrantFactory, UserFactory, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ledger(settings, tmp_path):
    settings.ERASURE_LEDGER = tmp_path / "erasures.jsonl"


def holder(area, role, **fields):
    person = UserFactory(**fields)
    RoleGrantFactory(person=person, role=role, local_area=area)
    return person


@pytest.fixture
def dpo(area):
    return holder(area, Role.DPO, given_name="Dora", family_name="Penhale")


@pytest.fixture
def admin(area):
    return holder(area, Role.SYSTEM_ADMIN, given_name="Wendell", family_name="Moss")


@pytest.fixture
def person(area):
    return member_of(area, given_name="Zebedee", family_name="Quillfeather")


@pytest.fixture
def asked(area, person):
    return ask_for_erasure(person=person, local_area=area, at=clock.now())


def approve(asked, dpo, **fields):
    return decide_erasure(
        **{
            "request": asked,
            "approve": True,
            "decision": "You left, and nothing stands against it.",
            "by": dpo,
            "at": clock.now(),
        }
        | fields
    )


# --- The way it goes -----------------------------------------------------------------------------


def test_a_person_asks_the_officer_approves_and_an_administrator_erases(
    area, person, dpo, admin, sign_in
):
    address = person.email
    own, desk, office = sign_in(person), sign_in(dpo), sign_in(admin)

    own.post(reverse("accounts:my-erasure"), {"understood": "on"})
    asked = PrivacyRequest.objects.get(kind=PrivacyRequestKind.ERASURE)
    listed = desk.get(reverse("accounts:privacy-requests"))
    desk.post(
        reverse("accounts:privacy-decide", args=[asked.pk]),
        {"approve": "yes", "decision": "You left in July."},
    )
    told = own.get(reverse("accounts:my-data"))
    office.post(reverse("accounts:privacy-carry-out", args=[asked.pk]))

    asked.refresh_from_db()
    person.refresh_from_db()
    assert b"Zebedee Quillfeather" in listed.content
    assert b"You left in July." in told.content
    assert asked.state == PrivacyRequestState.DONE
    assert (asked.decided_by, asked.done_by) == (dpo, admin)
    assert person.erased_at is not None
    assert own.get(reverse("accounts:my-data")).status_code == 302, "the session has ended"
    after = desk.get(reverse("accounts:privacy-requests"), {"show": "answered"})
    assert b"Quillfeather" not in after.content
    assert b"Former colleague" in after.content
    assert address not in str(PrivacyRequest.objects.values().get(pk=asked.pk))


def test_the_person_is_mailed_what_was_decided_and_that_it_is_done(
    asked, person, dpo, admin, django_capture_on_commit_callbacks
):
    address = person.email

    with django_capture_on_commit_callbacks(execute=True):
        approve(asked, dpo)
    with django_capture_on_commit_callbacks(execute=True):
        carry_out_erasure(request=asked, by=admin, at=clock.now())

    assert [message.to for message in mail.outbox] == [[address], [address]]
    assert "nothing stands against it" in mail.outbox[0].body
    assert "is erased, as you asked" in mail.outbox[1].body


def test_a_refusal_is_told_with_its_reason_and_how_to_complain(asked, person, dpo, sign_in):
    approve(asked, dpo, approve=False, decision="You still work here.")

    page = sign_in(person).get(reverse("accounts:my-data"))

    assert b"You still work here." in page.content
    assert b"Information Commissioner" in page.content
    person.refresh_from_db()
    assert person.erased_at is None


def test_asked_twice_it_is_one_request(area, asked, person):
    again = ask_for_erasure(person=person, local_area=area, at=clock.now())

    assert again == asked
    assert PrivacyRequest.objects.count() == 1


def test_a_request_can_be_withdrawn_until_it_is_carried_out(asked, person, dpo, admin):
    approve(asked, dpo)

    withdraw_erasure(person=person, at=clock.now())

    asked.refresh_from_db()
    assert asked.state == PrivacyRequestState.WITHDRAWN
    with pytest.raises(UnableToErase):
        carry_out_erasure(request=asked, by=admin, at=clock.now())
    with pytest.raises(UnableToAsk):
        withdraw_erasure(person=person, at=clock.now())


def test_a_leaver_without_a_post_asks_and_withdraws(area, sign_in):
    leaver = UserFactory()
    PostFactory(
        person=leaver,
        organisation__local_area=area,
        ends_on=clock.today() - dt.timedelta(days=30),
    )
    client = sign_in(leaver)

    client.post(reverse("accounts:my-erasure"), {"understood": "on"})
    assert PrivacyRequest.objects.get().state == PrivacyRequestState.ASKED
    client.post(reverse("accounts:my-erasure-withdraw"))

    assert PrivacyRequest.objects.get().state == PrivacyRequestState.WITHDRAWN


def test_nothing_is_asked_without_having_read_it(person, sign_in):
    page = sign_in(person).post(reverse("accounts:my-erasure"), {})

    assert b"Tick the box" in page.content
    assert not PrivacyRequest.objects.exists()


def test_the_officer_puts_in_a_request_for_somebody_who_cannot_sign_in(area, dpo, sign_in):
    gone = member_of(area, is_active=False, email="gone@school.example")

    sign_in(dpo).post(reverse("accounts:privacy-request-new"), {"who": "GONE@school.example"})

    asked = PrivacyRequest.objects.get()
    assert (asked.person, asked.asked_by) == (gone, dpo)


def test_nobody_but_the_officer_puts_in_a_request_for_somebody(area, person, admin, sign_in):
    response = sign_in(admin).post(
        reverse("accounts:privacy-request-new"), {"who": str(person.public_id)}
    )

    assert response.status_code == 404
    assert not PrivacyRequest.objects.exists()


# --- Whom it takes -------------------------------------------------------------------------------


def test_nobody_decides_about_their_own_request(area, dpo):
    own = ask_for_erasure(person=dpo, local_area=area, at=clock.now())

    with pytest.raises(UnableToDecide):
        approve(own, dpo)


def test_whoever_approved_it_does_not_carry_it_out(area, asked, dpo):
    RoleGrantFactory(person=dpo, role=Role.SYSTEM_ADMIN, local_area=area)
    approve(asked, dpo)

    with pytest.raises(UnableToErase):
        carry_out_erasure(request=asked, by=dpo, at=clock.now())


def test_the_database_itself_wants_two_people(asked, dpo):
    with pytest.raises(IntegrityError), transaction.atomic():
        PrivacyRequest.objects.filter(pk=asked.pk).update(decided_by=dpo, done_by=dpo)


def test_nothing_is_carried_out_before_it_is_approved(asked, admin):
    with pytest.raises(UnableToErase):
        carry_out_erasure(request=asked, by=admin, at=clock.now())


def test_a_decision_is_not_taken_twice(asked, dpo):
    approve(asked, dpo, approve=False)

    with pytest.raises(UnableToDecide):
        approve(asked, dpo)


def test_an_administrator_does_not_decide_and_an_officer_does_not_carry_out(asked, dpo, admin):
    with pytest.raises(PermissionDenied):
        approve(asked, admin)
    approve(asked, dpo)
    with pytest.raises(PermissionDenied):
        carry_out_erasure(request=asked, by=dpo, at=clock.now())


def test_a_role_over_one_setting_or_in_the_next_area_opens_nothing(
    area, other_area, asked, person, sign_in
):
    school = person.posts.get().organisation
    of_a_school = UserFactory()
    RoleGrantFactory(person=of_a_school, role=Role.DPO, local_area=area, organisation=school)
    elsewhere = holder(other_area, Role.DPO)
    page = reverse("accounts:privacy-request", args=[asked.pk])

    for stranger in (of_a_school, elsewhere, member_of(area)):
        assert sign_in(stranger).get(page).status_code == 404
        assert sign_in(stranger).get(reverse("accounts:privacy-requests")).status_code == 404
        with pytest.raises(PermissionDenied):
            approve(asked, stranger)


def test_an_auditor_reads_and_does_nothing(area, asked, sign_in):
    client = sign_in(holder(area, Role.AUDITOR))

    page = client.get(reverse("accounts:privacy-request", args=[asked.pk]))
    response = client.post(
        reverse("accounts:privacy-decide", args=[asked.pk]), {"approve": "yes", "decision": "Yes"}
    )

    assert page.status_code == 200
    assert b"What do you decide?" not in page.content
    assert response.status_code == 403


def test_the_last_system_administrator_of_an_area_is_not_erased(area, other_area, dpo, admin):
    last_there = holder(area, Role.SYSTEM_ADMIN)
    RoleGrantFactory(person=last_there, role=Role.SYSTEM_ADMIN, local_area=other_area)
    asked = ask_for_erasure(person=last_there, local_area=area, at=clock.now())
    approve(asked, dpo)

    with pytest.raises(UnableToErase, match="Eastmarch"):
        carry_out_erasure(request=asked, by=admin, at=clock.now())

    holder(other_area, Role.SYSTEM_ADMIN)
    carry_out_erasure(request=asked, by=admin, at=clock.now())
    last_there.refresh_from_db()
    assert last_there.erased_at is not None


# --- The list ------------------------------------------------------------------------------------


def test_an_answer_is_due_within_one_month(asked):
    asked.asked_at = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)

    assert due_on(asked) == dt.date(2026, 2, 28)


def test_what_is_overdue_comes_first_and_says_so(area, dpo, sign_in):
    now = clock.now()
    for name, days in (("Late", 40), ("Soon", 20), ("New", 0)):
        ask_for_erasure(
            person=member_of(area, family_name=name),
            local_area=area,
            at=now - dt.timedelta(days=days),
        )

    page = sign_in(dpo).get(reverse("accounts:privacy-requests")).content.decode()

    assert page.index("Late") < page.index("Soon") < page.index("New")
    assert page.count("Overdue: waits for a decision") == 1


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_asks_the_same_few_questions_however_long(area, dpo, sign_in, number):
    for _ in range(number):
        ask_for_erasure(person=member_of(area), local_area=area, at=clock.now())
    client = sign_in(dpo)
    client.get(reverse("accounts:privacy-requests"))

    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(reverse("accounts:privacy-requests"))

    assert len(queries) == LIST_QUERIES


LIST_QUERIES = 9


def test_the_audit_log_says_who_asked_who_decided_and_who_did_it(asked, person, dpo, admin):
    approve(asked, dpo)
    carry_out_erasure(request=asked, by=admin, at=clock.now())

    events = AuditEvent.objects.filter(verb__startswith="erasure.").order_by("pk")
    assert [(event.verb, event.actor) for event in events] == [
        ("erasure.asked", person.public_id),
        ("erasure.approved", dpo.public_id),
        ("erasure.done", admin.public_id),
    ]


# --- At once -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("on_postgres")
def test_a_hold_and_an_erasure_at_once_one_of_them_wins(area, asked, person, dpo, admin):
    approve(asked, dpo)
    outcomes: dict[str, str] = {}
    ready = threading.Barrier(2)

    def at_once(name, work, refusal):
        ready.wait()
        try:
            work()
            outcomes[name] = "done"
        except refusal:
            outcomes[name] = "refused"
        finally:
            connection.close()

    threads = [
        threading.Thread(
            target=at_once,
            args=(
                "erasure",
                lambda: carry_out_erasure(request=asked, by=admin, at=clock.now()),
                UnableToErase,
            ),
        ),
        threading.Thread(
            target=at_once,
            args=(
                "hold",
                lambda: place_hold(
                    person=person, basis="A claim", by=dpo, local_area=area, at=clock.now()
                ),
                UnableToPlaceHold,
            ),
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes.values()) == ["done", "refused"]
