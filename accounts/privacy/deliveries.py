"""What the outbox delivers for privacy; each is safe to repeat."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounts.models import Erasure
from accounts.privacy import archives, ledger
from accounts.privacy.erasing import LEDGER
from accounts.privacy.mail import tell_decision
from accounts.privacy.requests import COPY, COPY_ENDS, TELL, complete_copy
from accounts.privacy.retention import DISPOSE, carry_out_run
from core import clock
from core.outbox import handles


@handles(COPY)
def make_copy(payload: dict[str, Any]) -> None:
    """Gather a copy that was too much for one request."""
    complete_copy(request_id=payload["request"], at=clock.now())


@handles(COPY_ENDS)
def forget_copy(payload: dict[str, Any]) -> None:
    """Delete a copy whose time is over."""
    archives.forget([payload["request"]])


@handles(TELL)
def tell(payload: dict[str, Any]) -> None:
    """Mail the person what was decided about their request."""
    tell_decision(payload["request"])


@handles(LEDGER)
def write_ledger(payload: dict[str, Any]) -> None:
    """See that the ledger has the line, should the file have been out of reach at the time."""
    public_id = UUID(payload["public_id"])
    erasure = Erasure.objects.filter(public_id=public_id).first()
    if erasure is not None and public_id not in ledger.read():
        ledger.append([(public_id, erasure.erased_at)])


@handles(DISPOSE)
def dispose(payload: dict[str, Any]) -> None:
    """Carry out a disposal that a second person approved."""
    carry_out_run(run_id=payload["run"], at=clock.now())
