"""The shape of the team grid: filters, rows, cells and numbers, and which status is worse."""

from __future__ import annotations

from dataclasses import dataclass, field

from accounts.models import User
from cpd_tracking.enums import LATE_STATUSES, Status
from cpd_tracking.models import TrainingRequirement

PAGE_SIZE = 25

# What a filter's word means; the grid's stats link to the first three.
STATUS_FILTERS: dict[str, tuple[str, tuple[Status, ...]]] = {
    "overdue": ("Overdue", LATE_STATUSES),
    "due": ("Due soon", (Status.DUE_SOON,)),
    "todo": ("Overdue or due soon", (*LATE_STATUSES, Status.DUE_SOON)),
    "done": ("Up to date", (Status.COMPLIANT,)),
    "not_due": ("Not due yet", (Status.NOT_DUE,)),
    "not_required": ("Not required now", (Status.EXEMPT, Status.PAUSED)),
}
RANK = {
    Status.OVERDUE: 0,
    Status.EXPIRED: 0,
    Status.IN_GRACE: 1,
    Status.DUE_SOON: 2,
    Status.NOT_DUE: 3,
    Status.COMPLIANT: 4,
    Status.PAUSED: 5,
    Status.EXEMPT: 5,
    Status.CLOSED: 6,
}
EXCEPTION = 2  # up to this rank somebody has something to do


@dataclass(frozen=True)
class GridFilters:
    """What the URL asks for; empty means no filter."""

    q: str = ""
    status: str = ""
    requirement: str = ""
    job_role: str = ""
    organisation: int | None = None


@dataclass(frozen=True)
class Cell:
    """One person and requirement; `obligation_id` 0 means it is not asked of them."""

    obligation_id: int
    status: str
    text: str
    can_nudge: bool = False


@dataclass(frozen=True)
class GridRow:
    """One person: role, cells in the order of the columns, and what is due next."""

    person: User
    role: str
    setting: str
    cells: list[Cell]
    next_due: str
    nudge_ids: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Stats:
    """Numbers with their denominators: obligations in scope, without exempt and paused."""

    people: int
    late: int
    due: int
    valid: int
    counted: int

    @property
    def percent(self) -> int | None:
        """Valid of counted, rounded down, so that 100 means all."""
        return self.valid * 100 // self.counted if self.counted else None


@dataclass(frozen=True)
class TeamGrid:
    """A page of the grid (or all of it), with the numbers of everything the filters match."""

    columns: list[TrainingRequirement]
    rows: list[GridRow]
    stats: Stats
    total: int
    page: int
    pages: int
    person_ids: list[int]
