"""Certificates: tagged PDF, a code nobody guesses, a public page, re-issue with history."""

from __future__ import annotations

import datetime as dt
import io

import pikepdf
import pytest
import time_machine

from core.documents.fonts import NotWoff, unpack_woff
from cpd_tracking.models import Certificate
from cpd_tracking.services.certificates import (
    UnableToIssueCertificate,
    issue_certificate,
    reissue_certificate,
    revoke_certificate,
)
from cpd_tracking.services.records import record_learning, withdraw_record
from tests.factories.accounts import OrganisationFactory, PostFactory, UserFactory
from tests.factories.courses import make_course
from tests.factories.cpd_tracking import AT, build, learned, make_person_rule

pytestmark = pytest.mark.django_db
D = dt.date


@pytest.fixture
def holder(area):
    return PostFactory(
        organisation=OrganisationFactory(local_area=area),
        person__given_name="Žaneta",
        person__family_name="Akinwale",
    ).person


@pytest.fixture
def certificate(area, holder):
    course = make_course(area, 'Information "governance" #let x = [1]')
    make_person_rule(area, course, "R1")
    build()
    record_learning(
        learned=learned(holder, course, D(2026, 9, 1), course_version_id=course.current_version_id),
        at=AT,
    )
    return Certificate.objects.get()


@time_machine.travel(AT)
def test_the_pdf_is_tagged_and_says_what_it_is(certificate, holder, sign_in):
    response = sign_in(holder).get(f"/certificates/{certificate.code}/download/")
    assert response["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(response.content)) as pdf:
        root = pdf.Root
        assert bool(root.MarkInfo.Marked)
        assert str(root.Lang) == "en-GB"
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert 'Information "governance"' in str(pdf.open_metadata().get("dc:title"))
        assert str(pdf.open_metadata().get("pdfuaid:part")) == "1"
        tags = set(tags_of(root.StructTreeRoot))
    assert {"/H1", "/P", "/Figure", "/Link"} <= tags


def tags_of(node):
    """Every structure type below a node; figures must have words for who cannot see them."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            if str(kid.S) == "/Figure":
                assert str(kid.Alt)
            yield str(kid.S)
            yield from tags_of(kid)


@time_machine.travel(AT)
def test_anyone_checks_a_code_and_sees_what_the_holder_chose(certificate, holder, client, sign_in):
    url = f"/certificates/{certificate.code}/"
    page = client.get(url).content.decode()
    assert "Current" in page
    assert "ŽA" in page
    assert "Akinwale" not in page
    assert client.get(url[:-1] + ".json").json()["state"] == "current"
    sign_in(holder).post(url + "name/", {"name_shown": "full"})
    assert "Žaneta Akinwale" in client.get(url).content.decode()
    spaced = client.get("/certificates/", {"code": certificate.spaced_code.lower()})
    assert spaced["Location"] == url


def test_expired_and_revoked(certificate, client):
    url = f"/certificates/{certificate.code}.json"
    with time_machine.travel(dt.datetime(2027, 9, 1, 12, tzinfo=dt.UTC)):
        assert client.get(url).json()["state"] == "current"  # the last day
    with time_machine.travel(dt.datetime(2027, 9, 2, 12, tzinfo=dt.UTC)):
        assert client.get(url).json()["state"] == "expired"
    revoke_certificate(certificate=certificate, by=UserFactory(), reason="Mistake", at=AT)
    with time_machine.travel(AT):
        page = client.get(url[:-5] + "/").content.decode()
    assert "Revoked" in page
    assert "Mistake" not in page


@time_machine.travel(AT)
def test_an_unknown_code_is_a_clear_404(client, db):
    response = client.get("/certificates/AAAAABBBBBCCCCCDDDDD/")
    assert response.status_code == 404
    assert b"Do not accept it" in response.content
    assert client.get("/certificates/%3Cscript%3E/").status_code == 404
    assert client.get("/certificates/nothing.json").status_code == 404


@time_machine.travel(AT)
def test_checks_are_limited(certificate, client):
    url = f"/certificates/{certificate.code}.json"
    answers = [client.get(url).status_code for _ in range(32)]
    assert answers[:30] == [200] * 30
    assert answers[30:] == [429, 429]


def test_reissue_keeps_history_and_a_withdrawn_record_has_none(certificate, holder):
    fresh = reissue_certificate(certificate=certificate, by=holder, at=AT, name_shown="full")
    certificate.refresh_from_db()
    assert fresh.replaces == certificate
    assert certificate.revoked_at == AT
    with pytest.raises(UnableToIssueCertificate):
        reissue_certificate(certificate=certificate, by=holder, at=AT)
    withdraw_record(source_uid=fresh.record.source_uid, at=AT)
    assert not Certificate.objects.standing().exists()
    with pytest.raises(UnableToIssueCertificate):
        issue_certificate(record=fresh.record, at=AT)


@time_machine.travel(AT)
def test_only_the_holder_downloads(certificate, sign_in, client):
    url = f"/certificates/{certificate.code}/download/"
    assert sign_in(UserFactory()).get(url).status_code == 404
    assert client.get(url)["Location"].startswith("/accounts/login/")


def test_what_is_no_font_is_refused():
    with pytest.raises(NotWoff):
        unpack_woff(b"<html>")
