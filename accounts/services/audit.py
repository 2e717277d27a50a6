"""Verify the audit log and write down that it was done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import structlog

from accounts import audit
from accounts.audit.verification import Verdict, verify

logger = structlog.get_logger("accounts.audit")

VERIFIED = "audit.verified"


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
