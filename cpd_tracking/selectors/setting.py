"""Where a setting stands: each requirement with its denominator."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count

from accounts.models import LocalArea, Organisation, User
from cpd_tracking.enums import LATE_STATUSES, UNCOUNTED_STATUSES, RecordSource, Status
from cpd_tracking.models import RequirementVersion, TrainingRequirement
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


def shown_by_evidence_only(local_area: LocalArea) -> set[tuple[str, int]]:
    """Return ("course" or "topic", id) of what no rule takes on a setting's own word; one query.

    A qualification that a rule takes only as approved evidence cannot be had by a session.
    """
    closed: set[tuple[str, int]] = set()
    open_: set[tuple[str, int]] = set()
    for alternatives in RequirementVersion.objects.filter(
        requirement__local_area=local_area
    ).values_list("satisfied_by", flat=True):
        for alternative in alternatives:
            kind = "course" if "course" in alternative else "topic"
            sources = alternative.get("sources")
            refused = sources is not None and RecordSource.ATTESTED_BY_SETTING not in sources
            (closed if refused else open_).add((kind, alternative[kind]))
    return closed - open_


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
