"""The team grid: people x requirements, exceptions first, in a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Case, Count, IntegerField, Min, Q, QuerySet, Value, When

from accounts import access
from accounts.models import LocalArea, Post, User
from cpd_tracking.enums import LATE_STATUSES, UNCOUNTED_STATUSES, Status
from cpd_tracking.models import Obligation, TrainingRequirement
from cpd_tracking.querysets import ObligationQuerySet
from cpd_tracking.wording import cell_words

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
_RANK = {
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


def posts_of_team(viewer: User, filters: GridFilters, today: dt.date) -> QuerySet[Post]:
    """Return the posts in the viewer's scope that the filters keep; never the viewer's own line."""
    posts = access.posts_in_scope(viewer, today)
    if filters.job_role:
        posts = posts.filter(job_role=filters.job_role)
    if filters.organisation is not None:
        posts = posts.filter(organisation=filters.organisation)
    for word in filters.q.split()[:4]:
        posts = posts.filter(
            Q(person__given_name__icontains=word) | Q(person__family_name__icontains=word)
        )
    return posts


def team_obligations(
    posts: QuerySet[Post], filters: GridFilters, today: dt.date
) -> ObligationQuerySet:
    """Return what is open today for these posts, and for their holders whatever the post."""
    rows = (
        Obligation.objects.current(today)
        .with_status(today)
        .filter(learner__in=posts.order_by().values("person"))
        .filter(Q(person__isnull=False) | Q(post__in=posts.order_by().values("pk")))
    )
    if filters.requirement:
        rows = rows.filter(requirement__key=filters.requirement)
    return rows


def team_grid(
    viewer: User,
    filters: GridFilters,
    today: dt.date,
    *,
    page: int | None = 1,
    local_area: LocalArea | None = None,
) -> TeamGrid:
    """Return the grid for whom the viewer reaches; `page` None gives every row (for export).

    Six queries of its own whatever the number of people and rules: scope (two), numbers, order,
    requirements, people, cells. People with exceptions come first, the longest overdue on top.
    """
    posts = posts_of_team(viewer, filters, today)
    if local_area is not None:
        posts = posts.filter(organisation__local_area=local_area)
    obligations = team_obligations(posts, filters, today)
    order = _order(posts, obligations, filters)
    pages = max(1, -(-len(order) // PAGE_SIZE))
    number = min(max(page or 1, 1), pages)
    shown = order if page is None else order[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    columns = list(
        TrainingRequirement.objects.filter(pk__in=obligations.order_by().values("requirement"))
    )
    return TeamGrid(
        columns=columns,
        rows=_rows(shown, posts, obligations, columns, viewer, today),
        stats=_stats(obligations, len(order)),
        total=len(order),
        page=number,
        pages=pages,
        person_ids=shown,
    )


def _rank() -> Case:
    return Case(
        *(When(status=status.value, then=Value(rank)) for status, rank in _RANK.items()),
        default=Value(9),
        output_field=IntegerField(),
    )


def _order(
    posts: QuerySet[Post], obligations: ObligationQuerySet, filters: GridFilters
) -> list[int]:
    """People with exceptions first, then by name; those without any obligation last."""
    if filters.status in STATUS_FILTERS:
        obligations = obligations.filter(status__in=STATUS_FILTERS[filters.status][1])
    worst = obligations.order_by().values("learner").annotate(rank=Min(_rank()))
    ranked = list(
        worst.annotate(first=Min("due_on")).values_list(
            "rank", "first", "learner__family_name", "learner__given_name", "learner_id"
        )
    )
    late = [row for row in ranked if row[0] <= 2]
    rest = sorted(row[2:] for row in ranked if row[0] > 2)
    order = [row[-1] for row in sorted(late)] + [row[-1] for row in rest]
    if filters.status or filters.requirement:
        return order
    seen = set(order)
    others = posts.order_by("person__family_name", "person__given_name", "person").values_list(
        "person_id", flat=True
    )
    return order + [pk for pk in dict.fromkeys(others) if pk not in seen]


def _stats(obligations: ObligationQuerySet, people: int) -> Stats:
    counts = {
        (row["status"], row["is_valid"]): row["n"]
        for row in obligations.order_by().values("status", "is_valid").annotate(n=Count("pk"))
    }
    counted = {key: n for key, n in counts.items() if key[0] not in UNCOUNTED_STATUSES}
    return Stats(
        people=people,
        late=sum(n for (status, _), n in counted.items() if status in LATE_STATUSES),
        due=sum(n for (status, _), n in counted.items() if status == Status.DUE_SOON),
        valid=sum(n for (_, valid), n in counted.items() if valid),
        counted=sum(counted.values()),
    )


def _rows(
    person_ids: list[int],
    posts: QuerySet[Post],
    obligations: ObligationQuerySet,
    columns: Iterable[TrainingRequirement],
    viewer: User,
    today: dt.date,
) -> list[GridRow]:
    if not person_ids:
        return []
    held: dict[int, list[Post]] = {}
    for post in posts.filter(person__in=person_ids).select_related("person", "organisation"):
        held.setdefault(post.person_id, []).append(post)
    cells: dict[tuple[int, int], tuple[int, dt.date, int, str, dt.date | None]] = {}
    for learner, requirement, pk, status, due_on, expires_on in (
        obligations.filter(learner__in=person_ids)
        .order_by()
        .values_list("learner_id", "requirement_id", "pk", "status", "due_on", "expires_on")
    ):
        # Two posts in one team: the worse of the two is shown.
        cell = (_RANK[Status(status)], due_on, pk, status, expires_on)
        key = (learner, requirement)
        cells[key] = min(cells.get(key, cell), cell, key=lambda item: item[:3])
    return [
        _row(held[pk], [cells.get((pk, column.pk)) for column in columns], viewer, today)
        for pk in person_ids
    ]


def _row(
    posts: list[Post],
    found: list[tuple[int, dt.date, int, str, dt.date | None] | None],
    viewer: User,
    today: dt.date,
) -> GridRow:
    person = posts[0].person
    to_do = [item for item in found if item is not None and item[0] <= 2]
    open_ = sorted(item[1] for item in found if item is not None and item[0] <= 3)
    return GridRow(
        person=person,
        role=", ".join(dict.fromkeys(post.get_job_role_display() for post in posts)),
        setting=", ".join(dict.fromkeys(post.organisation.name for post in posts)),
        cells=[
            Cell(0, "", "")
            if item is None
            else Cell(item[2], item[3], cell_words(item[3], item[1], item[4], today), item[0] <= 2)
            for item in found
        ],
        next_due=_next_due(open_, today),
        nudge_ids=[item[2] for item in to_do] if person.pk != viewer.pk else [],
    )


def _next_due(days: list[dt.date], today: dt.date) -> str:
    if not days:
        return ""
    late = (today - days[0]).days
    if late > 0:
        return "1 day ago" if late == 1 else f"{late} days ago"
    if late == 0:
        return "today"
    return f"{days[0].day} {days[0]:%b %Y}"
