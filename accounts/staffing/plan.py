"""The plan of an import: what would be written, and the same in words for whoever decides."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from accounts.staffing.lines import Problem, UnknownTitle
from accounts.staffing.matching import Subject

MUST_TYPE_ABOVE = 5  # per cent of an employer's posts

# A person by key, or one of this list who has no key yet.
PersonRef = int | Subject | None


@dataclass(eq=False)
class NewPost:
    """A post to be added."""

    subject: Subject
    organisation_id: int
    job_role: str
    title: str
    starts_on: dt.date
    ends_on: dt.date | None
    staff_number: str
    weekly_hours: Decimal | None
    term_time_only: bool
    is_employment: bool
    line_manager: PersonRef = None


@dataclass(eq=False)
class Change:
    """Fields of one row that change; `after` may hold a Subject who has no key yet."""

    pk: int
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass
class Entry:
    """One person at one employer, in words."""

    name: str
    employer: int
    role: str = ""
    email: str = ""
    staff_number: str = ""
    lines: list[int] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass
class EmployerPlan:
    """What would happen at one employer, in numbers of people; `ending` counts posts."""

    id: int
    name: str
    in_post: int = 0
    joiners: int = 0
    changes: int = 0
    leavers: int = 0
    unchanged: int = 0
    ending: int = 0
    is_large: bool = False


@dataclass
class Plan:
    """Everything an import would do."""

    entries: dict[str, list[Entry]] = field(
        default_factory=lambda: {"joiners": [], "changes": [], "leavers": []}
    )
    unchanged: int = 0
    rows: int = 0
    notes: int = 0
    problems: list[Problem] = field(default_factory=list)
    unknown: list[UnknownTitle] = field(default_factory=list)
    employers: list[EmployerPlan] = field(default_factory=list)
    new_people: list[Subject] = field(default_factory=list)
    new_posts: list[NewPost] = field(default_factory=list)
    post_changes: list[Change] = field(default_factory=list)
    person_changes: list[Change] = field(default_factory=list)
    # People whose address changes: what was sent to the old one must not open the account.
    readdressed: list[int] = field(default_factory=list)

    @property
    def ending(self) -> int:
        """Return how many posts would end."""
        return sum(employer.ending for employer in self.employers)

    @property
    def demands_number(self) -> bool:
        """Whether so many posts of one employer would end that the number must be typed."""
        return any(employer.is_large for employer in self.employers)

    @property
    def wrong_rows(self) -> int:
        """Return how many rows hold a problem."""
        return len({problem.line for problem in self.problems})

    @property
    def does_nothing(self) -> bool:
        """Whether every row is as it is known already."""
        return not (self.new_posts or self.post_changes or self.person_changes or self.new_people)

    def counts(self) -> dict[str, int]:
        """Return the numbers shown first."""
        return {
            "rows": self.rows,
            "right": self.rows - self.wrong_rows,
            **{kind: len(entries) for kind, entries in self.entries.items()},
            "unchanged": self.unchanged,
            "errors": self.wrong_rows,
            "ending": self.ending,
            "notes": self.notes,
        }

    def as_json(self) -> dict[str, Any]:
        """Return what `StaffImport.plan` keeps of the plan itself."""
        shown: dict[str, Any] = {
            "counts": self.counts(),
            "employers": [asdict(employer) for employer in self.employers],
            "unknown": [asdict(title) for title in self.unknown],
            # Plain lists and words: what asdict does over and over is not needed.
            **{kind: [vars(entry) for entry in rows] for kind, rows in self.entries.items()},
            "errors": [vars(problem) for problem in self.problems],
            "demands_number": self.demands_number,
            "does_nothing": self.does_nothing,
        }
        return shown | {"digest": digest_of(shown)}


def digest_of(shown: dict[str, Any]) -> str:
    """Return a short text that changes with anything a person would see."""
    return hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()


def json_value(value: Any) -> Any:
    """Return a field's value as JSON keeps it."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def in_words(value: Any) -> str:
    """Return a field's value as a person reads it."""
    if isinstance(value, dt.date):
        return f"{value.day} {value:%b %Y}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:f}".removesuffix(".0")
    return "none" if value in (None, "") else str(value)
