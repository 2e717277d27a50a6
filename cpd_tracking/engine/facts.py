"""The facts the engine reasons from, and the periods it returns: plain frozen data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cpd_tracking.engine.dates import SchoolTerm


@dataclass(frozen=True, slots=True)
class PostFact:
    """A post and what rules ask about it and its organisation."""

    post_id: int
    person_id: int
    organisation_id: int
    job_role: str
    starts_on: dt.date
    ends_on: dt.date | None
    organisation_kind: str
    phase: str
    ward: str
    local_area_id: int | None
    lineage: frozenset[int]
    handles_personal_data: bool
    is_employment: bool
    term_time_only: bool


@dataclass(frozen=True, slots=True)
class RecordFact:
    """A learning record that stands (neither superseded nor withdrawn)."""

    record_id: int
    person_id: int
    occurred_on: dt.date
    source: str
    course_id: int | None = None
    topic_id: int | None = None
    began_on: dt.date | None = None
    valid_until: dt.date | None = None
    is_reviewed: bool = False


@dataclass(frozen=True, slots=True)
class PauseFact:
    """A stopped clock: of one post, or with `post_id` None of the person."""

    person_id: int
    post_id: int | None
    starts_on: dt.date
    ends_on: dt.date | None


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """One version of a rule: the numbers that guidance changes."""

    version_id: int
    valid_from: dt.date
    valid_to: dt.date | None
    basis: str
    audience: dict[str, Any]
    trigger: str
    due_unit: str
    due_count: int
    validity_months: int | None
    anchor: str
    window_days: int
    grace_days: int
    may_pause: bool
    demands_score: bool
    earlier_records_count: bool
    satisfied_by: Sequence[dict[str, Any]]
    due_month: int | None = None
    due_day: int | None = None
    cycle_month: int | None = None
    cycle_day: int | None = None
    trigger_on: dt.date | None = None
    exempt_if: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its versions in order of date."""

    requirement_id: int
    local_area_id: int
    subject_kind: str
    versions: Sequence[RuleVersion]

    def version_on(self, day: dt.date) -> RuleVersion:
        """Return the version in force on the day, or the first one for days before it."""
        found = self.versions[0]
        for version in self.versions:
            if version.valid_from <= day:
                found = version
        return found

    @property
    def ends_on(self) -> dt.date | None:
        """The last day of the rule, if its last version ends."""
        return self.versions[-1].valid_to


@dataclass(frozen=True, slots=True)
class Calendar:
    """What the engine must know of the local area: terms, and how far fixed periods are written."""

    terms: Sequence[SchoolTerm]
    horizon: dt.date


@dataclass(frozen=True, slots=True)
class Scope:
    """A stretch in which a rule binds a subject: first and last day, and why it began then."""

    person_id: int
    post_id: int | None
    starts_on: dt.date
    ends_on: dt.date | None
    trigger_on: dt.date
    term_time_only: bool
    exempt_because: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """One period of a rule for a subject: the dates of an obligation."""

    version_id: int
    starts_on: dt.date
    trigger_on: dt.date
    window_opens_on: dt.date
    first_due_on: dt.date
    due_on: dt.date
    held_until: dt.date | None
    satisfied_on: dt.date | None
    expires_on: dt.date | None
    grace_until: dt.date | None
    closed_on: dt.date | None
    how_closed: str
    exempt_because: str
    record_ids: tuple[int, ...]
