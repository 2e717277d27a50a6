"""The primary estimate: two-way fixed-effects Poisson on counts (pyfixest; worker only)."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from .panel import Panel


@dataclass(frozen=True, slots=True)
class PoissonEstimate:
    """A log rate ratio with its clustered standard error and limits; rows and schools used."""

    log_ratio: float
    standard_error: float
    lower: float
    upper: float
    p_value: float
    rows: int
    schools: int


class CannotEstimate(Exception):
    """The model has no answer on these data; the message says why."""


def long_rows(panel: Panel) -> Any:
    """Lay the panel out as a pandas frame, one row for each observed school and period."""
    import pandas as pd

    schools, periods = np.nonzero(panel.observed)
    return pd.DataFrame(
        {
            "school": schools,
            "period": periods,
            "phase_year": panel.strata[schools] * 1000 + periods,
            "count": panel.counts[schools, periods],
            "log_exposure": np.log(panel.exposure[schools, periods]),
            "trained": panel.trained[schools, periods].astype(float),
        }
    )


def fixed_effects_poisson(panel: Panel) -> PoissonEstimate:
    """Estimate the log rate ratio after training with school and phase-by-year effects.

    Offset is log headcount, errors are clustered by school, separated rows are dropped by the
    iterative rectifier (Correia, Guimaraes and Zylkin 2019). Raises CannotEstimate when training
    does not vary once the effects are taken out.
    """
    import pyfixest as pf

    frame = long_rows(panel)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fit = pf.fepois(
                "count ~ trained | school + phase_year",
                data=frame,
                vcov={"CRV1": "school"},
                offset="log_exposure",
                separation_check=["ir"],
                fixef_rm="none",
                iwls_maxiter=200,
            )
            table = fit.tidy()
    except Exception as error:  # the library raises many kinds, all of them "no answer"
        raise CannotEstimate(f"the Poisson model gave no answer: {error}") from error
    if "trained" not in table.index:
        raise CannotEstimate("training does not vary once school and year are taken into account")
    row = table.loc["trained"]
    return PoissonEstimate(
        log_ratio=float(row["Estimate"]),
        standard_error=float(row["Std. Error"]),
        lower=float(row["2.5%"]),
        upper=float(row["97.5%"]),
        p_value=float(row["Pr(>|t|)"]),
        rows=int(fit._N),
        schools=int(np.unique(frame["school"]).size),
    )
