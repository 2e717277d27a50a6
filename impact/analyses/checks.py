"""The checks a reader sees before any figure: each with its sign, its title and one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from impact.analyses.inputs import Inputs
from impact.stats.grading import GATE, LEAST_PRE_YEARS, LEAST_SCHOOLS, PLACEBO_GATE
from impact.stats.wording import change_in_words

if TYPE_CHECKING:
    from impact.analyses.run import Found


@dataclass(frozen=True, slots=True)
class Check:
    """One check: status is pass, warning, fail or unknown, as the check list component takes it."""

    status: str
    title: str
    detail: str


def checks_of(
    inputs: Inputs,
    found: Found,
    *,
    trained: int,
    comparison: int,
    may_show: bool,
    shows_estimate: bool,
) -> list[Check]:
    """List all checks in the order a reader should meet them.

    Checks of the estimate itself come out only where the estimate does.
    """
    return [
        _schools(trained, comparison),
        _years(inputs),
        *_pandemic(inputs),
        *_left_out(inputs),
        *_conversions(inputs),
        _disclosure(may_show),
        _spike(found),
        _pre_trend(found),
        *_placebo(found),
        *(_opinions(found) + _leave_one_out(found) if shows_estimate else []),
    ]


def _schools(trained: int, comparison: int) -> Check:
    enough = min(trained, comparison) >= LEAST_SCHOOLS
    return Check(
        "pass" if enough else "fail",
        f"{trained} trained schools and {comparison} to compare with",
        "Both groups are large enough to compare."
        if enough
        else f"Each group needs at least {LEAST_SCHOOLS} schools.",
    )


def _years(inputs: Inputs) -> Check:
    before = inputs.panel.pre_periods
    enough = before >= LEAST_PRE_YEARS
    return Check(
        "pass" if enough else "fail",
        f"{before} usable years before anybody was trained",
        f"Needed to see where schools were heading: at least {LEAST_PRE_YEARS}.",
    )


def _pandemic(inputs: Inputs) -> list[Check]:
    if not inputs.pandemic_left_out:
        return []
    years = " and ".join(inputs.pandemic_left_out)
    return [
        Check(
            "warning",
            f"{years} left out",
            "Schools were closed to most pupils for part of these years.",
        )
    ]


def _left_out(inputs: Inputs) -> list[Check]:
    found = []
    if inputs.already_trained:
        found.append(
            Check(
                "warning",
                "Schools trained before the first year are left out",
                "They have no earlier years to be compared with.",
            )
        )
    if inputs.incomplete:
        found.append(
            Check(
                "warning",
                "Schools without a figure in every year are left out",
                "A school that opened, closed or sent no return would tilt the comparison.",
            )
        )
    return found


def _conversions(inputs: Inputs) -> list[Check]:
    if not inputs.converted:
        return []
    return [
        Check(
            "warning",
            "A school became an academy",
            "Its figures before and after are joined as one series.",
        )
    ]


def _disclosure(may_show: bool) -> Check:
    if may_show:
        return Check(
            "pass",
            "Groups are large enough to show",
            "No school or person can be picked out. Counts are rounded before rates are made.",
        )
    return Check(
        "fail",
        "Groups are too small to show",
        "Fewer than 5 schools or 10 trained people in a group: nothing about them is shown.",
    )


def _spike(found: Found) -> Check:
    title = "Did training follow an unusual year?"
    if found.spike is None:
        return Check("unknown", title, "There are too few earlier years to tell.")
    size = change_in_words(found.spike.log_ratio)
    if found.spike.p_value <= GATE:
        return Check(
            "fail",
            "Training followed an unusually high year",
            f"The year before training had {size} than earlier years, set against the other "
            "schools. Figures tend to fall back after such a year, trained or not.",
        )
    return Check(
        "pass",
        "Training did not follow an unusual year",
        f"The year before training had {size} than earlier years: within chance.",
    )


def _pre_trend(found: Found) -> Check:
    title = "Were the groups on the same path before?"
    if found.pre_trend is None:
        return Check("unknown", title, "There are too few earlier years to tell.")
    p = f"Joint test of the years before training: {_p(found.pre_trend.p_value)}."
    if found.pre_trend.p_value <= GATE:
        return Check("fail", "The groups were on different paths before training", p)
    return Check("pass", "No sign of different paths before training", p)


def _placebo(found: Found) -> list[Check]:
    if found.placebo is None:
        return []
    passed = found.placebo.p_value > PLACEBO_GATE
    return [
        Check(
            "pass" if passed else "fail",
            "A pretended training two years earlier shows "
            + ("nothing" if passed else "a difference too"),
            f"Using only years before anybody was trained: {_p(found.placebo.p_value)}.",
        )
    ]


def _p(value: float) -> str:
    """Write a p-value with spaces that do not break; a tiny one as below .01."""
    return "p\u00a0<\u00a00.01" if value < 0.01 else f"p\u00a0=\u00a0{value:.2f}"


def _opinions(found: Found) -> list[Check]:
    if found.main is None or not found.opinions:
        return []
    names = " and ".join(opinion.method for opinion in found.opinions)
    compared = f"Compared with: {names}."
    unclear = [found.main.lower <= 0 <= found.main.upper]
    unclear += [opinion.lower <= 0 <= opinion.upper for opinion in found.opinions]
    if all(unclear):
        return [Check("pass", "Other methods find no clear difference either", compared)]
    below = found.main.log_ratio < 0
    if any(unclear) or any((opinion.effect < 0) != below for opinion in found.opinions):
        return [Check("warning", "Other methods are less sure, or disagree", compared)]
    return [Check("pass", "Other methods point the same way", compared)]


def _leave_one_out(found: Found) -> list[Check]:
    if found.without_one is None:
        return []
    low, high = found.without_one
    steady = (low < 0) == (high < 0)
    return [
        Check(
            "pass" if steady else "warning",
            "No single school decides the direction"
            if steady
            else "Leaving out one school turns the direction round",
            "Each trained school was left out in turn.",
        )
    ]
