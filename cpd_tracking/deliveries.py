"""What the outbox delivers for cpd_tracking: each handler is one service call, safe to repeat."""

from __future__ import annotations

from typing import Any

from core import clock
from core.outbox import handles
from cpd_tracking.services.digests import mail_digest
from cpd_tracking.services.nudges import mail_nudge


@handles("cpd.digest")
def deliver_digest(payload: dict[str, Any]) -> None:
    """Mail one weekly digest."""
    mail_digest(digest_id=payload["digest_id"], at=clock.now())


@handles("cpd.nudge")
def deliver_nudge(payload: dict[str, Any]) -> None:
    """Mail one nudge."""
    mail_nudge(nudge_ids=payload["nudge_ids"], at=clock.now())
