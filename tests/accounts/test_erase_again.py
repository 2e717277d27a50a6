"""A restored backup brings people back; the ledger, which outlives it, sees them off again."""

from __future__ import annotations

import datetime as dt
import io
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import Erasure, LegalHold, User
from accounts.privacy import ledger
from accounts.privacy.again import erase_again
from accounts.privacy.erasing import erase_person
from core import clock
from tests.factories.accounts import UserFactory
from tests.factories.privacy import NEEDLES, make_known_person, tables_that_say

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ledger(settings, tmp_path):
    settings.ERASURE_LEDGER = tmp_path / "erasures.jsonl"


def erase(person):
    """Erase, and write the ledger as the end of the transaction would."""
    at = clock.now()
    erase_person(person=person, by=None, local_area=None, at=at)
    ledger.append((each.public_id, at) for each in Erasure.objects.all())


@pytest.mark.django_db(transaction=True)
def test_whoever_a_restored_backup_brings_back_is_erased_again(area, tmp_path):
    person = make_known_person(area)
    dump = tmp_path / "backup.json"
    call_command("dumpdata", output=str(dump), verbosity=0)
    erase_person(person=person, by=None, local_area=None, at=clock.now())
    assert tables_that_say(*NEEDLES) == []

    _restore(dump)
    assert User.objects.get(pk=person.pk).family_name == "Quillfeather", "the backup has them"
    assert not Erasure.objects.exists()
    outcome = erase_again(at=clock.now())

    assert person.public_id in outcome.again
    assert tables_that_say(*NEEDLES) == []
    assert Erasure.objects.filter(public_id=person.public_id).exists()
    assert erase_again(at=clock.now()).again == [], "a second run finds nothing to do"


def _restore(dump):
    """Empty every table, the permissions and content types too, and load the backup."""
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
    with connection.cursor() as cursor:
        assert connection.introspection.table_names(cursor)
    call_command("loaddata", str(dump), verbosity=0)


def test_a_dry_run_says_who_is_back_and_erases_nobody(area):
    person = UserFactory(given_name="Ada")
    ledger.append([(person.public_id, clock.now())])
    out = io.StringIO()

    call_command("erase_again", "--dry-run", stdout=out)

    person.refresh_from_db()
    assert person.given_name == "Ada"
    assert "1 are back and would be erased again" in out.getvalue()
    assert str(person.public_id) in out.getvalue()
    assert "Ada" not in out.getvalue()


def test_another_ledger_can_be_named_and_must_exist(area, tmp_path):
    person = UserFactory(given_name="Ada")
    other = tmp_path / "kept-elsewhere.jsonl"
    ledger.append([(person.public_id, clock.now())], to=other)

    call_command("erase_again", "--ledger", str(other))

    person.refresh_from_db()
    assert person.erased_at is not None
    with pytest.raises(CommandError):
        call_command("erase_again", "--ledger", str(tmp_path / "none.jsonl"))


def test_a_line_cut_short_and_somebody_unknown_do_no_harm(area):
    person = UserFactory()
    ledger.append([(uuid.uuid4(), clock.now()), (person.public_id, clock.now())])
    with ledger.path().open("a") as file:
        file.write('{"public_id": "cut sho')

    outcome = erase_again(at=clock.now())

    assert (len(outcome.again), outcome.unknown) == (1, 1)


def test_a_hold_that_the_backup_brings_back_does_not_stop_it(area):
    person = UserFactory()
    LegalHold.objects.create(
        person=person, local_area=area, basis="A claim", placed_at=clock.now(), placed_by=person
    )
    ledger.append([(person.public_id, clock.now())])

    outcome = erase_again(at=clock.now())

    assert outcome.again == [person.public_id], "it had been lifted before they were erased"


def test_somebody_who_is_erased_still_is_left_alone(area):
    person = UserFactory()
    erase(person)
    first = Erasure.objects.get().erased_at

    outcome = erase_again(at=clock.now() + dt.timedelta(days=1))

    assert (outcome.again, outcome.standing) == ([], 1)
    assert Erasure.objects.get().erased_at == first
