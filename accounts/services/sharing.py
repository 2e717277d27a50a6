"""An employer decides, as controller, that who oversees it may see its people's names.

The decision has a purpose and dates, and can be withdrawn at any time; without one a trust, a
council or an NHS trust sees numbers. Reach follows from it in `accounts.access`.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from accounts import access, audit
from accounts.enums import OrganisationKind, OrganisationStatus
from accounts.models import Organisation, SharingDecision, User
from accounts.permissions import can_decide_sharing
from core import clock

# Who may oversee an employer. A school, a nursery or a board never oversees another.
OVERSEEING_KINDS = (
    OrganisationKind.TRUST,
    OrganisationKind.LOCAL_AUTHORITY,
    OrganisationKind.LA_TEAM,
    OrganisationKind.SOCIAL_CARE_TEAM,
    OrganisationKind.NHS_PROVIDER,
    OrganisationKind.ICB,
)
MOST_YEARS = 3


class UnableToShare(Exception):
    """The decision cannot be recorded; the message says why, `field` where."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class UnableToWithdrawSharing(Exception):
    """The decision cannot be withdrawn; the message says why."""


def possible_overseers(employer: Organisation) -> QuerySet[Organisation]:
    """Return the open organisations of the area an employer may share with: never its own."""
    return (
        Organisation.objects.filter(local_area=employer.local_area_id, kind__in=OVERSEEING_KINDS)
        .exclude(status=OrganisationStatus.CLOSED)
        .exclude(pk__in=access.with_teams_below([employer.pk]))
    )


@transaction.atomic
def record_sharing(
    *,
    by: User,
    employer: Organisation,
    overseer: Organisation,
    purpose: str,
    starts_on: dt.date,
    ends_on: dt.date,
    at: dt.datetime,
) -> SharingDecision:
    """Record that the employer shares names with the overseer, for a purpose, between two days.

    Raises PermissionDenied or UnableToShare.
    """
    employer = Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=employer.pk)
    today = clock.london_date(at)
    if not can_decide_sharing(by, employer, on=today):
        raise PermissionDenied
    if not possible_overseers(employer).filter(pk=overseer.pk).exists():
        raise UnableToShare("Choose a trust, a council or an NHS organisation.", "overseer")
    if not purpose.strip():
        raise UnableToShare("Say what for.", "purpose")
    if starts_on < today:
        raise UnableToShare("The first day must be today or later.", "starts_on")
    if ends_on < starts_on:
        raise UnableToShare("The last day is before the first.", "ends_on")
    if ends_on > starts_on + dt.timedelta(days=366 * MOST_YEARS):
        raise UnableToShare(f"Decide for {MOST_YEARS} years at most, then again.", "ends_on")
    overlapping = SharingDecision.objects.of(employer).filter(
        overseer=overseer,
        withdrawn_at__isnull=True,
        starts_on__lte=ends_on,
        ends_on__gte=starts_on,
    )
    if overlapping.exists():
        raise UnableToShare(
            f"You share with {overseer} on some of these days already. Withdraw that first.",
            "overseer",
        )
    decision = SharingDecision.objects.create(
        employer=employer,
        overseer=overseer,
        purpose=purpose.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        recorded_at=at,
        recorded_by=by,
    )
    _record("sharing.decided", by, decision, at)
    return decision


@transaction.atomic
def withdraw_sharing(*, by: User, decision: SharingDecision, at: dt.datetime) -> SharingDecision:
    """Withdraw a decision at once; raises PermissionDenied or UnableToWithdrawSharing."""
    decision = (
        SharingDecision.objects.select_for_update(of=("self",))
        .select_related("employer__local_area", "overseer")
        .get(pk=decision.pk)
    )
    if not can_decide_sharing(by, decision.employer, on=clock.london_date(at)):
        raise PermissionDenied
    if decision.withdrawn_at is not None:
        raise UnableToWithdrawSharing("This has been withdrawn already.")
    decision.withdrawn_at, decision.withdrawn_by = at, by
    decision.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _record("sharing.withdrawn", by, decision, at)
    return decision


def _record(verb: str, by: User, decision: SharingDecision, at: dt.datetime) -> None:
    audit.record(
        actor=by,
        verb=verb,
        obj=decision,
        organisation=decision.employer,
        local_area=decision.employer.local_area,
        data={
            "overseer": decision.overseer_id,
            "starts_on": decision.starts_on.isoformat(),
            "ends_on": decision.ends_on.isoformat(),
        },
        at=at,
    )
