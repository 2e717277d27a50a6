"""The one shape every method reads: schools by years, counts, pupils and first trained year."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEVER = 10_000
"""First trained period of a school that has not been trained within the panel."""


class UnusablePanel(ValueError):
    """The panel's arrays disagree with each other or hold impossible figures."""


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """A school-by-year panel.

    counts, exposure: (schools, periods), events and pupils at risk; first_treated: (schools,)
    index of the first period in which the school counts as trained, or NEVER; strata: (schools,)
    a number for each phase; observed: (schools, periods), False where a school has no figure;
    labels: a name for each period. Raises UnusablePanel when these do not fit together.
    """

    counts: Floats
    exposure: Floats
    first_treated: Ints
    strata: Ints
    labels: tuple[str, ...]
    observed: Bools = field(default_factory=lambda: np.empty((0, 0), dtype=bool))

    def __post_init__(self) -> None:
        shape = self.counts.shape
        if self.observed.size == 0:
            object.__setattr__(self, "observed", np.ones(shape, dtype=bool))
        if len(shape) != 2 or self.exposure.shape != shape or self.observed.shape != shape:
            raise UnusablePanel("counts, exposure and observed must have the same two dimensions")
        if self.first_treated.shape != shape[:1] or self.strata.shape != shape[:1]:
            raise UnusablePanel("first_treated and strata need one entry for each school")
        if len(self.labels) != shape[1]:
            raise UnusablePanel("labels need one entry for each period")
        seen = self.observed
        if not np.isfinite(self.counts[seen]).all() or (self.counts[seen] < 0).any():
            raise UnusablePanel("a count is missing or negative where it is said to be observed")
        if not np.isfinite(self.exposure[seen]).all() or (self.exposure[seen] <= 0).any():
            raise UnusablePanel("a headcount is missing or not above 0 where it is observed")

    @property
    def periods(self) -> int:
        return int(self.counts.shape[1])

    @property
    def schools(self) -> int:
        return int(self.counts.shape[0])

    @property
    def ever_treated(self) -> Bools:
        """Mark schools trained within the panel and seen before and after."""
        return self.first_treated < self.periods

    @property
    def relative(self) -> Ints:
        """Give (schools, periods): periods since training began; far below 0 when never trained."""
        steps: Ints = np.arange(self.periods)[None, :] - self.first_treated[:, None]
        return steps

    @property
    def trained(self) -> Bools:
        """Give (schools, periods): True where the school counts as trained."""
        return self.relative >= 0

    @property
    def pre_periods(self) -> int:
        """Count the periods before the earliest adoption (0 when nobody adopted)."""
        adopted = self.first_treated[self.ever_treated]
        return int(adopted.min()) if adopted.size else 0

    def keeping_schools(self, keep: Bools) -> "Panel":
        """Give the panel of the marked schools only."""
        return Panel(
            self.counts[keep],
            self.exposure[keep],
            self.first_treated[keep],
            self.strata[keep],
            self.labels,
            self.observed[keep],
        )

    def keeping_periods(self, keep: Bools) -> "Panel":
        """Give the panel of the marked periods, first trained periods renumbered to match.

        A school whose first trained period is dropped starts at the next one that is kept.
        """
        before = np.concatenate([[0], np.cumsum(keep)])
        moved = np.where(
            self.first_treated >= self.periods,
            NEVER,
            before[np.minimum(self.first_treated, self.periods)],
        )
        return Panel(
            self.counts[:, keep],
            self.exposure[:, keep],
            moved.astype(np.int64),
            self.strata,
            tuple(label for label, kept in zip(self.labels, keep, strict=True) if kept),
            self.observed[:, keep],
        )
