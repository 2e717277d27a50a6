"""What is refused leaves a trace: never too many of them, and nothing of what was sent."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import AuditEvent
from tests.factories.accounts import OrganisationFactory, PostFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tom(area):
    return PostFactory(organisation=OrganisationFactory(local_area=area)).person


def refusals(what: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(verb=f"refused.{what}"))


def test_a_post_that_is_not_permitted(area, tom, sign_in):
    client = sign_in(tom)
    client.get("/records/open/")
    assert refusals("permission") == [], "a GET is refused without a trace"

    client.post("/records/open/", {"whom": "secret@words.example"})

    (event,) = refusals("permission")
    assert (event.actor, event.local_area) == (tom.public_id, area)
    assert event.data == {"route": "records/open/"}


def test_the_pattern_is_kept_and_not_the_address(area, tom, sign_in):
    sign_in(tom).post(f"/records/{tom.public_id}/")

    (event,) = refusals("permission")
    assert event.data == {"route": "records/<uuid:public_id>/"}


def test_never_more_than_twenty_an_hour_and_the_last_says_so(area, tom, sign_in):
    client = sign_in(tom)
    for _ in range(25):
        client.post("/records/open/")

    events = AuditEvent.objects.filter(verb="refused.permission").order_by("pk")
    assert events.count() == 20
    assert [event.data.get("more_are_not_recorded") for event in events] == [None] * 19 + [True]


def test_an_old_form_is_no_refusal_of_rights(area, tom):

    client = Client(enforce_csrf_checks=True)
    client.force_login(tom)

    assert client.post("/records/open/").status_code == 403
    assert refusals("permission") == []


def test_a_certificate_code_nobody_issued(area, client):
    for path in ("/certificates/FORGED123/", "/certificates/FORGED123.json"):
        assert client.get(path).status_code == 404

    events = refusals("certificate_code")
    assert len(events) == 2
    assert "FORGED123" not in str([event.data for event in events])


def test_too_many_requests(area, client):
    for _ in range(40):
        client.get("/certificates/NOTACODE/")

    assert refusals("too_many")


def test_too_many_tries_to_sign_in(area, client, tom):
    for guess in range(8):
        client.post("/accounts/login/", {"login": tom.email, "password": f"wrong {guess}"})

    events = refusals("too_many_sign_ins")
    assert events
    assert tom.email not in str([event.data for event in events])


def test_a_file_that_is_not_what_it_says(area, sign_in, tom):

    client = sign_in(tom)
    upload = SimpleUploadedFile("secret-name.pdf", b"<html><script>1</script></html>")
    response = client.post("/resources/submit/", {"title": "A guide", "file": upload})

    assert response.status_code == 200
    (event,) = refusals("upload")
    assert event.data == {"route": "resources/submit/", "bytes": 31, "files": 1}
    assert event.actor == tom.public_id
