"""Open the record of a person one does not see otherwise: with a reason, which that person reads.

System administrators and auditors see nobody's training by role (design: security, R†). Opening
is an audit event; what it opens stays open for an hour.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts import access, audit
from accounts.audit.events import OPENED
from accounts.enums import Role
from accounts.models import AuditEvent, LocalArea, Post, RoleGrant, User
from core import clock
from core.pupil_identifiers import scan

OPENERS = (Role.SYSTEM_ADMIN, Role.AUDITOR)
SHORTEST_REASON = 10
LONGEST_DELAY = dt.timedelta(days=90)


class UnableToOpenRecord(Exception):
    """The record is not opened; the message says why, `field` which answer is at fault."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def open_record(
    *,
    by: User,
    whom: str,
    local_area: LocalArea,
    reason: str,
    tell_on: dt.date | None = None,
    reference: str = "",
    at: dt.datetime,
) -> AuditEvent:
    """Open one person's record for an hour; return the event, whose subject they are.

    `whom` is an exact email address, staff number or public id. `tell_on` is the day the person is
    told, at most 90 days ahead and with a reference; else they are told at once. Raises
    PermissionDenied or UnableToOpenRecord.
    """
    today = clock.london_date(at)
    if not may_open_records(by, local_area, today):
        raise PermissionDenied
    reason, reference = reason.strip(), reference.strip()
    if len(reason) < SHORTEST_REASON:
        raise UnableToOpenRecord(
            f"Say why in {SHORTEST_REASON} characters or more. The person reads this.", "reason"
        )
    for field, text in (("reason", reason), ("reference", reference)):
        if any(finding.must_hold for finding in scan(text)):
            raise UnableToOpenRecord(
                "Remove the pupil or NHS number. Never name a child here.", field
            )
    _check_delay(tell_on, reference, today)
    person = _the_one(whom.strip(), local_area)
    if person == by:
        raise UnableToOpenRecord("This is you. Your own record is always open to you.", "whom")
    return audit.record(
        actor=by,
        verb=OPENED,
        obj=person,
        subject=person,
        local_area=local_area,
        reason=f"{reason} (reference {reference})" if reference else reason,
        shown_from=timezone.make_aware(dt.datetime.combine(tell_on, dt.time()))
        if tell_on
        else None,
        at=at,
    )


def may_open_records(user: User, local_area: LocalArea, on: dt.date) -> bool:
    """Whether the person is a system administrator or auditor of the whole area that day."""
    return access.areas_with_role(user, OPENERS, on).filter(pk=local_area.pk).exists()


def _check_delay(tell_on: dt.date | None, reference: str, today: dt.date) -> None:
    if tell_on is None:
        if reference:
            raise UnableToOpenRecord(
                "Enter the day to tell the person, or leave the reference out.", "tell_on"
            )
        return
    if not today < tell_on <= today + LONGEST_DELAY:
        last = today + LONGEST_DELAY
        raise UnableToOpenRecord(
            f"The day must be after today and not after {last:%-d %B %Y}.", "tell_on"
        )
    if not reference:
        raise UnableToOpenRecord(
            "Enter the reference of the investigation that asks for the delay.", "reference"
        )


def _the_one(whom: str, local_area: LocalArea) -> User:
    """Find exactly one person of the area; nothing is found by a part of a name."""
    found = list(_people_of(local_area).filter(_exactly(whom, local_area))[:2]) if whom else []
    if not found:
        raise UnableToOpenRecord(
            f"Nobody in {local_area} has exactly this email address, staff number or id.", "whom"
        )
    if len(found) > 1:
        raise UnableToOpenRecord(
            "Two people have this staff number, with two employers. Use the email address.", "whom"
        )
    return found[0]


def _exactly(whom: str, local_area: LocalArea) -> Q:
    try:
        return Q(public_id=UUID(whom))
    except ValueError:
        pass
    if "@" in whom:
        return Q(email__iexact=whom)
    numbered = Post.objects.filter(
        person=OuterRef("pk"),
        organisation__local_area=local_area,
        staff_number__iexact=whom,
    )
    return Q(Exists(numbered))


def _people_of(local_area: LocalArea) -> QuerySet[User]:
    """Whoever holds or held a post or a role in the area, and was not erased."""
    post = Post.objects.filter(person=OuterRef("pk"), organisation__local_area=local_area)
    grant = RoleGrant.objects.filter(person=OuterRef("pk"), local_area=local_area)
    return User.objects.filter(Exists(post) | Exists(grant), erased_at__isnull=True)
