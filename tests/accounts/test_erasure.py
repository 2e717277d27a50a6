"""Erasure leaves what must stay provable, without a name, and nothing else."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from wagtail.models import UploadedFile

from accounts.audit.sealing import seal
from accounts.audit.verification import verify
from accounts.enums import Role
from accounts.models import AuditEvent, Erasure, Post, RoleGrant, User
from accounts.privacy import ledger
from accounts.privacy.copies import ids_of
from accounts.privacy.erasing import erase_person
from core import clock, registry
from courses.models import Attempt, Completion, QuizSitting
from cpd_tracking.models import Certificate, LearningRecord, Obligation
from networks.models import Message
from tests.factories.accounts import RoleGrantFactory, UserFactory
from tests.factories.privacy import (
    NEEDLES,
    make_known_person,
    tables_that_say,
)

pytestmark = pytest.mark.django_db

# Kinds of which the product writes nothing for people: Wagtail's own models of media.
NEVER_USED = {"wagtailimages.Image", "wagtaildocs.Document"}


@pytest.fixture(autouse=True)
def _ledger(settings, tmp_path):
    settings.ERASURE_LEDGER = tmp_path / "erasures.jsonl"


@pytest.fixture
def person(area):
    return make_known_person(area)


def erase(person, **fields):
    return erase_person(
        **{"person": person, "by": None, "local_area": None, "at": clock.now()} | fields
    )


def test_the_person_of_these_tests_is_known_everywhere(person):
    unknown = [
        f"{entry.model}.{entry.field}"
        for entry in registry.personal_data()
        if entry.is_about_them
        and entry.model not in NEVER_USED
        and not entry.rows_of(*ids_of(person)).exists()
    ]

    assert unknown == [], "let tests/factories/privacy.py make some"


def test_no_table_says_who_it_was(person, django_capture_on_commit_callbacks):
    assert len(tables_that_say(*NEEDLES)) > 30, "the search finds what there is"
    upload = UploadedFile.objects.get(uploaded_by_user=person).file.name
    assert default_storage.exists(upload)

    with django_capture_on_commit_callbacks(execute=True):
        erase(person)

    assert tables_that_say(*NEEDLES) == []
    assert not default_storage.exists(upload)


def test_what_an_employer_must_show_stays_under_a_pseudonym(person):
    records = LearningRecord.objects.filter(person=person)
    hours = sorted(records.values_list("title", "occurred_on", "hours"))
    completions = Completion.objects.filter(person=person).count()
    score = Attempt.objects.get(person=person).scaled

    erase(person)

    person.refresh_from_db()
    assert person.get_full_name() == f"Former colleague {str(person.public_id)[:8]}"
    assert person.erased_at is not None
    assert not person.is_active
    assert not person.has_usable_password()
    assert sorted(records.values_list("title", "occurred_on", "hours")) == hours
    assert hours
    assert Completion.objects.filter(person=person).count() == completions == 1
    assert Attempt.objects.get(person=person).scaled == score is not None
    assert Certificate.objects.filter(person=person).exists()
    assert QuizSitting.objects.get(attempt__person=person).answers is None


def test_a_message_stays_in_its_conversation_without_its_author(person):
    erase(person)

    message = Message.objects.get(author=person)
    assert message.body == "What works?"
    assert str(message.author).startswith("Former colleague")


def test_posts_roles_and_memberships_end_with_the_erasure(person, area):
    lent = RoleGrantFactory(
        person=UserFactory(),
        role=Role.SETTING_LEAD,
        local_area=area,
        delegated_from=RoleGrant.objects.get(person=person),
        ends_on=clock.today() + dt.timedelta(days=30),
    )
    today = clock.today()

    erase(person)

    post = Post.objects.get(person=person)
    assert post.ends_on == today
    assert (post.title, post.staff_number, post.line_manager) == ("", "", None)
    assert RoleGrant.objects.get(person=person).ends_on == today
    assert person.memberships.get().ends_on == today
    lent.refresh_from_db()
    assert lent.ends_on == today, "what was handed on ends with it"
    assert not Post.objects.filter(line_manager=person).exists()


def test_what_follows_from_the_posts_is_worked_out_again(person):
    assert Obligation.objects.filter(learner=person).exists()

    erase(person)

    open_still = Obligation.objects.current(clock.today() + dt.timedelta(days=1))
    assert not open_still.filter(learner=person).exists()


def test_accounts_merged_into_it_are_the_same_person_and_go_with_it(person):
    merged = User.objects.get(merged_into=person)

    erase(person)

    merged.refresh_from_db()
    assert merged.email is None
    assert merged.erased_at is not None
    assert Erasure.objects.filter(public_id=merged.public_id).exists()


def test_erasing_a_merged_account_erases_the_person(person):
    merged = User.objects.get(merged_into=person)

    erase(merged)

    person.refresh_from_db()
    assert person.erased_at is not None


def test_nobody_else_is_touched(person, area):
    other = UserFactory(given_name="Zebedee", family_name="Thorne", email="thorne@school.example")
    namesake_rows = {each.pk: (each.given_name, each.email) for each in User.objects.all()}
    gone = set(ids_of(person))

    erase(person)

    after = {each.pk: (each.given_name, each.email) for each in User.objects.all()}
    assert {pk: row for pk, row in after.items() if pk not in gone} == {
        pk: row for pk, row in namesake_rows.items() if pk not in gone
    }
    assert other.pk in after


def test_the_audit_chain_still_verifies_after_an_erasure(person):
    at = clock.now()
    seal(at=at, whole=True)
    about_them = AuditEvent.objects.filter(subject=person.public_id).exclude(reason_digest="")
    assert about_them.exists()
    before = verify(at=at)

    erase(person)
    seal(at=clock.now(), whole=True)

    after = verify(at=clock.now())
    assert (before.faults, after.faults) == (0, 0)
    assert after.checked > before.checked
    assert not about_them.exclude(reason="").exists()
    assert AuditEvent.objects.filter(verb="erasure.done", subject=person.public_id).exists()


def test_the_erasure_itself_tells_numbers_and_a_pseudonym_only(person):
    erasure = erase(person)

    assert erasure.public_id == person.public_id
    assert erasure.rows["delete"]["account.EmailAddress"] == 2
    assert erasure.rows["clear"]["accounts.Post"] == 2
    assert erasure.rows["keep"]["cpd_tracking.LearningRecord"] >= 1
    assert erasure.rows["trace"]["accounts.staff_imports"] == 1


def test_a_line_is_in_the_ledger_once_the_transaction_is_through(
    person, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        erase(person)

    said = [json.loads(line) for line in ledger.path().read_text().splitlines()]
    assert {line["public_id"] for line in said} == {
        str(each.public_id) for each in User.objects.filter(pk__in=ids_of(person))
    }
    assert all(set(line) == {"public_id", "erased_at"} for line in said)
    assert ledger.unwritten() == []


def test_an_erasure_that_the_ledger_lacks_is_warned_of_and_written_by_the_command(person):
    erase(person)  # its transaction is never through, so the file has nothing yet
    assert len(ledger.unwritten()) == 2

    call_command("erase_again")

    assert ledger.unwritten() == []
