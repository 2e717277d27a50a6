"""The audit log is readable by who answers for it, in words, area by area, at a constant cost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import audit
from accounts.enums import Role
from tests.factories.accounts import OrganisationFactory, RoleGrantFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(area):
    person = UserFactory(given_name="Hester", family_name="Quaye")
    RoleGrantFactory(person=person, role=Role.AUDITOR, local_area=area)
    return person


def test_says_who_did_what_to_whom_and_why_in_ones_own_area(area, other_area, auditor, sign_in):
    nadia = UserFactory(given_name="Nadia", family_name="Ferreira")
    tom = UserFactory(given_name="Tom", family_name="Akinwale")
    school = OrganisationFactory(local_area=area)
    audit.record(
        actor=nadia, verb="post.added", obj=school, subject=tom, local_area=area, reason="New here"
    )
    audit.record(actor=nadia, verb="secret.elsewhere", local_area=other_area)
    page = sign_in(auditor).get("/audit-log/").content.decode()
    for words in ("Post: added", "Nadia Ferreira", "Tom Akinwale", "New here"):
        assert words in page
    assert "elsewhere" not in page


def test_the_filter_keeps_one_kind_of_event(area, auditor, sign_in):
    audit.record(actor=None, verb="course.published", local_area=area)
    audit.record(actor=None, verb="role.granted", local_area=area, reason="A new lead")
    page = sign_in(auditor).get("/audit-log/", {"verb": "course.published"}).content.decode()
    assert "Waymark, or a visitor" in page
    assert "A new lead" not in page


def test_a_teacher_does_not_read_it(area, sign_in):
    assert sign_in(UserFactory()).get("/audit-log/").status_code == 403


def test_asks_as_often_for_thirty_events_as_for_one(area, auditor, sign_in):
    client = sign_in(auditor)
    client.get("/audit-log/")
    counts = []
    for number in (1, 29):
        for _ in range(number):
            audit.record(
                actor=UserFactory(), verb="post.added", subject=UserFactory(), local_area=area
            )
        with CaptureQueriesContext(connection) as seen:
            client.get("/audit-log/")
        counts.append(len(seen))
    assert counts[0] == counts[1]
