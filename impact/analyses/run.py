"""Run one question through its steps: checks first, then the estimate, the grade, the words."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

import numpy as np

from impact.analyses.checks import Check, checks_of
from impact.analyses.inputs import Inputs
from impact.stats.grading import Evidence, Grade, Graded, grade
from impact.stats.permutation import (
    RandomisationResult,
    leave_one_out,
    placebo_date,
    randomisation_inference,
)
from impact.stats.poisson import CannotEstimate, PoissonEstimate, fixed_effects_poisson
from impact.stats.pretrend import PreTrend, Spike, adoption_spike, pre_trend
from impact.stats.staggered import RobustEstimate, callaway_santanna, imputation
from impact.stats.wording import Subject, answer, percent_change, smallest_change

DRAWS = 999
# Arms this small give no estimate at all (design: impact, disclosure).
LEAST_ARM, LEAST_PEOPLE = 5, 10
LIBRARIES = ("pyfixest", "diff-diff", "numpy", "scipy", "pandas")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished run: the grade, the answer in words, and the result as JSON."""

    grade: str
    answer: str
    result: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """What the methods found; None where a step could not be taken."""

    pre_trend: PreTrend | None
    spike: Spike | None
    placebo: RandomisationResult | None
    main: RandomisationResult | None
    clustered: PoissonEstimate | None
    opinions: tuple[RobustEstimate, ...]
    without_one: tuple[float, float] | None


def run(inputs: Inputs, subject: Subject, *, seed: int, draws: int = DRAWS) -> Outcome:
    """Answer a question from its inputs; the same inputs and seed give the same answer.

    Too small an arm gives no estimate: the numbers stay inside and only the checks come out.
    """
    panel = inputs.panel
    trained = int(panel.ever_treated.sum())
    comparison = panel.schools - trained
    may_show = min(trained, comparison) >= LEAST_ARM and inputs.trained_people >= LEAST_PEOPLE
    found = _find(inputs, seed=seed, draws=draws) if may_show else _NOTHING
    main = found.main
    graded = grade(
        Evidence(
            trained,
            comparison,
            panel.pre_periods,
            pre_trend_p=found.pre_trend.p_value if found.pre_trend else None,
            spike_p=found.spike.p_value if found.spike else None,
            placebo_p=found.placebo.p_value if found.placebo else None,
            lower=main.lower if main else None,
            upper=main.upper if main else None,
            permutation_p=main.p_value if main else None,
        )
    )
    words = answer(
        subject,
        graded.grade,
        log_ratio=main.log_ratio if main else None,
        lower=main.lower if main else None,
        upper=main.upper if main else None,
        smallest=main.smallest_detectable if main else None,
    )
    shows_estimate = main is not None and graded.grade in _ESTIMATED
    checks = checks_of(
        inputs,
        found,
        trained=trained,
        comparison=comparison,
        may_show=may_show,
        shows_estimate=shows_estimate,
    )
    return Outcome(
        str(graded.grade),
        words,
        {
            **_result(inputs, found, graded, checks, may_show=may_show, seed=seed, draws=draws),
            "estimate": _estimate(found) if shows_estimate else None,
        },
    )


_ESTIMATED = (Grade.NO_CLEAR_DIFFERENCE, Grade.SUGGESTIVE)
_NOTHING = Found(None, None, None, None, None, (), None)


def _find(inputs: Inputs, *, seed: int, draws: int) -> Found:
    panel = inputs.panel
    try:
        clustered: PoissonEstimate | None = fixed_effects_poisson(panel)
        main: RandomisationResult | None = randomisation_inference(panel, draws=draws, seed=seed)
    except CannotEstimate:
        clustered, main = None, None
    opinions = []
    for method in (callaway_santanna, imputation):
        try:
            opinions.append(method(panel))
        except CannotEstimate:
            continue
    left_out = leave_one_out(panel)
    usable = bool(left_out.size) and bool(np.isfinite(left_out).all())
    return Found(
        pre_trend(panel, draws=draws, seed=seed + 1),
        adoption_spike(panel, draws=draws, seed=seed + 2),
        placebo_date(panel, draws=draws, seed=seed + 3),
        main,
        clustered,
        tuple(opinions),
        (float(left_out.min()), float(left_out.max())) if usable else None,
    )


def _result(
    inputs: Inputs,
    found: Found,
    graded: Graded,
    checks: list[Check],
    *,
    may_show: bool,
    seed: int,
    draws: int,
) -> dict[str, Any]:
    main = found.main
    return {
        "reasons": list(graded.reasons),
        "checks": [asdict(check) for check in checks],
        "smallest_change": smallest_change(main.smallest_detectable) if main else "",
        "series": _series(inputs) if may_show else [],
        "first_trained": inputs.panel.labels[inputs.panel.pre_periods] if may_show else "",
        "event_study": _event_study(found.pre_trend) if may_show else [],
        "methods": {
            "seed": seed,
            "draws": draws,
            "schools": inputs.panel.schools,
            "years": list(inputs.panel.labels),
            "libraries": {name: version(name) for name in LIBRARIES},
            "inputs_sha256": inputs.fingerprint,
        },
    }


def _estimate(found: Found) -> dict[str, Any]:
    assert found.main is not None
    main = found.main
    clustered = found.clustered
    return {
        "percent": round(percent_change(main.log_ratio)),
        "lower": round(percent_change(main.lower)),
        "upper": round(percent_change(main.upper)),
        "permutation_p": round(main.p_value, 3),
        "clustered_p": round(clustered.p_value, 3) if clustered else None,
        "clustered": [
            round(percent_change(clustered.lower)),
            round(percent_change(clustered.upper)),
        ]
        if clustered
        else None,
        "opinions": [
            {
                "method": opinion.method,
                "percent": None if opinion.percent is None else round(opinion.percent),
                "limits": None
                if opinion.percent_limits is None
                else [round(limit) for limit in opinion.percent_limits],
                "crosses_zero": bool(opinion.lower <= 0 <= opinion.upper),
            }
            for opinion in found.opinions
        ],
    }


def _series(inputs: Inputs) -> list[dict[str, Any]]:
    """Give both arms' yearly rates per 100, from counts rounded to 5 and pupils to 50.

    Rounding keeps two questions that differ by one school from giving that school away.
    """
    panel = inputs.panel
    arms = []
    for name, member in (("trained", panel.ever_treated), ("comparison", ~panel.ever_treated)):
        events = 5 * np.round(panel.counts[member].sum(axis=0) / 5)
        pupils = 50 * np.round(panel.exposure[member].sum(axis=0) / 50)
        arms.append(
            {
                "arm": name,
                "schools": int(member.sum()),
                "rates": [
                    None if 0 < count <= 5 or people == 0 else round(float(100 * count / people), 1)
                    for count, people in zip(events, pupils, strict=True)
                ],
            }
        )
    return arms


def _event_study(result: PreTrend | None) -> list[dict[str, Any]]:
    if result is None:
        return []
    return [
        {
            "step": point.step,
            "percent": round(percent_change(point.log_ratio)),
            "lower": round(percent_change(point.log_ratio - 1.96 * point.standard_error)),
            "upper": round(percent_change(point.log_ratio + 1.96 * point.standard_error)),
        }
        for point in result.points
        if math.isfinite(point.standard_error) and point.standard_error < 3
    ]
