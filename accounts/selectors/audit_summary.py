"""What a setting lead sees of the audit log: numbers for their own organisation, and no names."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count
from django.db.models.functions import TruncWeek
from django.utils import timezone

from accounts.audit.wording import verb_in_words
from accounts.models import AuditEvent

WEEKS = 8


@dataclass(frozen=True)
class SummaryRow:
    """One kind of event: how often in each week, the latest first, and together."""

    what: str
    weeks: list[int]
    total: int


@dataclass(frozen=True)
class Summary:
    """The weeks by their Mondays, the latest first, and a row for each kind that happened."""

    weeks: list[dt.date]
    rows: list[SummaryRow]


def setting_summary(organisation_ids: Collection[int], at: dt.datetime) -> Summary:
    """Count the events of these organisations by kind and week; one query.

    What may not be told yet is not counted either.
    """
    today = timezone.localdate(at)
    monday = today - dt.timedelta(days=today.weekday())
    weeks = [monday - dt.timedelta(weeks=number) for number in range(WEEKS)]
    begin = timezone.make_aware(dt.datetime.combine(weeks[-1], dt.time()))
    counted = (
        AuditEvent.objects.told(at)
        .filter(organisation__in=organisation_ids, at__gte=begin, at__lte=at)
        .order_by()
        .annotate(week=TruncWeek("at"))
        .values_list("verb", "week")
        .annotate(n=Count("pk"))
    )
    numbers: dict[str, dict[dt.date, int]] = defaultdict(dict)
    for verb, week, number in counted:
        numbers[verb][timezone.localtime(week).date()] = number
    rows = [
        SummaryRow(
            what=verb_in_words(verb),
            weeks=[by_week.get(week, 0) for week in weeks],
            total=sum(by_week.values()),
        )
        for verb, by_week in numbers.items()
    ]
    return Summary(weeks, sorted(rows, key=lambda row: (-row.total, row.what)))
