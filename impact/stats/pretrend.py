"""The gate before any estimate: were schools already on different paths, or chosen on a spike?"""

from dataclasses import dataclass

import numpy as np

from .panel import Floats, Panel
from .permutation import fit_in_chunks, permutation_p, relative_to, shuffled_adoptions

EARLIEST_LEAD = 4
"""Leads further back are pooled, so that thin early years do not spend the test's power."""


@dataclass(frozen=True, slots=True)
class WaldTest:
    """A joint test: statistic, degrees of freedom and its chi-squared p-value."""

    statistic: float
    degrees: int
    p_value: float


@dataclass(frozen=True, slots=True)
class EventPoint:
    """One point of an event study, log scale; `step` counts years from the first trained one."""

    step: int
    log_ratio: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class PreTrend:
    """The joint pre-trend test, its permutation p-value, and the event study it was read from."""

    wald: WaldTest
    p_value: float
    points: tuple[EventPoint, ...]


@dataclass(frozen=True, slots=True)
class Spike:
    """How far the year before adoption stood above earlier years, against comparison schools."""

    log_ratio: float
    p_value: float

    @property
    def percent(self) -> float:
        """Give the rise in per cent."""
        return float(100 * np.expm1(self.log_ratio))


def joint_wald(estimates: Floats, covariance: Floats) -> WaldTest:
    """Test that all estimates are zero; a singular covariance loses the directions it lacks."""
    from scipy import stats

    inverse = np.linalg.pinv(covariance, hermitian=True)
    degrees = int(np.linalg.matrix_rank(covariance, hermitian=True))
    statistic = float(estimates @ inverse @ estimates)
    return WaldTest(statistic, degrees, float(stats.chi2.sf(statistic, degrees)))


def pre_trend(panel: Panel, *, draws: int = 499, seed: int = 0) -> PreTrend | None:
    """Test jointly that trained schools did not move apart from the others before training.

    Event-study Poisson with the year before training as base. The Wald statistic uses the
    clustered covariance for its chi-squared p; the permutation p, which holds its size with few
    schools, uses the model covariance. None when there are fewer than two years before training.
    """
    leads = _leads(panel)
    if not leads:
        return None
    lags = sorted({int(step) for step in panel.relative[panel.ever_treated].ravel() if step >= 0})
    adoptions = np.concatenate(
        [panel.first_treated[None], shuffled_adoptions(panel, draws=draws, seed=seed)]
    )
    steps = relative_to(adoptions, panel.periods)
    ever = (adoptions < panel.periods)[:, :, None]
    columns = [_at_lead(steps, lead, leads[0]) & ever for lead in leads]
    columns.append(steps >= 0)
    fit = fit_in_chunks(panel, np.stack(columns, axis=-1).astype(float))
    k = len(leads)
    wald = joint_wald(fit.effects[0, :k], fit.clustered[0, :k, :k])
    statistics = np.einsum(
        "bk,bkl,bl->b",
        fit.effects[:, :k],
        np.linalg.pinv(fit.model_based[:, :k, :k], hermitian=True),
        fit.effects[:, :k],
    )
    p_value = permutation_p(float(statistics[0]), statistics[1:])
    return PreTrend(wald, p_value, _event_study(panel, leads, lags))


def adoption_spike(panel: Panel, *, draws: int = 499, seed: int = 0) -> Spike | None:
    """Test, one-sided, whether the year before adoption stood out above the school's earlier years.

    Training bought after a bad year makes a true zero look like a fall. None when no trained
    school has two years before training.
    """
    if not _leads(panel):
        return None
    adoptions = np.concatenate(
        [panel.first_treated[None], shuffled_adoptions(panel, draws=draws, seed=seed)]
    )
    steps = relative_to(adoptions, panel.periods)
    ever = (adoptions < panel.periods)[:, :, None]
    designs = np.stack([(steps == -1) & ever, steps >= 0], axis=-1).astype(float)
    fit = fit_in_chunks(panel, designs)
    spread = np.sqrt(np.maximum(fit.model_based[:, 0, 0], 1e-12))
    t = fit.effects[:, 0] / spread
    return Spike(float(fit.effects[0, 0]), permutation_p(float(t[0]), t[1:]))


def _leads(panel: Panel) -> list[int]:
    """List the leads to estimate, earliest first, without the base year -1."""
    before = panel.relative[panel.ever_treated]
    observed = panel.observed[panel.ever_treated]
    steps = {int(step) for step in before[observed & (before < -1)].ravel()}
    return sorted({max(step, -EARLIEST_LEAD) for step in steps})


def _at_lead(steps: np.ndarray, lead: int, earliest: int) -> np.ndarray:
    """Mark the periods at a lead; the earliest takes everything further back with it."""
    return steps <= lead if lead == earliest else steps == lead


def _event_study(panel: Panel, leads: list[int], lags: list[int]) -> tuple[EventPoint, ...]:
    """Estimate every lead and lag against the year before training."""
    steps = panel.relative[None]
    ever = panel.ever_treated[None, :, None]
    columns = [_at_lead(steps, lead, leads[0]) & ever for lead in leads]
    columns += [(steps == lag) & ever for lag in lags]
    fit = fit_in_chunks(panel, np.stack(columns, axis=-1).astype(float))
    errors = np.sqrt(np.maximum(np.diagonal(fit.clustered[0]), 0.0))
    points = [
        EventPoint(step, float(effect), float(error))
        for step, effect, error in zip(leads + lags, fit.effects[0], errors, strict=True)
    ]
    points.append(EventPoint(-1, 0.0, 0.0))
    return tuple(sorted(points, key=lambda point: point.step))
