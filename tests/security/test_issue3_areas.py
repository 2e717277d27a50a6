"""What one area decides is about its own people."""

from __future__ import annotations

import pytest

from accounts.enums import Role
from accounts.models import PrivacyRequest
from accounts.privacy.requests import UnableToAsk, ask_for_erasure
from core import clock
from tests.factories.accounts import RoleGrantFactory, member_of

pytestmark = pytest.mark.django_db

DESKS = (
    "/people/",
    "/people/import/",
    "/people/invitations/",
    "/people/merge/",
    "/people/sign-in/",
    "/roles/",
    "/roles/proposals/",
    "/audit-log/",
    "/records/open/",
    "/sign-in-services/",
    "/privacy/requests/",
    "/organisations/add/",
    "/clusters/add/",
)


def test_the_officers_of_another_area_are_not_asked_to_erase(area, other_area, sign_in):
    """The same session works at the other area's host, whose desk would get the request."""
    person = member_of(area)

    sign_in(person).post(
        "/profile/data/erasure/", {"understood": "on"}, headers={"host": "eastmarch.localhost"}
    )
    with pytest.raises(UnableToAsk):
        ask_for_erasure(person=person, local_area=other_area, at=clock.now())

    assert not PrivacyRequest.objects.exists()


def test_an_officer_puts_in_nothing_for_somebody_who_works_elsewhere_now(area, other_area):
    person = member_of(area)
    officer = RoleGrantFactory(role=Role.DPO, local_area=other_area).person

    with pytest.raises(UnableToAsk):
        ask_for_erasure(person=person, local_area=other_area, at=clock.now(), by=officer)


@pytest.mark.parametrize(
    "role", [Role.SYSTEM_ADMIN, Role.TRAINING_ADMIN, Role.DPO, Role.AUDITOR, Role.DIRECTOR]
)
def test_a_role_over_one_area_opens_no_desk_at_the_host_of_another(area, other_area, sign_in, role):
    client = sign_in(RoleGrantFactory(role=role, local_area=area).person)

    found = {
        path: client.get(path, headers={"host": "eastmarch.localhost"}).status_code
        for path in DESKS
    }

    assert set(found.values()) <= {403, 404}, found
