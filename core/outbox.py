"""The outbox: work to be done later is a row in the same transaction as its cause.

A Celery task carries only the row's id; beat sweeps every minute, so a broker that was away, or a
worker that was killed, delays work and never loses it. Handlers must be idempotent.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction
from kombu.exceptions import OperationalError

from core import clock
from core.models import Outbox

logger = logging.getLogger(__name__)

Handler = Callable[[dict[str, Any]], None]
_handlers: dict[str, Handler] = {}

GIVE_UP_AFTER = 12


class UnknownKind(LookupError):
    """No handler is registered for this kind of work."""


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the decorated function as the handler of one kind of work."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def enqueue(
    *, kind: str, key: str, payload: dict[str, Any], available_at: dt.datetime | None = None
) -> Outbox:
    """Promise work in the caller's transaction; the same `key` twice is one promise.

    Returns the row. Raises UnknownKind at once if nobody could ever do the work.
    """
    if kind not in _handlers:
        raise UnknownKind(kind)
    row, created = Outbox.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "payload": payload,
            "available_at": available_at or clock.now(),
        },
    )
    if created and available_at is None:
        transaction.on_commit(lambda: _announce(row.pk), robust=True)
    return row


def _announce(row_id: int) -> None:
    """Tell a worker; if the broker is away the sweep will find the row."""
    from core.tasks import deliver_outbox_row

    try:
        deliver_outbox_row.delay(row_id)
    except (OSError, OperationalError) as error:
        logger.warning("Outbox row %s waits for the sweep: %s", row_id, error)


def deliver(row_id: int, *, at: dt.datetime) -> bool:
    """Do one promised piece of work; return True if it is done now or was done before.

    The row is locked while its handler runs, so two workers never do it at once. A failure is
    recorded, put off (1, 2, 4 ... minutes, at most 6 hours) and does not raise.
    """
    with transaction.atomic():
        row = (
            Outbox.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(pk=row_id)
            .first()
        )
        if row is None:
            return False
        if row.done_at is not None:
            return True
        try:
            with transaction.atomic():
                handler = _handlers.get(row.kind)
                if handler is None:
                    raise UnknownKind(row.kind)
                handler(row.payload)
        except Exception as error:
            logger.exception("Outbox row %s (%s) failed", row.pk, row.kind)
            row.attempts += 1
            row.last_error = f"{type(error).__name__}: {error}"[:2000]
            delay = min(2**row.attempts, 360)
            row.available_at = at + dt.timedelta(minutes=delay)
            row.save(update_fields=["attempts", "last_error", "available_at"])
            return False
        row.done_at = at
        row.attempts += 1
        row.last_error = ""
        row.save(update_fields=["attempts", "done_at", "last_error"])
        return True


def sweep(*, at: dt.datetime, limit: int = 500) -> int:
    """Deliver every waiting row that is due, oldest first; return how many were done."""
    waiting = Outbox.objects.filter(
        done_at__isnull=True, available_at__lte=at, attempts__lt=GIVE_UP_AFTER
    ).order_by("available_at", "pk")
    return sum(deliver(pk, at=at) for pk in list(waiting.values_list("pk", flat=True)[:limit]))
