"""The administration: each keeper finds their rooms, and every door they are shown opens."""

from __future__ import annotations

import pytest

from accounts.enums import Role
from accounts.models import RoleProposal
from core import clock
from tests.factories.accounts import OrganisationFactory, RoleGrantFactory, UserFactory
from website.administration import SECTIONS, administration_of

pytestmark = pytest.mark.django_db

KEEPERS = (Role.SYSTEM_ADMIN, Role.TRAINING_ADMIN, Role.DPO, Role.AUDITOR)


@pytest.mark.parametrize("role", KEEPERS)
def test_every_room_that_is_offered_opens(area, sign_in, role):
    OrganisationFactory(local_area=area)
    client = sign_in(RoleGrantFactory(local_area=area, role=role).person)

    offered = [e for section in administration_of(area, {role}) for e in section.entries]

    assert offered
    for entry in offered:
        assert client.get(entry.url).status_code == 200, entry.route


def test_it_opens_to_keepers_of_the_whole_area_only(area, other_area, sign_in):
    for role in Role.values:
        client = sign_in(RoleGrantFactory(local_area=area, role=role).person)
        expected = 200 if role in KEEPERS else 403
        assert client.get("/administration/").status_code == expected, role
    school = OrganisationFactory(local_area=area)
    of_a_school = RoleGrantFactory(local_area=area, role=Role.TRAINING_ADMIN, organisation=school)
    assert sign_in(of_a_school.person).get("/administration/").status_code == 403
    neighbour = RoleGrantFactory(local_area=other_area, role=Role.SYSTEM_ADMIN)
    assert sign_in(neighbour.person).get("/administration/").status_code == 403


def test_what_waits_is_said_to_whoever_may_decide_it(area, other_area, sign_in):
    admin = RoleGrantFactory(local_area=area, role=Role.SYSTEM_ADMIN).person
    for where in (area, other_area):
        RoleProposal.objects.create(
            person=UserFactory(),
            local_area=where,
            role=Role.SYSTEM_ADMIN,
            starts_on=clock.today(),
            proposed_at=clock.now(),
            proposed_by=UserFactory(),
        )

    assert "1 to decide" in sign_in(admin).get("/administration/").content.decode()


def test_no_room_is_offered_twice():
    routes = [entry.route for section in SECTIONS for entry in section.entries]

    assert len(set(routes)) == len(routes)
