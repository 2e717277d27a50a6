"""Where a setting stands: each requirement with its denominator."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count

from accounts.models import Organisation, User
from cpd_tracking.enums import LATE_STATUSES, UNCOUNTED_STATUSES, Status
from cpd_tracking.models import TrainingRequirement
from cpd_tracking.selectors.team import GridFilters, posts_of_team, team_obligations


@dataclass(frozen=True)
class RequirementLine:
    """One requirement in a setting: valid of counted, and what is late or due soon."""

    requirement: TrainingRequirement
    valid: int
    counted: int
    late: int
    due: int

    @property
    def percent(self) -> int:
        """Valid of counted, rounded down."""
        return self.valid * 100 // self.counted if self.counted else 0


def setting_overview(
    viewer: User, organisation: Organisation, today: dt.date
) -> list[RequirementLine]:
    """Return each requirement that binds somebody there, in two queries beside the scope."""
    filters = GridFilters(organisation=organisation.pk)
    rows = team_obligations(posts_of_team(viewer, filters, today), filters, today)
    counts: dict[int, list[int]] = {}
    for requirement, status, valid, n in (
        rows.order_by()
        .values("requirement", "status", "is_valid")
        .annotate(n=Count("pk"))
        .values_list("requirement", "status", "is_valid", "n")
    ):
        if status in UNCOUNTED_STATUSES:
            continue
        line = counts.setdefault(requirement, [0, 0, 0, 0])
        line[0] += n if valid else 0
        line[1] += n
        line[2] += n if status in LATE_STATUSES else 0
        line[3] += n if status == Status.DUE_SOON else 0
    return [
        RequirementLine(requirement, *counts[requirement.pk])
        for requirement in TrainingRequirement.objects.filter(pk__in=counts)
    ]
