"""Confidence limits for proportions and counts, for every rate shown with its uncertainty."""

import math
from dataclasses import dataclass
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Interval:
    """A point estimate with its lower and upper limits, all in the same unit."""

    estimate: float
    lower: float
    upper: float

    def scaled(self, factor: float) -> "Interval":
        """Multiply all three figures, for instance by 100 to give a percentage."""
        return Interval(self.estimate * factor, self.lower * factor, self.upper * factor)


def _critical(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence}")
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def wilson(successes: int, total: int, *, confidence: float = 0.95) -> Interval:
    """Give the Wilson score interval of a proportion.

    Counts in, proportions (0 to 1) out; behaves at 0 and at all, where the simple interval fails.
    Raises ValueError when the counts are impossible. Wilson (1927), JASA 22, 209-212.
    """
    if total <= 0 or not 0 <= successes <= total:
        raise ValueError(f"{successes} of {total} is not a proportion")
    z = _critical(confidence)
    proportion = successes / total
    shrink = 1 + z * z / total
    centre = (proportion + z * z / (2 * total)) / shrink
    half = z * math.sqrt(proportion * (1 - proportion) / total + z * z / (4 * total**2)) / shrink
    lower = 0.0 if successes == 0 else centre - half
    upper = 1.0 if successes == total else centre + half
    return Interval(proportion, lower, upper)


def byar(count: int, *, confidence: float = 0.95) -> Interval:
    """Give Byar's limits of a Poisson count.

    Within 0.2 % of the exact limits from 10 events up; the lower limit of 0 is 0.
    Raises ValueError for a negative count. Breslow and Day (1987), volume 2, page 69.
    """
    if count < 0:
        raise ValueError(f"{count} is not a count")
    z = _critical(confidence)
    lower = 0.0
    if count > 0:
        lower = count * (1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3
    above = count + 1
    upper = above * (1 - 1 / (9 * above) + z / (3 * math.sqrt(above))) ** 3
    return Interval(float(count), lower, upper)


def rate_with_byar(
    count: int, denominator: float, *, per: float = 100, confidence: float = 0.95
) -> Interval:
    """Give a rate per `per` with Byar's limits; ValueError for a denominator of 0 or less."""
    if denominator <= 0:
        raise ValueError(f"a rate needs a denominator above 0, not {denominator}")
    return byar(count, confidence=confidence).scaled(per / denominator)
