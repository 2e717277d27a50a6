"""Which records satisfy a rule, and until when: the thread of credits a rule sees.

What satisfies is data, a list of alternatives: {"course": id} or {"topic": id}, each with
optional `sources`, `began_before` (exclusive) and `completed_before` (exclusive) as ISO dates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cpd_tracking.engine.dates import add_months
from cpd_tracking.engine.facts import RecordFact, Rule, RuleVersion
from cpd_tracking.enums import ASSESSED_SOURCES

KEYS = frozenset({"course", "topic", "sources", "began_before", "completed_before"})


@dataclass(frozen=True, slots=True)
class Credit:
    """A completion that counts: from `day`, until `expires_on` (None: for good)."""

    day: dt.date
    expires_on: dt.date | None
    record_id: int

    def holds_on(self, day: dt.date) -> bool:
        """Whether it still counts on the day."""
        return self.day <= day and (self.expires_on is None or self.expires_on >= day)


def satisfies(version: RuleVersion, record: RecordFact) -> bool:
    """Whether one record satisfies the version by itself."""
    if version.demands_score and not is_assessed(record):
        return False
    return any(_matches(alternative, record) for alternative in version.satisfied_by)


def is_assessed(record: RecordFact) -> bool:
    """Whether a server, a trainer or a reviewer vouches for the result (design: cpd, 13)."""
    return record.source in ASSESSED_SOURCES or record.is_reviewed


def _matches(alternative: dict[str, Any], record: RecordFact) -> bool:
    if "course" in alternative:
        if record.course_id is None or alternative["course"] != record.course_id:
            return False
    elif "topic" in alternative:
        if record.topic_id is None or alternative["topic"] != record.topic_id:
            return False
    else:
        return False
    if "sources" in alternative and record.source not in alternative["sources"]:
        return False
    began_before = alternative.get("began_before")
    if began_before is not None and (
        record.began_on is None or record.began_on >= dt.date.fromisoformat(began_before)
    ):
        return False
    completed_before = alternative.get("completed_before")
    return completed_before is None or record.occurred_on < dt.date.fromisoformat(completed_before)


def credits_for(rule: Rule, records: Iterable[RecordFact]) -> list[Credit]:
    """Return the credits of one person in order of date, each with the day it lapses.

    Anchored on expiry, a completion inside the window before the lapse keeps the anniversary;
    earlier or later ones count from their own day. A record that prolongs nothing is left out.
    """
    standing = sorted(
        (
            (record.occurred_on, record.record_id, record, version)
            for record in records
            if satisfies(version := rule.version_on(record.occurred_on), record)
        ),
        key=lambda item: item[:2],
    )
    found: list[Credit] = []
    for day, record_id, record, version in standing:
        previous = found[-1] if found else None
        expires_on = _expiry(version, record, previous)
        if previous is not None and previous.holds_on(day):
            if previous.expires_on is None:
                continue
            if expires_on is not None and expires_on <= previous.expires_on:
                continue
            if previous.day == day:
                found.pop()
        elif previous is not None and previous.day == day:
            found.pop()
        found.append(Credit(day, expires_on, record_id))
    return found


def _expiry(version: RuleVersion, record: RecordFact, previous: Credit | None) -> dt.date | None:
    if record.valid_until is not None:
        return record.valid_until
    if version.validity_months is None or version.anchor == "fixed":
        return None
    if version.anchor == "expiry" and previous is not None and previous.expires_on is not None:
        opens = previous.expires_on - dt.timedelta(days=version.window_days)
        if opens <= record.occurred_on <= previous.expires_on:
            return add_months(previous.expires_on, version.validity_months)
    return add_months(record.occurred_on, version.validity_months)


def days_that_count(rule: Rule, records: Sequence[RecordFact]) -> list[tuple[dt.date, int]]:
    """Return day and record id of every record that satisfies, for rules of fixed periods."""
    return sorted(
        (record.occurred_on, record.record_id)
        for record in records
        if satisfies(rule.version_on(record.occurred_on), record)
    )
