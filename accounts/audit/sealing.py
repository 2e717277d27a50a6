"""The sealer: chains the events that wait, one sealer at a time, each event once.

An event whose transaction commits late has a lower number than events that are sealed already;
it is sealed after them. The order of the chain is the order of sealing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import structlog
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.audit import chain
from accounts.models import AuditEvent, AuditSeal
from core import clock

logger = structlog.get_logger(__name__)

BATCH = 5_000
# A transaction that stays open longer than this is found by the first run of the next day.
LATEST_COMMIT = dt.timedelta(hours=24)
_DIGEST = chain.HASHED.index("reason_digest")
# The name of the sealers' lock in this PostgreSQL database.
_LOCK = 0x5741594D41524B


@dataclass(frozen=True)
class Head:
    """The last link: whoever noted it elsewhere finds later whether the chain still leads there."""

    position: int
    digest: str
    sealed_at: dt.datetime | None

    def __str__(self) -> str:
        return f"{self.position}:{self.digest}"


@dataclass(frozen=True)
class Sealed:
    """What one run did; `busy` if another sealer was at work."""

    events: int
    head: Head
    busy: bool = False


def head() -> Head:
    """Return the last link of the chain; position 0 before the first; one query."""
    last = AuditSeal.objects.order_by("-position").first()
    if last is None:
        return Head(0, chain.BEGINNING, None)
    return Head(last.position, last.digest, last.sealed_at)


def unsealed(since: int | None = None) -> QuerySet[AuditEvent]:
    """Return the events without a seal, of those numbered above `since`."""
    sealed, events = AuditSeal.objects.filter(event_id=OuterRef("pk")), AuditEvent.objects.all()
    if since is not None:
        sealed, events = sealed.filter(event_id__gt=since), events.filter(pk__gt=since)
    return events.filter(~Exists(sealed)).order_by("pk")


def settled_below(at: dt.datetime) -> int | None:
    """Return a number below which no event can still be waiting, so that few are looked at."""
    return (
        AuditSeal.objects.filter(sealed_at__lt=at - LATEST_COMMIT)
        .order_by("-position")
        .values_list("event_id", flat=True)
        .first()
    )


def seal(*, at: dt.datetime, whole: bool = False) -> Sealed:
    """Chain every event that waits, in batches of 5,000, each its own transaction.

    The first run of a day, and `whole`, look at all numbers; others at those of the last day.
    Logs the new head, so that logs kept elsewhere hold what the chain must lead to.
    """
    before = head()
    whole = whole or (
        before.sealed_at is None or clock.london_date(before.sealed_at) != clock.london_date(at)
    )
    since = None if whole else settled_below(at)
    total = 0
    while True:
        done = _seal_batch(at=at, since=since)
        if done is None:
            return Sealed(total, head(), busy=True)
        total += len(done)
        if len(done) < BATCH:
            break
        # What commits below this number in the meantime waits for the next run.
        since = done[-1]
    now = head()
    if total:
        logger.info("audit_sealed", position=now.position, digest=now.digest, events=total)
    return Sealed(total, now)


@transaction.atomic
def _seal_batch(*, at: dt.datetime, since: int | None) -> list[int] | None:
    """Seal up to BATCH events and return their numbers; None if another sealer is at work."""
    if not _is_alone():
        return None
    last = head()
    # Clocks are put back; the chain's own instants never go back.
    sealed_at = max(at, last.sealed_at or at)
    digest, position, seals = last.digest, last.position, []
    for *values, reason in unsealed(since).values_list(*chain.HASHED, "reason")[:BATCH]:
        if reason and not values[_DIGEST]:
            values[_DIGEST] = _give_digest(values[0], reason)
        position += 1
        digest = chain.link(digest, position, sealed_at, chain.canonical(tuple(values)))
        seals.append(
            AuditSeal(position=position, event_id=values[0], digest=digest, sealed_at=sealed_at)
        )
    AuditSeal.objects.bulk_create(seals, batch_size=BATCH)
    return [seal.event_id for seal in seals]


def _is_alone() -> bool:
    """Take the sealers' lock until the transaction ends; SQLite has one writer anyway."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _give_digest(event_id: int, reason: str) -> str:
    """Complete an event that was written before reasons had digests; return its digest."""
    salt = chain.new_salt()
    digest = chain.digest_of_reason(salt, reason)
    # Past the queryset's own refusal: what is not sealed yet may still be completed.
    models.QuerySet.update(
        AuditEvent.objects.filter(pk=event_id, reason_digest=""),
        reason_salt=salt,
        reason_digest=digest,
    )
    return digest
