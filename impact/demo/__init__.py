"""Merrowdale's part of the impact room: cohorts with a known truth, outcomes, questions."""

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
from .questions import build_questions

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
    "build_questions",
    "cohort_plan",
    "planned_records",
]
