"""A copy of everything: all kinds there are, for the person alone, for seven days."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts import audit
from accounts.enums import PrivacyRequestState, Role
from accounts.models import AuditEvent, PrivacyRequest, User
from accounts.privacy import archives
from accounts.privacy import requests as privacy_requests
from accounts.privacy.erasing import erase_person
from accounts.privacy.requests import ask_for_copy, complete_copy, download_copy
from core import clock, registry
from core.models import Outbox
from tests.factories.accounts import RoleGrantFactory, UserFactory
from tests.factories.privacy import make_known_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept_here(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ERASURE_LEDGER = tmp_path / "erasures.jsonl"


@pytest.fixture
def person(area):
    return make_known_person(area)


def read(content):
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {name: archive.read(name).decode() for name in archive.namelist()}


def files_of(person):
    return read(archives.archive_of(person=person, at=clock.now()))


def test_every_kind_that_is_held_is_in_the_copy(person):
    files = files_of(person)

    for entry in registry.personal_data():
        if entry.withheld or not entry.is_about_them:
            continue
        if not entry.rows_of(person.pk).exists():
            continue
        name = f"held/{entry.title.lower().replace(' ', '-')}.json"
        assert name in files, entry.title
        assert len(json.loads(files[name])) >= entry.rows_of(person.pk).count()
        assert f"{entry.title}\n" in files["README.txt"]


def test_answers_and_messages_are_in_it_and_the_right_answers_are_not(person):
    files = files_of(person)

    answers = json.loads(files["held/answers-to-quizzes.json"])
    assert answers[0]["answers"]
    assert "paper" not in answers[0]
    assert "What works?" in files["held/messages.json"]
    assert '"correct"' not in "".join(files.values())


def test_secrets_are_not_in_it(person):
    everything = "".join(files_of(person).values())

    assert person.password not in everything
    assert "secret_digest" not in everything
    assert "key_hash" not in everything


def test_it_says_what_was_done_by_whom_in_which_role_and_no_name(area, person):
    admin = UserFactory(given_name="Wendell", family_name="Mossbank")
    RoleGrantFactory(person=admin, role=Role.SYSTEM_ADMIN, local_area=area)
    at = clock.now()
    audit.record(actor=admin, verb="post.ended", subject=person, reason="Left in July", at=at)
    audit.record(actor=None, verb="person.synchronised", subject=person, at=at)
    audit.record(actor=person, verb="profile.opened", subject=person, at=at)
    audit.record(
        actor=admin,
        verb="record.opened",
        subject=person,
        shown_from=at + dt.timedelta(days=30),
        at=at,
    )

    said = files_of(person)["what-was-done-about-you.json"]

    events = {event["what"]: event for event in json.loads(said)}
    assert events["post.ended"]["by"] == "System administrator"
    assert events["post.ended"]["reason"] == "Left in July"
    assert events["person.synchronised"]["by"] == "Waymark"
    assert events["profile.opened"]["by"] == "You"
    assert "Mossbank" not in said
    assert said.count("record.opened") == 1, "a notice that the law delays is not told early"


def test_nobody_elses_name_is_in_it_but_the_line_managers(person):
    everything = "".join(files_of(person).values())
    manager = person.posts.get().line_manager

    for other in User.objects.exclude(pk__in=[person.pk, manager.pk]).exclude(merged_into=person):
        assert other.family_name not in everything
        if other.email:
            assert other.email not in everything


def test_one_press_makes_it_and_the_person_takes_it(person, sign_in):
    client = sign_in(person)

    page = client.post(reverse("accounts:my-copy-make"), follow=True)

    asked = PrivacyRequest.objects.filter(person=person).latest("pk")
    assert asked.state == PrivacyRequestState.DONE
    assert asked.asked_by == person
    assert b"Your copy is ready" in page.content
    response = client.get(reverse("accounts:my-copy", args=[asked.pk]))
    assert "README.txt" in read(response.content)
    assert "no-store" in response["Cache-Control"]
    assert AuditEvent.objects.filter(verb="copy.downloaded", actor=person.public_id).exists()


def test_nobody_else_takes_it_whatever_their_role(area, person, sign_in):
    asked = ask_for_copy(person=person, local_area=area, at=clock.now())
    strangers = [UserFactory()]
    for role in (Role.DPO, Role.SYSTEM_ADMIN, Role.AUDITOR):
        stranger = UserFactory()
        RoleGrantFactory(person=stranger, role=role, local_area=area)
        strangers.append(stranger)

    for stranger in strangers:
        path = reverse("accounts:my-copy", args=[asked.pk])
        assert sign_in(stranger).get(path).status_code == 404
        with pytest.raises(PermissionDenied):
            download_copy(request=asked, by=stranger, at=clock.now())


def test_rights_are_asked_again_when_it_is_taken(area, person):
    asked = ask_for_copy(person=person, local_area=area, at=clock.now())
    User.objects.filter(pk=person.pk).update(is_active=False)

    with pytest.raises(PermissionDenied):
        download_copy(request=asked, by=person, at=clock.now())


def test_and_when_it_is_made(area, person, monkeypatch):
    monkeypatch.setattr(privacy_requests, "MOST_AT_ONCE", 0)
    asked = ask_for_copy(person=person, local_area=area, at=clock.now())
    User.objects.filter(pk=person.pk).update(is_active=False)

    assert complete_copy(request_id=asked.pk, at=clock.now()) is False


def test_it_is_there_for_seven_days_and_then_deleted(
    area, person, django_capture_on_commit_callbacks
):
    at = clock.now()
    asked = ask_for_copy(person=person, local_area=area, at=at)
    week = dt.timedelta(days=archives.KEPT_DAYS)

    assert download_copy(request=asked, by=person, at=at + week) is not None
    late = at + week + dt.timedelta(seconds=1)
    assert download_copy(request=asked, by=person, at=late) is None
    promise = Outbox.objects.get(kind="privacy.copy_ends")
    assert promise.available_at == at + week
    with django_capture_on_commit_callbacks(execute=True):
        archives.forget([asked.pk])
    assert archives.open_copy(asked, at=at) is None


def test_much_of_it_is_gathered_by_a_worker(
    area, person, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(privacy_requests, "MOST_AT_ONCE", 3)

    with django_capture_on_commit_callbacks(execute=True):
        asked = ask_for_copy(person=person, local_area=area, at=clock.now())
        assert asked.state == PrivacyRequestState.ASKED
        again = ask_for_copy(person=person, local_area=area, at=clock.now())
        assert again == asked

    asked.refresh_from_db()
    assert asked.state == PrivacyRequestState.DONE
    assert complete_copy(request_id=asked.pk, at=clock.now()) is False, "once is enough"


def test_a_copy_goes_with_the_person(area, person, django_capture_on_commit_callbacks):
    at = clock.now()
    asked = ask_for_copy(person=person, local_area=area, at=at)

    with django_capture_on_commit_callbacks(execute=True):
        erase_person(person=person, by=None, local_area=None, at=at)

    assert archives.open_copy(asked, at=at) is None


def test_the_name_of_the_file_is_not_guessed_from_its_number(settings):
    first = archives.name_of(1)
    settings.SECRET_KEY = "another"

    assert archives.name_of(1) != first
