"""Walks the chain from end to end and says what does not fit.

Constant memory: seals and their events are read in batches, findings are kept up to a bound and
counted beyond it. What this can and cannot find is in docs/how-to/audit.md.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from accounts.audit import chain
from accounts.audit.sealing import Head, head, unsealed
from accounts.models import AuditEvent, AuditSeal, Erasure

VERIFIED = "audit.verified"
BATCH = 5_000
MOST_KEPT = 1_000
# No transaction of ours stays open so long: an event that appears among older ones later than
# this was not written by Waymark.
LONGEST_TRANSACTION = dt.timedelta(hours=1)


class Fault(enum.StrEnum):
    """What can be wrong."""

    ALTERED = "altered"
    MISSING = "missing"
    INSERTED = "inserted"
    GAP = "gap"
    REASON = "reason"
    HEAD = "head"


@dataclass(frozen=True)
class Finding:
    """One thing that does not fit; `position` is its place in the chain, 0 if unsealed."""

    fault: Fault
    position: int
    event_id: int | None
    words: str


@dataclass
class Verdict:
    """What a walk found; `findings` holds the first thousand of `faults`."""

    checked: int = 0
    faults: int = 0
    findings: list[Finding] = field(default_factory=list)
    head: Head = field(default_factory=lambda: Head(0, chain.BEGINNING, None))
    unsealed: int = 0
    oldest_unsealed_at: dt.datetime | None = None

    def add(self, fault: Fault, position: int, event_id: int | None, words: str) -> None:
        """Keep one finding, or only count it."""
        self.faults += 1
        if len(self.findings) < MOST_KEPT:
            self.findings.append(Finding(fault, position, event_id, words))


# Of an event: what is hashed, then the words and the salt.
_READ = (*chain.HASHED, "reason", "reason_salt")
_PLACE = {name: place for place, name in enumerate(_READ)}
Row = tuple[Any, ...]
Seal = tuple[int, int, str, dt.datetime]


def verify(*, since: int = 0, expected: Sequence[tuple[int, str]] = (), at: dt.datetime) -> Verdict:
    """Check the chain after position `since` up to the head there is now, and every noted head.

    `expected` are pairs of position and digest that were noted elsewhere: without one, a chain
    that was cut off at its end, or rewritten whole, looks whole.
    """
    verdict = Verdict(head=head())
    _check_expected(verdict, expected)
    walk = _Walk(verdict, since)
    while batch := list(_seals(walk.position, verdict.head.position)):
        walk.over(batch, _events(batch[0][0], batch[-1][0]))
    if walk.position < verdict.head.position:
        walk.gap(verdict.head.position + 1)
    _look_at_the_tail(verdict, at)
    return verdict


def _seals(after: int, last: int) -> Iterable[Seal]:
    return (
        AuditSeal.objects.filter(position__gt=after, position__lte=last)
        .order_by("position")
        .values_list("position", "event_id", "digest", "sealed_at")[:BATCH]
    )


def _events(first: int, last: int) -> dict[int, Row]:
    numbers = AuditSeal.objects.filter(position__gte=first, position__lte=last).order_by()
    rows = AuditEvent.objects.filter(pk__in=numbers.values("event_id")).order_by()
    return {row[0]: row for row in rows.values_list(*_READ)}


class _Walk:
    """Where the walk has come to: the last position and digest, and which numbers are settled."""

    def __init__(self, verdict: Verdict, since: int) -> None:
        self.verdict = verdict
        self.position = since
        self.digest: str | None = chain.BEGINNING
        if since:
            noted = AuditSeal.objects.filter(position=since).values_list("digest", flat=True)
            self.digest = noted.first()
            if self.digest is None:
                verdict.add(Fault.GAP, since, None, f"There is no position {since}.")
        self._settled = 0
        self._recent: deque[tuple[dt.datetime, int]] = deque()

    def over(self, seals: list[Seal], events: dict[int, Row]) -> None:
        """Check one batch of seals against their events."""
        emptied: list[tuple[int, Row]] = []
        for position, event_id, digest, sealed_at in seals:
            if position != self.position + 1:
                self.gap(position)
            row = events.get(event_id)
            if row is None:
                self.verdict.add(
                    Fault.MISSING,
                    position,
                    event_id,
                    f"Event {event_id}, sealed at position {position}, is not there.",
                )
            else:
                self._check(position, digest, sealed_at, row)
                if _is_emptied(row):
                    emptied.append((position, row))
                elif not _reason_fits(row):
                    self.verdict.add(
                        Fault.REASON,
                        position,
                        event_id,
                        f"The reason of event {event_id} is not the one that was sealed.",
                    )
            self._check_number(position, event_id, sealed_at)
            self.position, self.digest = position, digest
            self.verdict.checked += 1
        self._check_emptied(emptied)

    def gap(self, before: int) -> None:
        """Report the positions missing before this one; the next digest has nothing to follow."""
        first, last = self.position + 1, before - 1
        which = f"Position {first} is" if first == last else f"Positions {first} to {last} are"
        self.verdict.add(Fault.GAP, first, None, f"{which} missing from the chain.")
        self.position, self.digest = last, None

    def _check(self, position: int, digest: str, sealed_at: dt.datetime, row: Row) -> None:
        if self.digest is None:
            return
        found = chain.link(
            self.digest, position, sealed_at, chain.canonical(row[: len(chain.HASHED)])
        )
        if found != digest:
            self.verdict.add(
                Fault.ALTERED,
                position,
                row[0],
                f"Event {row[0]} or its seal at position {position} was altered, "
                "or the seal before it.",
            )

    def _check_number(self, position: int, event_id: int, sealed_at: dt.datetime) -> None:
        """Find an event whose number lies among those sealed long before it."""
        while self._recent and self._recent[0][0] <= sealed_at - LONGEST_TRANSACTION:
            self._settled = max(self._settled, self._recent.popleft()[1])
        if event_id < self._settled:
            self.verdict.add(
                Fault.INSERTED,
                position,
                event_id,
                f"Event {event_id} appeared more than an hour after later ones were sealed.",
            )
        if self._recent and self._recent[-1][0] == sealed_at:
            self._recent[-1] = (sealed_at, max(event_id, self._recent[-1][1]))
        else:
            self._recent.append((sealed_at, event_id))

    def _check_emptied(self, emptied: list[tuple[int, Row]]) -> None:
        """A reason may be empty where a person it tells of was erased."""
        people: set[UUID] = {person for _, row in emptied for person in _people(row)}
        if not emptied:
            return
        erased = set(
            Erasure.objects.filter(public_id__in=people).values_list("public_id", flat=True)
        )
        for position, row in emptied:
            if not erased.intersection(_people(row)):
                self.verdict.add(
                    Fault.REASON,
                    position,
                    row[0],
                    f"The reason of event {row[0]} was emptied, and nobody it names was erased.",
                )


def _people(row: Row) -> list[UUID]:
    """Whose erasure empties the reason: who it tells of, never who gave it."""
    return [person for person in (row[_PLACE["subject"]],) if person]


def _reason_of(row: Row) -> tuple[str, str, str]:
    return row[_PLACE["reason"]], row[_PLACE["reason_salt"]], row[_PLACE["reason_digest"]]


def _is_emptied(row: Row) -> bool:
    reason, salt, digest = _reason_of(row)
    return bool(digest and not reason and not salt)


def _reason_fits(row: Row) -> bool:
    reason, salt, digest = _reason_of(row)
    if not digest:
        return not reason and not salt
    return chain.digest_of_reason(salt, reason) == digest


def _check_expected(verdict: Verdict, expected: Sequence[tuple[int, str]]) -> None:
    for position, digest in expected:
        found = AuditSeal.objects.filter(position=position).values_list("digest", flat=True).first()
        if position == 0 and digest == chain.BEGINNING:
            continue
        if found is None:
            words = (
                f"The chain was {position} long when this head was noted; "
                f"now it ends at position {verdict.head.position}."
            )
            verdict.add(Fault.HEAD, position, None, words)
        elif found != digest:
            words = f"Position {position} has not the digest that was noted: it was rewritten."
            verdict.add(Fault.HEAD, position, None, words)


def _look_at_the_tail(verdict: Verdict, at: dt.datetime) -> None:
    """Count what waits, and find in it numbers that were passed long ago."""
    settled = (
        AuditSeal.objects.filter(
            position__lte=verdict.head.position, sealed_at__lt=at - LONGEST_TRANSACTION
        )
        .order_by("-event_id")
        .values_list("event_id", flat=True)
        .first()
        or 0
    )
    oldest: dt.datetime | None = None
    for event_id, happened_at in unsealed().values_list("pk", "at").iterator(BATCH):
        verdict.unsealed += 1
        oldest = happened_at if oldest is None else min(oldest, happened_at)
        if event_id < settled:
            verdict.add(
                Fault.INSERTED,
                0,
                event_id,
                f"Event {event_id} is not sealed, and later ones were more than an hour ago.",
            )
    verdict.oldest_unsealed_at = oldest
