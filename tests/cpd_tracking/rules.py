"""Facts for tests of the engine, with defaults of a plain rule: 30 days, then every 12 months."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cpd_tracking.engine.dates import SchoolTerm
from cpd_tracking.engine.facts import Calendar, PauseFact, PostFact, RecordFact, Rule, RuleVersion

D = dt.date
CALENDAR = Calendar(
    terms=(
        SchoolTerm(D(2025, 9, 1), D(2025, 12, 19), D(2025, 10, 27), D(2025, 10, 31)),
        SchoolTerm(D(2026, 1, 5), D(2026, 3, 27), D(2026, 2, 16), D(2026, 2, 20)),
        SchoolTerm(D(2026, 4, 13), D(2026, 7, 17), D(2026, 5, 25), D(2026, 5, 29)),
    ),
    horizon=D(2027, 8, 31),
)


def version(**terms: Any) -> RuleVersion:
    """A version of course 1, valid from 2010."""
    values: dict[str, Any] = {
        "version_id": 1,
        "valid_from": D(2010, 1, 1),
        "valid_to": None,
        "basis": "local",
        "audience": {},
        "trigger": "post_start",
        "due_unit": "days",
        "due_count": 30,
        "validity_months": 12,
        "anchor": "expiry",
        "window_days": 60,
        "grace_days": 0,
        "may_pause": True,
        "demands_score": False,
        "earlier_records_count": True,
        "satisfied_by": ({"course": 1},),
    }
    return RuleVersion(**(values | terms))


def rule(*versions: RuleVersion, subject: str = "post", **terms: Any) -> Rule:
    """A rule of area 1."""
    return Rule(1, 1, subject, versions or (version(**terms),))


def post(start: dt.date, end: dt.date | None = None, **facts: Any) -> PostFact:
    """A teacher's post in mainstream school 1 of area 1."""
    values: dict[str, Any] = {
        "post_id": 1,
        "person_id": 1,
        "organisation_id": 1,
        "job_role": "teacher",
        "organisation_kind": "school",
        "phase": "primary",
        "ward": "",
        "local_area_id": 1,
        "lineage": frozenset({1}),
        "handles_personal_data": True,
        "is_employment": True,
        "term_time_only": False,
    }
    return PostFact(starts_on=start, ends_on=end, **(values | facts))


_numbers = iter(range(1, 1_000_000))


def record(day: dt.date, **facts: Any) -> RecordFact:
    """A server-scored completion of course 1."""
    values: dict[str, Any] = {
        "record_id": next(_numbers),
        "person_id": 1,
        "source": "server_scored",
        "course_id": 1,
    }
    return RecordFact(occurred_on=day, **(values | facts))


def pause(start: dt.date, end: dt.date | None, post_id: int | None = None) -> PauseFact:
    """A pause of person 1."""
    return PauseFact(1, post_id, start, end)
