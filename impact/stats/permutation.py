"""Randomisation inference: how often would shuffled adoption dates look as striking as real?"""

from dataclasses import dataclass

import numpy as np

from .conditional import BatchFit, fit_batch
from .panel import NEVER, Bools, Floats, Ints, Panel

CHUNK = 250
"""Designs fitted at once: keeps memory under about 100 MB for 60 schools and 10 years."""


@dataclass(frozen=True, slots=True)
class RandomisationResult:
    """The estimate with its permutation p-value and the interval that agrees with it.

    log_ratio, lower, upper and smallest_detectable are on the log scale; smallest_detectable is
    the size seen four times in five at the 5 % level; draws is the number of shuffles.
    """

    log_ratio: float
    standard_error: float
    lower: float
    upper: float
    p_value: float
    smallest_detectable: float
    draws: int


def shuffled_adoptions(panel: Panel, *, draws: int, seed: int) -> Ints:
    """Permute the schools' first trained periods within each phase: (draws, schools)."""
    generator = np.random.default_rng(seed)
    shuffled = np.tile(panel.first_treated, (draws, 1))
    for stratum in np.unique(panel.strata):
        places = np.flatnonzero(panel.strata == stratum)
        order = np.argsort(generator.random((draws, places.size)), axis=1)
        shuffled[:, places] = panel.first_treated[places][order]
    return shuffled


def relative_to(adoptions: Ints, periods: int) -> Ints:
    """Give periods since adoption: (draws, schools, periods)."""
    steps: Ints = np.arange(periods)[None, None, :] - adoptions[:, :, None]
    return steps


def permutation_p(observed: float, shuffled: Floats) -> float:
    """Give the share of shuffles at least as large, the observed one counted among them."""
    usable = shuffled[np.isfinite(shuffled)]
    reached = int((usable >= observed - 1e-10).sum())
    return float((reached + 1) / (usable.size + 1))


def fit_in_chunks(panel: Panel, designs: Floats) -> BatchFit:
    """Fit a long batch of designs a chunk at a time; shapes as in fit_batch."""
    parts = [
        fit_batch(panel, designs[start : start + CHUNK])
        for start in range(0, designs.shape[0], CHUNK)
    ]
    return BatchFit(
        np.concatenate([part.effects for part in parts]),
        np.concatenate([part.clustered for part in parts]),
        np.concatenate([part.model_based for part in parts]),
        np.concatenate([part.converged for part in parts]),
    )


def randomisation_inference(
    panel: Panel, *, draws: int = 999, seed: int = 0
) -> RandomisationResult:
    """Test the sharp null of no effect by permuting adoption dates within phase.

    The statistic is the clustered t value, so the interval is the estimate plus or minus its
    standard error times the 95th percentile of the shuffled absolute t: it leaves out zero exactly
    when p < .05. Young (2019), QJE 134, 557-598; MacKinnon and Webb (2020).
    """
    adoptions = np.concatenate(
        [panel.first_treated[None], shuffled_adoptions(panel, draws=draws, seed=seed)]
    )
    after = relative_to(adoptions, panel.periods) >= 0
    fit = fit_in_chunks(panel, after[..., None].astype(float))
    t = np.where(_usable(fit), fit.t_values(0), np.nan)
    sizes = np.abs(t[1:])
    sizes = sizes[np.isfinite(sizes)]
    effects = np.where(_usable(fit), fit.effects[:, 0], np.nan)[1:]
    effects = effects[np.isfinite(effects)]
    estimate = float(fit.effects[0, 0])
    error = float(np.sqrt(fit.clustered[0, 0, 0]))
    ranked = np.sort(np.append(sizes, abs(t[0])))
    critical = float(ranked[max(0, int(np.ceil(0.95 * ranked.size)) - 1)])
    spread = np.abs(effects - np.median(effects))
    detectable = float(np.quantile(spread, 0.95) + np.quantile(spread, 0.60))
    return RandomisationResult(
        log_ratio=estimate,
        standard_error=error,
        lower=estimate - critical * error,
        upper=estimate + critical * error,
        p_value=permutation_p(float(abs(t[0])), sizes),
        smallest_detectable=detectable,
        draws=int(sizes.size),
    )


def leave_one_out(panel: Panel) -> Floats:
    """Re-estimate without each trained school in turn: log ratios, one for each trained school."""
    estimates = []
    for school in np.flatnonzero(panel.ever_treated):
        keep = np.ones(panel.schools, dtype=bool)
        keep[school] = False
        part = panel.keeping_schools(keep)
        estimates.append(
            fit_batch(part, part.trained[None, :, :, None].astype(float)).effects[0, 0]
        )
    return np.array(estimates)


def _usable(fit: BatchFit) -> Bools:
    """Mark fits that converged to a finite answer with a usable spread."""
    good: Bools = (
        np.isfinite(fit.effects[:, 0])
        & (np.abs(fit.effects[:, 0]) < 15)
        & (fit.clustered[:, 0, 0] > 1e-10)
    )
    return good


def placebo_date(panel: Panel, *, draws: int = 499, seed: int = 0) -> RandomisationResult | None:
    """Pretend training began two years early, reading only years before anybody was trained.

    An effect of training that had not happened points to something else. None with fewer than
    four years before training.
    """
    before = panel.pre_periods
    if before < 4:
        return None
    early = panel.keeping_periods(np.arange(panel.periods) < before)
    pretended = np.where(panel.ever_treated, before - 2, NEVER).astype(np.int64)
    moved = Panel(
        early.counts, early.exposure, pretended, early.strata, early.labels, early.observed
    )
    return randomisation_inference(moved, draws=draws, seed=seed)
