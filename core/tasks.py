"""Background tasks of the ground floor: thin edges around core.outbox."""

from __future__ import annotations

from celery import shared_task

from core import clock, outbox


@shared_task
def deliver_outbox_row(row_id: int) -> bool:
    """Deliver one promised piece of work."""
    return outbox.deliver(row_id, at=clock.now())


@shared_task
def sweep_outbox() -> int:
    """Deliver whatever waits; beat calls this every minute."""
    return outbox.sweep(at=clock.now())
