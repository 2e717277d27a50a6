"""Two people make a system administrator: neither of them the candidate."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from accounts.enums import Role
from accounts.models import AuditEvent, RoleGrant, RoleProposal, User
from accounts.permissions import can_decide_proposal, is_administrator
from accounts.services.proposals import (
    UnableToDecide,
    UnableToPropose,
    decide_proposal,
    propose_administrator,
)
from tests.factories.accounts import OrganisationFactory, RoleGrantFactory, UserFactory

AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
ON = AT.date()
DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(area):
    return RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=area).person


@pytest.fixture
def second(area):
    return RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=area).person


@pytest.fixture
def director(area):
    return RoleGrantFactory(role=Role.DIRECTOR, local_area=area).person


def propose(area, by: User, person: User | None = None, **more) -> RoleProposal:
    return propose_administrator(
        **{
            "by": by,
            "person": person or UserFactory(),
            "local_area": area,
            "starts_on": ON,
            "reason": "Cover",
            "at": AT,
        }
        | more
    )


def test_another_administrator_agrees_and_the_candidate_administers(area, admin, second):
    proposal = propose(area, admin)

    decide_proposal(by=second, proposal=proposal, approve=True, at=AT + DAY)

    proposal.refresh_from_db()
    assert is_administrator(proposal.person, area, ON + DAY)
    assert proposal.grant.starts_on == ON + DAY, "not before it was decided"
    assert proposal.grant.granted_by == second
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert verbs == {"role.proposed", "role.granted", "role.proposal_approved"}


def test_neither_the_proposer_nor_the_candidate_decides(area, admin, second, director):
    proposal = propose(area, admin, person=director)

    for person in (admin, director):
        assert not can_decide_proposal(person, proposal, on=ON)
        with pytest.raises(PermissionDenied):
            decide_proposal(by=person, proposal=proposal, approve=True, at=AT)
    assert not is_administrator(director, area, ON)


def test_where_there_is_one_administrator_a_director_decides(area, admin, director):
    proposal = propose(area, admin)

    decide_proposal(by=director, proposal=proposal, approve=True, at=AT)

    assert is_administrator(proposal.person, area, ON)


def test_where_there_are_two_the_director_does_not(area, admin, second, director):
    proposal = propose(area, admin)

    with pytest.raises(PermissionDenied):
        decide_proposal(by=director, proposal=proposal, approve=True, at=AT)


def test_a_director_or_administrator_elsewhere_does_not(area, other_area, admin, director):
    proposal = propose(area, admin)
    school = OrganisationFactory(local_area=area)
    for grant in (
        RoleGrantFactory(role=Role.DIRECTOR, local_area=other_area),
        RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=other_area),
        RoleGrantFactory(role=Role.DIRECTOR, local_area=area, organisation=school),
        RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area),
    ):
        with pytest.raises(PermissionDenied):
            decide_proposal(by=grant.person, proposal=proposal, approve=True, at=AT)


def test_refusing_makes_nobody_an_administrator(area, admin, second):
    proposal = propose(area, admin)

    decide_proposal(by=second, proposal=proposal, approve=False, at=AT)

    proposal.refresh_from_db()
    assert (proposal.decided_by, proposal.grant) == (second, None)
    assert not RoleGrant.objects.filter(person=proposal.person).exists()
    assert AuditEvent.objects.filter(verb="role.proposal_refused").exists()


def test_a_decision_is_made_once(area, admin, second):
    proposal = propose(area, admin)
    decide_proposal(by=second, proposal=proposal, approve=False, at=AT)

    with pytest.raises(UnableToDecide, match="already"):
        decide_proposal(by=second, proposal=proposal, approve=True, at=AT)


def test_whoever_was_suspended_meanwhile_is_not_made_one(area, admin, second):
    proposal = propose(area, admin)
    User.objects.filter(pk=proposal.person_id).update(suspended_at=AT)

    with pytest.raises(UnableToDecide, match="cannot sign in"):
        decide_proposal(by=second, proposal=proposal, approve=True, at=AT)


def test_only_an_administrator_of_the_whole_area_proposes(area, other_area, director):
    school = OrganisationFactory(local_area=area)
    for grant in (
        RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area),
        RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=other_area),
        RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=area, organisation=school),
    ):
        with pytest.raises(PermissionDenied):
            propose(area, grant.person)


def test_nobody_proposes_themselves_or_somebody_who_is_one(area, admin, second):
    with pytest.raises(UnableToPropose, match="yourself"):
        propose(area, admin, person=admin)
    with pytest.raises(UnableToPropose, match="already"):
        propose(area, admin, person=second)


def test_where_nobody_could_decide_it_is_said_at_once(area, admin):
    with pytest.raises(UnableToPropose, match="Nobody could decide"):
        propose(area, admin)

    assert not RoleProposal.objects.exists()


def test_a_person_is_proposed_once_at_a_time(area, admin, second):
    first = propose(area, admin)

    assert propose(area, second, person=first.person) == first
