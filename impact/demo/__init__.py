"""Merrowdale's part of the impact room: cohorts with a known truth, and outcomes."""

from .cohorts import (
    AUTISM,
    EBSA,
    ELSA,
    TRAUMA,
    Adoption,
    CohortPlan,
    PlannedRecord,
    cohort_plan,
    planned_records,
)
from .outcomes import build_area_series, build_outcomes

__all__ = [
    "AUTISM",
    "EBSA",
    "ELSA",
    "TRAUMA",
    "Adoption",
    "CohortPlan",
    "PlannedRecord",
    "build_area_series",
    "build_outcomes",
    "cohort_plan",
    "planned_records",
]
