"""Limits of proportions and counts against values worked out by hand and published."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.stats.intervals import byar, rate_with_byar, wilson


def test_wilson_agrees_with_the_published_example() -> None:
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I: 81 of 263.
    interval = wilson(81, 263)
    assert interval.lower == pytest.approx(0.2553, abs=5e-5)
    assert interval.upper == pytest.approx(0.3662, abs=5e-5)


def test_wilson_at_nobody_and_everybody() -> None:
    # By hand: with nobody of 10 the upper limit is z^2 / (n + z^2) = 3.8415 / 13.8415.
    assert wilson(0, 10).lower == 0
    assert wilson(0, 10).upper == pytest.approx(0.27754, abs=1e-5)
    assert wilson(10, 10).upper == 1
    assert wilson(10, 10).lower == pytest.approx(1 - 0.27754, abs=1e-5)


def test_byar_agrees_with_hand_computed_limits() -> None:
    # By hand: 10 (1 - .011111 - .206599)^3 and 11 (1 - .010101 + .196984)^3.
    interval = byar(10)
    assert interval.lower == pytest.approx(4.7874, abs=5e-4)
    assert interval.upper == pytest.approx(18.391, abs=5e-4)
    assert byar(0).lower == 0
    assert byar(0).upper == pytest.approx(3.668, abs=5e-4)


def test_byar_rate_per_hundred() -> None:
    interval = rate_with_byar(10, 200)
    assert interval.estimate == pytest.approx(5)
    assert interval.lower == pytest.approx(2.3937, abs=5e-4)


@pytest.mark.parametrize(("successes", "total"), [(3, 2), (-1, 5), (0, 0)])
def test_impossible_proportions_are_refused(successes: int, total: int) -> None:
    with pytest.raises(ValueError, match="is not a proportion"):
        wilson(successes, total)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_estimate_and_stays_within_bounds(pair: tuple[int, int]) -> None:
    successes, total = pair
    interval = wilson(successes, total)
    assert 0 <= interval.lower <= interval.estimate <= interval.upper <= 1
    mirrored = wilson(total - successes, total)
    assert mirrored.upper == pytest.approx(1 - interval.lower, abs=1e-12)


@given(st.integers(0, 100_000))
def test_byar_holds_the_count(count: int) -> None:
    interval = byar(count)
    assert 0 <= interval.lower <= count < interval.upper
