"""Simulated school panels whose truth is known, for the tests of impact.stats."""

from collections.abc import Sequence

import numpy as np

from impact.stats.panel import NEVER, Panel


def simulated_panel(
    seed: int,
    *,
    schools: int = 41,
    trained: int = 18,
    periods: int = 8,
    adopt: Sequence[int] = (4, 5),
    rate: float = 0.05,
    effect: float = 0.0,
    spike: float = 1.0,
    dispersion: float = 8.0,
) -> Panel:
    """Draw a panel: overdispersed counts, a wandering national trend, random adoption.

    `effect` is the true log rate ratio after training, `spike` multiplies the year before it.
    """
    rng = np.random.default_rng([seed, 20])
    head = rng.integers(180, 460, size=schools).astype(float)
    first = np.full(schools, NEVER)
    chosen = rng.permutation(schools)[:trained]
    first[chosen] = rng.choice(adopt, size=trained)
    level = rate * np.exp(rng.normal(0, 0.4, schools))
    trend = np.exp(np.cumsum(rng.normal(0.05, 0.08, periods)))
    mean = head[:, None] * level[:, None] * trend[None]
    step = np.arange(periods)[None] - first[:, None]
    mean = np.where(step >= 0, mean * np.exp(effect), mean)
    mean = np.where(step == -1, mean * spike, mean)
    counts = rng.poisson(mean * rng.gamma(dispersion, 1 / dispersion, size=mean.shape))
    return Panel(
        counts.astype(float),
        np.repeat(head[:, None], periods, axis=1),
        first.astype(np.int64),
        np.zeros(schools, dtype=np.int64),
        tuple(f"20{16 + p}/{17 + p}" for p in range(periods)),
    )


def reactive_panel(seed: int, *, schools: int = 41, trained: int = 12) -> Panel:
    """Draw a panel without any effect in which the schools with the worst year train after it."""
    panel = simulated_panel(seed, schools=schools, trained=0, rate=0.03)
    earlier = panel.counts[:, :3].mean(axis=1, keepdims=True) + 1
    rise = (panel.counts[:, 3:5] + 1) / earlier
    first = np.full(schools, NEVER)
    worst = np.argsort(-rise.max(axis=1))[:trained]
    first[worst] = 4 + rise[worst].argmax(axis=1)
    return Panel(panel.counts, panel.exposure, first.astype(np.int64), panel.strata, panel.labels)
