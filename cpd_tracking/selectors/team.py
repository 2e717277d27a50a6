"""The team grid: people x requirements, exceptions first, in a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db.models import BooleanField, Case, Count, Min, Q, QuerySet, Value, When

from accounts import access
from accounts.models import LocalArea, Post, User
from cpd_tracking.enums import LATE_STATUSES, UNCOUNTED_STATUSES, Status
from cpd_tracking.models import Obligation, TrainingRequirement
from cpd_tracking.querysets import ObligationQuerySet
from cpd_tracking.selectors.grid import (
    EXCEPTION,
    PAGE_SIZE,
    RANK,
    STATUS_FILTERS,
    Cell,
    GridFilters,
    GridRow,
    Stats,
    TeamGrid,
)
from cpd_tracking.wording import cell_words


def posts_of_team(
    viewer: User, filters: GridFilters, today: dt.date, reached: QuerySet[Post] | None = None
) -> QuerySet[Post]:
    """Return the posts in the viewer's scope that the filters keep; never the viewer's own line.

    `reached` is the viewer's scope of that day if the caller has asked for it already.
    """
    posts = access.posts_in_scope(viewer, today) if reached is None else reached
    if filters.job_role:
        posts = posts.filter(job_role=filters.job_role)
    if filters.organisation is not None:
        posts = posts.filter(organisation=filters.organisation)
    for word in filters.q.split()[:4]:
        posts = posts.filter(
            Q(person__given_name__icontains=word) | Q(person__family_name__icontains=word)
        )
    return posts


@dataclass(frozen=True)
class Scope:
    """People of the viewer's scope in order of name, and how to say them in a query.

    `people` and `posts` are lists of ids where there are few, else subqueries: a borough's ids
    would make a statement of megabytes.
    """

    order: list[int]
    people: Any
    posts: Any


_FEW = 1000


def scope_of(posts: QuerySet[Post]) -> Scope:
    """Return the people and posts of a queryset of posts; one query."""
    rows = list(
        posts.order_by("person__family_name", "person__given_name", "person").values_list(
            "person_id", "pk"
        )
    )
    order = list(dict.fromkeys(person for person, _ in rows))
    if len(rows) <= _FEW:
        return Scope(order, order, [post for _, post in rows])
    return replace(_subqueries(posts), order=order)


def _subqueries(posts: QuerySet[Post]) -> Scope:
    plain = posts.order_by()
    return Scope([], plain.values("person"), plain.values("pk"))


def team_obligations(
    posts: QuerySet[Post] | Scope, filters: GridFilters, today: dt.date
) -> ObligationQuerySet:
    """Return what is open today for these posts, and for their holders whatever the post."""
    scope = posts if isinstance(posts, Scope) else _subqueries(posts)
    rows = (
        Obligation.objects.current(today)
        .with_status(today)
        .filter(learner__in=scope.people)
        .filter(Q(person__isnull=False) | Q(post__in=scope.posts))
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
    reached: QuerySet[Post] | None = None,
    managed: Q | None = None,
) -> TeamGrid:
    """Return the grid for whom the viewer reaches; `page` None gives every row (for export).

    Seven queries at most whatever the number of people and rules: scope (two), people, numbers,
    requirements, posts and cells of the page. People with exceptions come first, the longest
    overdue on top. `reached` as in `posts_of_team`; `managed` is the condition on the posts whose
    holders the viewer may nudge, None where that is all of them.
    """
    posts = posts_of_team(viewer, filters, today, reached)
    if local_area is not None:
        posts = posts.filter(organisation__local_area=local_area)
    scope = scope_of(posts)
    obligations = team_obligations(scope, filters, today)
    tallies = _tallies(obligations)
    order = _order(scope, tallies, filters)
    pages = max(1, -(-len(order) // PAGE_SIZE))
    number = min(max(page or 1, 1), pages)
    shown = order if page is None else order[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    asked = obligations.order_by().values("requirement").distinct()
    columns = list(TrainingRequirement.objects.filter(pk__in=asked))
    return TeamGrid(
        columns=columns,
        rows=_rows(shown, posts, obligations, columns, viewer, today, managed),
        stats=_stats(tallies, len(order)),
        total=len(order),
        page=number,
        pages=pages,
        person_ids=shown,
    )


class _Tally(NamedTuple):
    """How many of one person's obligations have one status, and the earliest due date.

    A bare row with the status as its word: a borough has tens of thousands of them.
    """

    learner_id: int
    status: str
    is_valid: bool
    first_due: dt.date
    number: int


def _tallies(obligations: ObligationQuerySet) -> list[_Tally]:
    rows = (
        obligations.order_by()
        .values("learner_id", "status", "is_valid")
        .annotate(first=Min("due_on"), n=Count("pk"))
        .values_list("learner_id", "status", "is_valid", "first", "n")
    )
    return list(map(_Tally._make, rows))


# The ranks of the statuses that leave something to do, by the word a row holds.
_EXCEPTIONS = {status.value: rank for status, rank in RANK.items() if rank <= EXCEPTION}
_LAST = (EXCEPTION + 1, dt.date.max, 0)


def _order(scope: Scope, tallies: list[_Tally], filters: GridFilters) -> list[int]:
    """People with exceptions first, the earliest due on top; then the others by name."""
    kept = tallies
    if filters.status in STATUS_FILTERS:
        wanted = STATUS_FILTERS[filters.status][1]
        kept = [tally for tally in tallies if tally.status in wanted]
    worst: dict[int, tuple[int, dt.date, int]] = {}
    for person, status, _, first_due, _ in kept:
        rank = _EXCEPTIONS.get(status)
        if rank is not None:
            place = (rank, first_due, person)
            if place < worst.get(person, _LAST):
                worst[person] = place
    first = [person for _, _, person in sorted(worst.values())]
    rest = (person for person in scope.order if person not in worst)
    if filters.status or filters.requirement:
        matching = {tally.learner_id for tally in kept}
        rest = (person for person in rest if person in matching)
    return first + list(rest)


def _stats(tallies: list[_Tally], people: int) -> Stats:
    numbers: Counter[tuple[str, bool]] = Counter()
    for _, status, is_valid, _, number in tallies:
        numbers[status, is_valid] += number
    counted = [
        (status, is_valid, number)
        for (status, is_valid), number in numbers.items()
        if status not in UNCOUNTED_STATUSES
    ]
    return Stats(
        people=people,
        late=sum(number for status, _, number in counted if status in LATE_STATUSES),
        due=sum(number for status, _, number in counted if status == Status.DUE_SOON),
        valid=sum(number for _, is_valid, number in counted if is_valid),
        counted=sum(number for _, _, number in counted),
    )


def _rows(
    person_ids: list[int],
    posts: QuerySet[Post],
    obligations: ObligationQuerySet,
    columns: Iterable[TrainingRequirement],
    viewer: User,
    today: dt.date,
    managed: Q | None,
) -> list[GridRow]:
    if not person_ids:
        return []
    held: dict[int, list[Post]] = {}
    of_page = posts.filter(person__in=person_ids).select_related("person", "organisation")
    if managed is not None:
        of_page = of_page.annotate(
            is_managed=Case(
                When(managed, then=Value(True)), default=Value(False), output_field=BooleanField()
            )
        )
    for post in of_page:
        held.setdefault(post.person_id, []).append(post)
    cells: dict[tuple[int, int], tuple[int, dt.date, int, str, dt.date | None]] = {}
    for learner, requirement, pk, status, due_on, expires_on in (
        obligations.filter(learner__in=person_ids)
        .order_by()
        .values_list("learner_id", "requirement_id", "pk", "status", "due_on", "expires_on")
    ):
        # Two posts in one team: the worse of the two is shown.
        cell = (RANK[Status(status)], due_on, pk, status, expires_on)
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
    may_nudge = person.pk != viewer.pk and any(getattr(post, "is_managed", True) for post in posts)
    to_do = [item for item in found if item is not None and item[0] <= EXCEPTION]
    open_ = sorted(item[1] for item in found if item is not None and item[0] <= 3)
    return GridRow(
        person=person,
        role=", ".join(dict.fromkeys(post.get_job_role_display() for post in posts)),
        setting=", ".join(dict.fromkeys(post.organisation.name for post in posts)),
        cells=[_cell(item, today) for item in found],
        next_due=_next_due(open_, today),
        nudge_ids=[item[2] for item in to_do] if may_nudge else [],
    )


def _cell(item: tuple[int, dt.date, int, str, dt.date | None] | None, today: dt.date) -> Cell:
    if item is None:
        return Cell(0, "", "")
    rank, due_on, pk, status, expires_on = item
    return Cell(pk, status, cell_words(status, due_on, expires_on, today), rank <= EXCEPTION)


def _next_due(days: list[dt.date], today: dt.date) -> str:
    if not days:
        return ""
    late = (today - days[0]).days
    if 0 < late <= 60:
        return "1 day ago" if late == 1 else f"{late} days ago"
    if late == 0:
        return "today"
    return f"{days[0].day} {days[0]:%b %Y}"
