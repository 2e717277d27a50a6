"""What the screens of personal data show: a request, what an erasure does, a period, a disposal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.enums import PrivacyRequestKind, PrivacyRequestState, RetentionState
from accounts.models import LocalArea, PrivacyRequest, RetentionRun, User
from accounts.privacy.archives import KEPT_DAYS
from accounts.privacy.copies import Holding, holdings_of
from accounts.privacy.requests import due_on
from accounts.privacy.retention import Period, periods
from core import clock
from core.registry import OnErase

OPEN = (PrivacyRequestState.ASKED, PrivacyRequestState.APPROVED)
_STATUS = {
    PrivacyRequestState.ASKED: ("waiting", "Waits for a decision"),
    PrivacyRequestState.APPROVED: ("awaiting", "Approved, to be carried out"),
    PrivacyRequestState.REFUSED: ("rejected", "Refused"),
    PrivacyRequestState.DONE: ("done", "Done"),
    PrivacyRequestState.WITHDRAWN: ("closed", "Withdrawn"),
}


@dataclass(frozen=True)
class RequestRow:
    """A request with the day by which it must be answered, and what it says on a day."""

    request: PrivacyRequest
    answer_by: dt.date
    status: str
    status_label: str
    is_late: bool


def row_of(request: PrivacyRequest, today: dt.date) -> RequestRow:
    """Return one request as the list shows it."""
    answer_by = due_on(request)
    late = request.state in OPEN and answer_by < today
    status, label = _STATUS[PrivacyRequestState(request.state)]
    if late:
        status, label = "overdue", f"Overdue: {label[0].lower()}{label[1:]}"
    return RequestRow(request, answer_by, status, label, late)


def requests_in(
    user: User, local_area: LocalArea, on: dt.date, *, open_only: bool
) -> QuerySet[PrivacyRequest]:
    """Return the area's requests that the person may see; the open ones oldest first, and so
    overdue first.
    """
    found = (
        PrivacyRequest.objects.visible_to(user, on)
        .filter(local_area=local_area)
        .select_related("person")
    )
    if open_only:
        return found.filter(state__in=OPEN).order_by("asked_at", "pk")
    return found.exclude(state__in=OPEN)


@dataclass(frozen=True)
class CopyRow:
    """A copy that is being made, or can be downloaded until a day."""

    request: PrivacyRequest
    until: dt.date | None


def copies_of(person: User, at: dt.datetime) -> list[CopyRow]:
    """Return the copies of everything that wait for the person, latest first."""
    since = at - dt.timedelta(days=KEPT_DAYS)
    found = PrivacyRequest.objects.filter(person=person, kind=PrivacyRequestKind.ACCESS)
    rows = []
    for request in found:
        if request.state == PrivacyRequestState.ASKED:
            rows.append(CopyRow(request, None))
        elif request.done_at is not None and request.done_at >= since:
            until = clock.london_date(request.done_at + dt.timedelta(days=KEPT_DAYS))
            rows.append(CopyRow(request, until))
    return rows


@dataclass(frozen=True)
class Effect:
    """What an erasure does to a person's rows, in three groups; kept ones by the reason."""

    erased: list[Holding]
    emptied: list[Holding]
    kept: list[tuple[str, list[Holding]]]


def effect_on(person: User) -> Effect:
    """Return what erasing the person would do, of what there is about them."""
    held = [each for each in holdings_of(person) if each.rows]
    kept: dict[str, list[Holding]] = {}
    for each in held:
        if each.on_erase != OnErase.DELETE.value:
            kept.setdefault(each.because, []).append(each)
    return Effect(
        erased=[each for each in held if each.on_erase == OnErase.DELETE.value],
        emptied=[each for each in held if each.on_erase == OnErase.CLEAR.value],
        kept=list(kept.items()),
    )


@dataclass(frozen=True)
class PeriodRow:
    """A kind of record with its period in words and the number of rows due."""

    period: Period
    kept: str
    default: str
    due: int


def period_rows(counts: dict[str, tuple[int, str]] | None) -> list[PeriodRow]:
    """Return every kind of record that has an end; `counts` come from a dry run."""
    return [
        PeriodRow(
            period=period,
            kept=months_in_words(period.months),
            default=months_in_words(period.kind.months),
            due=(counts or {}).get(period.kind.key, (0, ""))[0],
        )
        for period in periods()
    ]


def months_in_words(months: int) -> str:
    """Say 84 as "7 years" and 18 as "18 months"."""
    if months % 12 == 0 and months >= 24:
        return f"{months // 12} years"
    return "1 month" if months == 1 else f"{months} months"


@dataclass(frozen=True)
class RunRow:
    """A disposal with its lines in words: what, how many were due, how many went."""

    run: RetentionRun
    status: str
    status_label: str
    lines: list[tuple[str, int, int | None]]

    @property
    def number(self) -> int:
        """All rows together."""
        return sum(number for _, number, _ in self.lines)


_RUN_STATUS = {
    RetentionState.PROPOSED: ("waiting", "Waits for a second person"),
    RetentionState.DONE: ("done", "Carried out"),
    RetentionState.REFUSED: ("rejected", "Refused"),
    RetentionState.STALE: ("warning", "Not carried out: records have changed since"),
}


def run_row(run: RetentionRun) -> RunRow:
    """Return one disposal as the screens show it."""
    titles = {period.kind.key: period.kind.title for period in periods()}
    status, label = _RUN_STATUS[RetentionState(run.state)]
    if run.state == RetentionState.PROPOSED and run.decided_at is not None:
        status, label = "in_progress", "Approved, being carried out"
    return RunRow(
        run=run,
        status=status,
        status_label=label,
        lines=[
            (titles.get(key, key), counted[0], run.disposed.get(key))
            for key, counted in sorted(run.counts.items())
        ],
    )
