"""Pupils suspended in each setting in the latest year, as an aggregated viewer may see it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Max

from accounts.models import LocalArea, Organisation
from impact.models import SchoolOutcome
from impact.models.outcome import academic_year
from impact.selectors.coverage import GroupCoverage, SettingCoverage
from impact.selectors.settings import GROUPS, rules_of, settings_of
from impact.stats.suppression import Cell, protect_tree


@dataclass(frozen=True, slots=True)
class YearBySetting:
    """One year's pupils suspended of pupils on roll: by setting and by kind of setting."""

    period: str
    settings: tuple[SettingCoverage, ...]
    groups: tuple[GroupCoverage, ...]


def pupils_suspended(local_area: LocalArea) -> YearBySetting | None:
    """Give the latest year with returns, suppressed once over all settings; three queries.

    None when no setting has sent a return.
    """
    rows = SchoolOutcome.objects.in_area(local_area)
    year = rows.aggregate(latest=Max("year"))["latest"]
    if year is None:
        return None
    counts = {row.organisation_id: row for row in rows.filter(year=year)}
    grouped: dict[str, list[Organisation]] = defaultdict(list)
    for organisation, group in settings_of(local_area):
        if organisation.pk in counts:
            grouped[group].append(organisation)
    names = [name for _, name in GROUPS if name in grouped]
    cells = [
        [
            Cell(min(row.pupils_suspended, row.headcount), row.headcount)
            for row in (counts[org.pk] for org in grouped[name])
        ]
        for name in names
    ]
    members, totals, _ = protect_tree(cells, rules_of(local_area))
    settings = [
        SettingCoverage(org.pk, org.name, name, figure)
        for name, figures in zip(names, members, strict=True)
        for org, figure in zip(grouped[name], figures, strict=True)
    ]
    return YearBySetting(
        academic_year(year),
        tuple(sorted(settings, key=lambda row: row.name)),
        tuple(
            GroupCoverage(name, len(grouped[name]), figure)
            for name, figure in zip(names, totals, strict=True)
        ),
    )
