"""The record a person takes along: their own, as PDF and as JSON, as the page about it says."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from pathlib import Path

import pikepdf
import pytest
from django.urls import reverse

from accounts.privacy.copies import portable_record, sections_of
from core import clock, registry
from cpd_tracking.services.records import record_learning, withdraw_record
from tests.factories.accounts import PostFactory, UserFactory
from tests.factories.cpd_tracking import learned, make_topic
from tests.factories.privacy import make_known_person

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).parents[2] / "docs/privacy/portable-record.md"


@pytest.fixture
def person(area):
    return make_known_person(area)


def carried():
    return [entry.carried for entry in registry.personal_data() if entry.carried is not None]


def test_the_json_holds_posts_learning_certificates_networks_and_resources(person, sign_in):
    response = sign_in(person).get(reverse("accounts:my-record-json"))

    said = json.loads(response.content)
    assert (said["format"], said["version"]) == ("waymark-portable-record", "1.0")
    assert said["person"]["family_name"] == "Quillfeather"
    assert said["posts"][0]["employer"] == "Otterford Primary"
    assert said["posts"][0]["role"] == "Teaching assistant"
    assert {row["hours"] for row in said["learning_records"]} >= {"1.00"}
    assert all(
        re.fullmatch(r"\d{4}-\d\d-\d\d", r["completed_on"]) for r in said["learning_records"]
    )
    assert said["certificates"][0]["verify_at"].endswith(
        f"/certificates/{said['certificates'][0]['code']}/"
    )
    assert said["networks"][0]["network"] == "Primary SENCO Forum"
    assert said["resources"][0]["title"] == "Graded return"
    assert response["Content-Disposition"] == 'attachment; filename="learning-record.json"'
    assert "no-store" in response["Cache-Control"]


def test_the_address_of_a_certificate_answers(person, client):
    row = portable_record(person=person, at=clock.now())["certificates"][0]

    path = "/" + row["verify_at"].split("/", 3)[3]

    assert client.get(path).status_code == 200


def test_every_section_and_key_is_described(person):
    page = PAGE.read_text()
    said = portable_record(person=person, at=clock.now())

    for section in carried():
        assert f"`{section.key}`" in page
        assert section.key in said
        for column in section.columns:
            assert f"`{column.key}`" in page, f"{section.key}.{column.key}"
    assert set(said) == {"format", "version", "made_at", "made_by", "person"} | {
        section.key for section in carried()
    }


def test_what_was_withdrawn_or_corrected_is_left_out(area):
    person = UserFactory()
    topic = make_topic(area, "Fire safety")
    day = clock.today() - dt.timedelta(days=3)
    record_learning(learned=learned(person, topic, day), at=clock.now())
    record_learning(
        learned=learned(person, topic, day, title="A mistake", source_uid="test:wrong"),
        at=clock.now(),
    )
    withdraw_record(source_uid="test:wrong", at=clock.now())

    rows = portable_record(person=person, at=clock.now())["learning_records"]

    assert [row["title"] for row in rows] == ["Fire safety"]


def test_nobody_elses_record_or_name_is_in_it(area, person, sign_in):
    others = [PostFactory(organisation__local_area=area).person for _ in range(3)]
    manager = person.posts.get().line_manager

    said = sign_in(person).get(reverse("accounts:my-record-json")).content.decode()

    assert manager.family_name in said, "a person knows their own line manager"
    for other in others:
        assert other.family_name not in said
        assert other.email not in said


def test_the_pdf_is_tagged_and_says_what_the_json_says(person, sign_in):
    response = sign_in(person).get(reverse("accounts:my-record-pdf"))

    pdf = pikepdf.open(io.BytesIO(response.content))
    assert response["Content-Type"] == "application/pdf"
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "en-GB"
    assert "Zebedee Quillfeather" in str(pdf.docinfo["/Title"])
    links = [
        str(note.A.URI) for page in pdf.pages for note in page.get("/Annots", []) if "/A" in note
    ]
    code = portable_record(person=person, at=clock.now())["certificates"][0]["code"]
    assert any(code in link for link in links), "a certificate leads to where it is checked"


def test_a_person_with_nothing_recorded_gets_a_record_that_says_so(area, sign_in):
    newcomer = UserFactory()
    client = sign_in(newcomer)

    assert client.get(reverse("accounts:my-record-pdf")).content.startswith(b"%PDF")
    said = json.loads(client.get(reverse("accounts:my-record-json")).content)
    assert said["posts"] == said["learning_records"] == []


def test_the_record_of_a_merged_account_is_part_of_it(area, person):
    topic = make_topic(area, "First aid")
    merged = UserFactory(merged_into=person, is_active=False)
    record_learning(learned=learned(merged, topic, clock.today()), at=clock.now())

    titles = [
        row["title"] for row in portable_record(person=person, at=clock.now())["learning_records"]
    ]

    assert "First aid" in titles


@pytest.mark.parametrize("name", ["my-data", "my-record-pdf", "my-record-json", "my-erasure"])
def test_a_visitor_is_asked_to_sign_in(area, client, name):
    assert client.get(reverse(f"accounts:{name}")).status_code == 302


def test_hours_are_summed_up(person):
    section = next(each for each in sections_of(person) if each.key == "learning_records")

    assert section.total == sum(float(row["hours"]) for row in section.rows)
