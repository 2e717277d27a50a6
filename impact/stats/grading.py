"""From checks and an estimate to one of four grades. The rules are the whole of this file."""

import math
from dataclasses import dataclass
from enum import StrEnum

LEAST_SCHOOLS = 10
LEAST_PRE_YEARS = 3
GATE = 0.10
"""A gate closes at p <= .10: with few schools these tests see little, so they are strict."""
PLACEBO_GATE = 0.05
LEVEL = 0.05


class Grade(StrEnum):
    """How much can be said, least first. "Consistent" waits for HonestDiD and is not given yet."""

    INSUFFICIENT = "insufficient"
    DESCRIPTIVE = "descriptive"
    NO_CLEAR_DIFFERENCE = "no_clear_difference"
    SUGGESTIVE = "suggestive"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the checks and the estimate found; None where a check could not be run."""

    trained_schools: int
    comparison_schools: int
    pre_years: int
    pre_trend_p: float | None = None
    spike_p: float | None = None
    placebo_p: float | None = None
    lower: float | None = None
    upper: float | None = None
    permutation_p: float | None = None


@dataclass(frozen=True, slots=True)
class Graded:
    """A grade and the reasons for it, each a finished sentence."""

    grade: Grade
    reasons: tuple[str, ...]


def grade(evidence: Evidence) -> Graded:
    """Give the grade the evidence bears, capped at Suggestive, with the reasons in words."""
    reasons = _too_little(evidence)
    if reasons:
        return Graded(Grade.INSUFFICIENT, tuple(reasons))
    reasons = _failed_gates(evidence)
    if reasons:
        return Graded(Grade.DESCRIPTIVE, tuple(reasons))
    if evidence.lower is None or evidence.upper is None or evidence.permutation_p is None:
        return Graded(Grade.DESCRIPTIVE, ("The model gave no answer on these figures.",))
    limits = (evidence.lower, evidence.upper)
    if not all(math.isfinite(limit) for limit in limits):
        return Graded(Grade.DESCRIPTIVE, ("The model gave no usable interval.",))
    crosses = limits[0] <= 0 <= limits[1]
    if crosses or evidence.permutation_p > LEVEL:
        return Graded(
            Grade.NO_CLEAR_DIFFERENCE,
            ("The checks pass and the interval includes no difference.",),
        )
    return Graded(
        Grade.SUGGESTIVE,
        (
            "The checks pass and the interval leaves out no difference. The grade stops here "
            "until a test of how wrong the comparison may be has been added.",
        ),
    )


def _too_little(evidence: Evidence) -> list[str]:
    reasons = []
    if evidence.trained_schools < LEAST_SCHOOLS:
        reasons.append(
            f"{evidence.trained_schools} trained schools; at least {LEAST_SCHOOLS} are needed."
        )
    if evidence.comparison_schools < LEAST_SCHOOLS:
        reasons.append(
            f"{evidence.comparison_schools} comparison schools; "
            f"at least {LEAST_SCHOOLS} are needed."
        )
    if evidence.pre_years < LEAST_PRE_YEARS:
        reasons.append(
            f"{evidence.pre_years} usable years before training; "
            f"at least {LEAST_PRE_YEARS} are needed."
        )
    return reasons


def _failed_gates(evidence: Evidence) -> list[str]:
    reasons = []
    if evidence.spike_p is None or evidence.pre_trend_p is None:
        reasons.append("The years before training could not be compared.")
    if evidence.spike_p is not None and evidence.spike_p <= GATE:
        reasons.append(
            "Training followed an unusually high year. Figures tend to fall back after such a "
            "year, trained or not."
        )
    if evidence.pre_trend_p is not None and evidence.pre_trend_p <= GATE:
        reasons.append("The two groups were already moving apart before training.")
    if evidence.placebo_p is not None and evidence.placebo_p <= PLACEBO_GATE:
        reasons.append(
            "A pretended training two years earlier shows a difference too, before anybody "
            "was trained."
        )
    return reasons
