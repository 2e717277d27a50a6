"""A person's own record: what they did by academic year, with hours and certificates."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from accounts.models import User
from accounts.selectors.accesses import Access, access_rows, accesses_to
from cpd_tracking.enums import RecordKind, RecordSource
from cpd_tracking.models import Certificate, LearningRecord
from cpd_tracking.selectors.learner import academic_year_start
from cpd_tracking.wording import hours_text


@dataclass(frozen=True)
class Line:
    """One learning record, and its certificate if there is one."""

    record: LearningRecord
    kind: str
    source: str
    certificate: Certificate | None


@dataclass(frozen=True)
class Year:
    """One academic year: when it starts, what to call it, and hours in it."""

    start: int
    label: str
    hours: Decimal
    count: int

    @property
    def hours_text(self) -> str:
        """Hours without needless zeros."""
        return hours_text(self.hours)


@dataclass(frozen=True)
class MyRecord:
    """One year of the record, and every year there is."""

    years: list[Year]
    year: Year
    lines: list[Line]


def my_record(person: User, today: dt.date, year: int | None = None) -> MyRecord:
    """Return the person's records of one academic year (this one), in three queries."""
    counts: Counter[int] = Counter()
    total: dict[int, Decimal] = {}
    own = LearningRecord.objects.standing().filter(person=person)
    for day, spent in own.order_by().values_list("occurred_on", "hours"):
        start = academic_year_start(day).year
        counts[start] += 1
        total[start] = total.get(start, Decimal(0)) + spent
    this = academic_year_start(today).year
    starts = sorted({this, *counts}, reverse=True)
    years = [_year(start, total.get(start, Decimal(0)), counts[start]) for start in starts]
    chosen = next((item for item in years if item.start == year), years[0])
    first = dt.date(chosen.start, 9, 1)
    rows = list(
        own.filter(occurred_on__gte=first, occurred_on__lt=first.replace(year=first.year + 1))
        .select_related("course_version", "session__organisation")
        .order_by("-occurred_on", "-pk")
    )
    certificates = {
        item.record_id: item
        for item in Certificate.objects.standing().filter(record__in=[row.pk for row in rows])
    }
    return MyRecord(
        years=years,
        year=chosen,
        lines=[
            Line(
                record=row,
                kind=str(RecordKind(row.kind).label),
                source=str(RecordSource(row.source).label),
                certificate=certificates.get(row.pk),
            )
            for row in rows
        ],
    )


def _year(start: int, hours: Decimal, count: int) -> Year:
    return Year(start, f"{start}/{(start + 1) % 100:02}", hours, count)


RECORD_HEADER = ("Date", "Title", "Kind", "Hours", "How it is known", "Course version")


def record_rows(person: User) -> Iterator[tuple[object, ...]]:
    """Yield every standing record of the person for a download, newest first."""
    rows = (
        LearningRecord.objects.standing()
        .filter(person=person)
        .select_related("course_version")
        .order_by("-occurred_on", "-pk")
    )
    for row in rows.iterator(2000):
        yield (
            row.occurred_on.isoformat(),
            row.title,
            RecordKind(row.kind).label,
            row.hours,
            RecordSource(row.source).label,
            row.course_version.number if row.course_version else "",
        )


def visits_to(person: User, at: dt.datetime, on: dt.date, limit: int = 5) -> list[Access]:
    """Return who looked at the person's record last, as they are told; five queries."""
    return access_rows(accesses_to(person, at)[:limit], on)
