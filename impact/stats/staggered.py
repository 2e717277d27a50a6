"""Second opinions that stay right when schools train in different years (worker only)."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from .panel import Panel
from .poisson import CannotEstimate
from .pretrend import WaldTest, joint_wald


@dataclass(frozen=True, slots=True)
class RobustEstimate:
    """An average effect on the trained: in the outcome's unit, with standard error and limits.

    `percent` sets it against what the trained schools' rate would have been, and `percent_limits`
    its limits; None when that is 0.
    """

    method: str
    effect: float
    standard_error: float
    lower: float
    upper: float
    percent: float | None
    percent_limits: tuple[float, float] | None


@dataclass(frozen=True, slots=True, eq=False)
class GroupTimeEffects:
    """Callaway and Sant'Anna's estimates: overall, by cohort, by years since, and the pre-test."""

    overall: float
    overall_error: float
    overall_limits: tuple[float, float]
    by_cohort: dict[int, float]
    by_step: dict[int, tuple[float, float]]
    pre_test: WaldTest | None


def group_time_effects(
    frame: Any, *, outcome: str, unit: str, period: str, first_treated: str, not_yet: bool = False
) -> GroupTimeEffects:
    """Estimate group-time effects on a long frame; `first_treated` is 0 for the never trained.

    Comparison is the never trained, or with `not_yet` also those trained later. Raises
    CannotEstimate when there is no usable comparison. Callaway and Sant'Anna (2021), Journal of
    Econometrics 225, 200-230.
    """
    from diff_diff import CallawaySantAnna

    control = "not_yet_treated" if not_yet else "never_treated"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = CallawaySantAnna(
                control_group=control, estimation_method="reg", base_period="varying"
            ).fit(
                frame,
                outcome=outcome,
                unit=unit,
                time=period,
                first_treat=first_treated,
                aggregate="all",
            )
    except Exception as error:  # the library raises many kinds, all of them "no answer"
        raise CannotEstimate(f"the staggered estimator gave no answer: {error}") from error
    return GroupTimeEffects(
        overall=float(result.overall_att),
        overall_error=float(result.overall_se),
        overall_limits=(float(result.overall_conf_int[0]), float(result.overall_conf_int[1])),
        by_cohort={int(g): float(v["effect"]) for g, v in result.group_effects.items()},
        by_step={
            int(step): (float(v["effect"]), float(v["se"]))
            for step, v in result.event_study_effects.items()
        },
        pre_test=pre_test(
            frame,
            outcome=outcome,
            unit=unit,
            period=period,
            first_treated=first_treated,
            not_yet=not_yet,
        ),
    )


def pre_test(
    frame: Any, *, outcome: str, unit: str, period: str, first_treated: str, not_yet: bool = False
) -> WaldTest | None:
    """Test jointly the year-on-year group-time effects before training, from influence values.

    Shapes and comparison as in group_time_effects; None when no cohort has two earlier years.
    """
    wide = frame.pivot(index=unit, columns=period, values=outcome)
    first = frame.groupby(unit)[first_treated].first().reindex(wide.index).to_numpy()
    values = wide.to_numpy(dtype=float)
    years = [int(year) for year in wide.columns]
    estimates, influences = [], []
    for cohort in sorted({int(g) for g in first if g > 0}):
        for earlier, year in enumerate(years[1:]):
            if year >= cohort:
                break
            change = values[:, earlier + 1] - values[:, earlier]
            treated = first == cohort
            control = (first == 0) | (not_yet & (first > year) & (first != cohort))
            if not control.any():
                continue
            influence = np.zeros(len(change))
            for members, sign in ((treated, 1), (control, -1)):
                spread = change[members] - change[members].mean()
                influence[members] = sign * spread / members.sum()
            estimates.append(change[treated].mean() - change[control].mean())
            influences.append(influence)
    if not estimates:
        return None
    stacked = np.stack(influences)
    return joint_wald(np.array(estimates), stacked @ stacked.T)


def rate_frame(panel: Panel) -> Any:
    """Lay out rates per 100 of the schools seen in every period: school, period, first, rate."""
    import pandas as pd

    whole = panel.keeping_schools(np.asarray(panel.observed.all(axis=1)))
    schools, periods = np.indices(whole.counts.shape)
    first = np.where(whole.ever_treated, whole.first_treated + 1, 0)
    return pd.DataFrame(
        {
            "school": schools.ravel(),
            "period": periods.ravel() + 1,
            "first": np.repeat(first, whole.periods),
            "rate": (100 * whole.counts / whole.exposure).ravel(),
        }
    )


def callaway_santanna(panel: Panel) -> RobustEstimate:
    """Estimate the effect on trained schools' rates per 100, against the not yet trained."""
    frame = rate_frame(panel)
    effects = group_time_effects(
        frame,
        outcome="rate",
        unit="school",
        period="period",
        first_treated="first",
        not_yet=True,
    )
    return _robust(
        "Callaway and Sant'Anna",
        effects.overall,
        effects.overall_error,
        effects.overall_limits,
        frame,
    )


def imputation(panel: Panel) -> RobustEstimate:
    """Estimate the effect by imputing untrained rates; Borusyak, Jaravel and Spiess (2024)."""
    from diff_diff import ImputationDiD

    frame = rate_frame(panel)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = ImputationDiD().fit(
                frame, outcome="rate", unit="school", time="period", first_treat="first"
            )
    except Exception as error:  # the library raises many kinds, all of them "no answer"
        raise CannotEstimate(f"the imputation estimator gave no answer: {error}") from error
    effect = float(result.overall_att)
    low, high = result.overall_conf_int
    return _robust("Imputation", effect, float(result.overall_se), (float(low), float(high)), frame)


def _robust(
    method: str, effect: float, error: float, limits: tuple[float, float], frame: Any
) -> RobustEstimate:
    after = frame[(frame["first"] > 0) & (frame["period"] >= frame["first"])]["rate"].mean()
    without = float(after) - effect
    scale = 100 / without if without > 0 else None
    return RobustEstimate(
        method,
        effect,
        error,
        *limits,
        percent=None if scale is None else scale * effect,
        percent_limits=None if scale is None else (scale * limits[0], scale * limits[1]),
    )
