"""Fixed-effects Poisson for many designs at once.

School effects are conditioned out exactly, so a thousand permuted designs are one batched Newton
iteration on small matrices. pyfixest is the reference that tests hold this against.
"""

from dataclasses import dataclass

import numpy as np

from .panel import Bools, Floats, Ints, Panel


@dataclass(frozen=True, slots=True, eq=False)
class BatchFit:
    """Fits of a batch of designs: `effects` (batch, k); both covariances are (batch, k, k)."""

    effects: Floats
    clustered: Floats
    model_based: Floats
    converged: np.ndarray

    def t_values(self, column: int) -> Floats:
        """Give effect over its clustered standard error for one column, one for each design."""
        spread = np.sqrt(np.maximum(self.clustered[:, column, column], 1e-12))
        values: Floats = self.effects[:, column] / spread
        return values


def period_effects(panel: Panel) -> Floats:
    """Give period dummies (schools, periods, p), separate for each phase, first period left out."""
    strata = np.unique(panel.strata)
    columns = []
    for stratum in strata:
        member = (panel.strata == stratum)[:, None]
        for period in range(1, panel.periods):
            here = (np.arange(panel.periods) == period)[None, :]
            columns.append((member & here).astype(float))
    return np.stack(columns, axis=-1)


def fit_batch(panel: Panel, designs: Floats, *, iterations: int = 40) -> BatchFit:
    """Fit Poisson with school and phase-by-year effects and log-headcount offset for each design.

    designs: (batch, schools, periods, k). The likelihood given each school's total is multinomial,
    which gives the same slopes as school dummies (Hausman, Hall and Griliches 1984). Clustered
    covariances sum scores by school with the factor g/(g-1).
    """
    counts = np.where(panel.observed, panel.counts, 0.0)
    keep = counts.sum(axis=1) > 0
    counts, designs = counts[keep], designs[:, keep]
    fixed = period_effects(panel)[keep]
    weight = np.where(panel.observed, panel.exposure, 0.0)[keep]
    weight = np.where(_silent(counts, panel.strata[keep]), 0.0, weight)
    fixed = fixed[:, :, (fixed * counts[:, :, None]).sum(axis=(0, 1)) > 0]
    totals = counts.sum(axis=1)
    batch, schools, periods, k = designs.shape
    p = fixed.shape[2]
    flat = fixed.reshape(schools * periods, p)
    squares = (flat[:, :, None] * flat[:, None, :]).reshape(schools * periods, p * p)
    theta = np.zeros((batch, p + k))
    done = np.zeros(batch, dtype=bool)
    information = np.zeros((batch, p + k, p + k))
    ridge = 1e-9 * np.eye(p + k)
    for _ in range(iterations):
        share = _shares(theta, fixed, designs, weight)
        score_it = counts[None] - totals[None, :, None] * share
        score = np.concatenate(
            [
                score_it.reshape(batch, -1) @ flat,
                np.einsum("bnt,bntk->bk", score_it, designs),
            ],
            axis=1,
        )
        information = _information(share, totals, fixed, squares, designs)
        step = np.linalg.solve(information + ridge, score[:, :, None])[:, :, 0]
        largest = np.abs(step).max(axis=1, keepdims=True)
        theta = theta + step / np.maximum(1.0, largest / 2.0)
        done = largest[:, 0] < 1e-9
        if done.all():
            break
    share = _shares(theta, fixed, designs, weight)
    inverse = np.linalg.inv(_information(share, totals, fixed, squares, designs) + ridge).astype(
        np.float64
    )
    residual = counts[None] - totals[None, :, None] * share
    by_school = np.concatenate(
        [
            np.einsum("bnt,ntp->bnp", residual, fixed),
            np.einsum("bnt,bntk->bnk", residual, designs),
        ],
        axis=2,
    )
    meat = np.matmul(by_school.transpose(0, 2, 1), by_school) * schools / max(schools - 1, 1)
    clustered = inverse @ meat @ inverse
    return BatchFit(theta[:, p:], clustered[:, p:, p:], inverse[:, p:, p:], done)


def _silent(counts: Floats, strata: Ints) -> Bools:
    """Mark a phase's periods without a single event: a perfect fit there would never converge."""
    silent = np.zeros(counts.shape, dtype=bool)
    for stratum in np.unique(strata):
        member = strata == stratum
        silent[member] = (counts[member].sum(axis=0) == 0)[None, :]
    return silent


def _shares(theta: Floats, fixed: Floats, designs: Floats, weight: Floats) -> Floats:
    """Give each period's expected share of its school's total: (batch, schools, periods)."""
    p = fixed.shape[2]
    linear = np.tensordot(theta[:, :p], fixed, axes=([1], [2]))
    linear += np.einsum("bntk,bk->bnt", designs, theta[:, p:])
    linear -= linear.max(axis=2, keepdims=True)
    raised = weight[None] * np.exp(linear)
    shares: Floats = raised / raised.sum(axis=2, keepdims=True)
    return shares


def _information(
    share: Floats, totals: Floats, fixed: Floats, squares: Floats, designs: Floats
) -> Floats:
    """Give the information matrices (batch, p + k, p + k) of the conditional likelihood."""
    batch, schools, periods = share.shape
    p = fixed.shape[2]
    mean = totals[None, :, None] * share
    means_fixed = np.matmul(share.transpose(1, 0, 2), fixed).transpose(1, 0, 2)
    means_design = np.einsum("bnt,bntk->bnk", share, designs)
    means = np.concatenate([means_fixed, means_design], axis=2)
    second = np.empty((batch, p + designs.shape[3], p + designs.shape[3]))
    second[:, :p, :p] = (mean.reshape(batch, -1) @ squares).reshape(batch, p, p)
    weighted = mean[:, :, :, None] * designs
    flat = fixed.reshape(schools * periods, p)
    cross = np.matmul(
        weighted.reshape(batch, schools * periods, -1).transpose(0, 2, 1), flat
    ).transpose(0, 2, 1)
    second[:, :p, p:] = cross
    second[:, p:, :p] = cross.transpose(0, 2, 1)
    second[:, p:, p:] = np.einsum("bntk,bntl->bkl", weighted, designs)
    scaled = means * totals[None, :, None]
    result: Floats = second - np.matmul(scaled.transpose(0, 2, 1), means)
    return result
