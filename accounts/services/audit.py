"""Verify the audit log, and hand it out; both are written down in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import structlog
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from accounts import access, audit
from accounts.audit.verification import VERIFIED, Verdict, verify
from accounts.enums import Role
from accounts.models import AuditEvent, LocalArea, User
from accounts.selectors.audit_log import LogFilters
from core import clock

logger = structlog.get_logger("accounts.audit")


def verify_audit(
    *,
    since: int = 0,
    expected: Sequence[tuple[int, str]] = (),
    is_noted: bool = True,
    at: dt.datetime,
) -> Verdict:
    """Walk the chain and return what was found; an event says that it was done, unless told not to.

    Findings go to the log as errors too: whoever can change the table can change the event.
    """
    verdict = verify(since=since, expected=expected, at=at)
    if verdict.faults:
        logger.error(
            "audit_does_not_fit",
            faults=verdict.faults,
            first=verdict.findings[0].words,
            head=str(verdict.head),
        )
    if is_noted:
        audit.record(
            actor=None,
            verb=VERIFIED,
            data={
                "checked": verdict.checked,
                "since": since,
                "faults": verdict.faults,
                "head": str(verdict.head),
            },
            at=at,
        )
    return verdict


def record_export(
    *,
    by: User,
    local_area: LocalArea,
    events: QuerySet[AuditEvent],
    filters: LogFilters,
    at: dt.datetime,
) -> AuditEvent:
    """Write down that an auditor takes these events away; raises PermissionDenied for others."""
    if not access.has_role(by, Role.AUDITOR, on=clock.london_date(at), local_area=local_area):
        raise PermissionDenied
    return audit.record(
        actor=by,
        verb="audit.exported",
        local_area=local_area,
        data={"rows": events.order_by().count(), **filters.as_data()},
        at=at,
    )
