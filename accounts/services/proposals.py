"""A second system administrator takes two people: one proposes, somebody else decides."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import audit
from accounts.enums import Role
from accounts.models import LocalArea, RoleGrant, RoleProposal, User
from accounts.permissions import administrators, can_decide_proposal, is_administrator
from accounts.querysets import in_force
from accounts.services.roles import write_grant
from core import clock


class UnableToPropose(Exception):
    """The person cannot be proposed; the message says why."""


class UnableToDecide(Exception):
    """The proposal cannot be decided; the message says why."""


@transaction.atomic
def propose_administrator(
    *,
    by: User,
    person: User,
    local_area: LocalArea,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    reason: str = "",
    at: dt.datetime,
) -> RoleProposal:
    """Propose a system administrator of the area; an open proposal of the person is returned.

    Raises PermissionDenied, or UnableToPropose where the person is one already or nobody could
    decide.
    """
    LocalArea.objects.select_for_update().get(pk=local_area.pk)
    on = clock.london_date(at)
    if not is_administrator(by, local_area, on):
        raise PermissionDenied
    if by == person:
        raise UnableToPropose("You cannot propose yourself.")
    if starts_on < on:
        raise UnableToPropose("The first day is in the past. Choose today or later.")
    if ends_on is not None and ends_on < starts_on:
        raise UnableToPropose("The last day is before the first.")
    if not person_can_hold(person):
        raise UnableToPropose(f"{person} cannot sign in, and so cannot administer anything.")
    if is_administrator(person, local_area, on):
        raise UnableToPropose(f"{person} is a system administrator already.")
    if not _anyone_to_decide(local_area, on, by, person):
        raise UnableToPropose(
            "Nobody could decide: a proposal needs another system administrator, or a director of "
            "the area. Grant the role of director first."
        )
    waiting = RoleProposal.objects.filter(
        person=person,
        local_area=local_area,
        role=Role.SYSTEM_ADMIN,
        decided_at__isnull=True,
    ).first()
    if waiting is not None:
        return waiting
    proposal = RoleProposal.objects.create(
        person=person,
        local_area=local_area,
        role=Role.SYSTEM_ADMIN,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        proposed_at=at,
        proposed_by=by,
    )
    audit.record(
        actor=by,
        verb="role.proposed",
        obj=proposal,
        subject=person,
        local_area=local_area,
        reason=reason,
        data={"role": proposal.role},
        at=at,
    )
    return proposal


def _anyone_to_decide(local_area: LocalArea, on: dt.date, *apart_from: User) -> bool:
    people = [person.pk for person in apart_from]
    if administrators(local_area, on).exclude(person__in=people).exists():
        return True
    directors = RoleGrant.objects.filter(
        in_force(on),
        role=Role.DIRECTOR,
        local_area=local_area,
        organisation__isnull=True,
        person__is_active=True,
        person__suspended_at__isnull=True,
    )
    return directors.exclude(person__in=people).exists()


@transaction.atomic
def decide_proposal(
    *, by: User, proposal: RoleProposal, approve: bool, at: dt.datetime
) -> RoleProposal:
    """Make the candidate a system administrator, or refuse.

    Raises PermissionDenied (the candidate, the proposer, and who may not decide), or
    UnableToDecide where somebody has decided or the days are over.
    """
    LocalArea.objects.select_for_update().get(pk=proposal.local_area_id)
    proposal = RoleProposal.objects.select_related("person", "local_area").get(pk=proposal.pk)
    on = clock.london_date(at)
    if not can_decide_proposal(by, proposal, on=on):
        raise PermissionDenied
    if proposal.decided_at is not None:
        raise UnableToDecide("Somebody has decided about this proposal already.")
    if approve:
        if not person_can_hold(proposal.person):
            raise UnableToDecide(f"{proposal.person} cannot sign in any more. Refuse the proposal.")
        if proposal.ends_on is not None and proposal.ends_on < on:
            raise UnableToDecide("The last day proposed is over. Refuse the proposal.")
        proposal.grant = write_grant(
            by=by,
            person=proposal.person,
            role=proposal.role,
            local_area=proposal.local_area,
            organisation=None,
            starts_on=max(proposal.starts_on, on),
            ends_on=proposal.ends_on,
            reason=proposal.reason,
            at=at,
        )
    proposal.decided_at, proposal.decided_by = at, by
    proposal.save(update_fields=["decided_at", "decided_by", "grant"])
    audit.record(
        actor=by,
        verb="role.proposal_approved" if approve else "role.proposal_refused",
        obj=proposal,
        subject=proposal.person,
        local_area=proposal.local_area,
        data={"role": proposal.role, "proposed_by": str(proposal.proposed_by.public_id)},
        at=at,
    )
    return proposal


def person_can_hold(person: User) -> bool:
    """Whether the person's account could use a role at all."""
    return person.is_active and person.suspended_at is None
