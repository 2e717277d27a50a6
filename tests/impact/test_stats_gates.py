"""Simulations of what the room promises: size, the spike, and a planted effect."""

import numpy as np
import pytest

from impact.stats.grading import GATE, Evidence, Grade, grade
from impact.stats.panel import Panel
from impact.stats.permutation import randomisation_inference
from impact.stats.pretrend import adoption_spike, joint_wald, pre_trend
from tests.factories.impact_panels import reactive_panel, simulated_panel


def graded(panel: Panel, *, seed: int, draws: int = 199) -> Grade:
    gate, spike = pre_trend(panel, draws=draws, seed=seed), adoption_spike(panel, draws=draws)
    result = randomisation_inference(panel, draws=draws, seed=seed)
    trained = int(panel.ever_treated.sum())
    return grade(
        Evidence(
            trained,
            panel.schools - trained,
            panel.pre_periods,
            pre_trend_p=gate.p_value if gate else None,
            spike_p=spike.p_value if spike else None,
            lower=result.lower,
            upper=result.upper,
            permutation_p=result.p_value,
        )
    ).grade


def test_joint_wald_by_hand() -> None:
    # 1/0.25 + 4/1 = 8 with two degrees of freedom; chi-squared upper tail is exp(-4).
    test = joint_wald(np.array([1.0, 2.0]), np.diag([0.25, 1.0]))
    assert (test.statistic, test.degrees) == (pytest.approx(8.0), 2)
    assert test.p_value == pytest.approx(np.exp(-4))


@pytest.mark.slow
def test_true_null_is_rejected_in_at_most_seven_per_cent() -> None:
    draws = 250
    rejected = sum(
        randomisation_inference(
            simulated_panel(seed, schools=30, trained=12, rate=0.03), draws=99, seed=seed
        ).p_value
        <= 0.05
        for seed in range(draws)
    )
    assert rejected / draws <= 0.07


@pytest.mark.slow
def test_schools_that_trained_after_their_worst_year_are_descriptive() -> None:
    grades = [graded(reactive_panel(seed), seed=seed, draws=99) for seed in range(40)]
    assert grades.count(Grade.DESCRIPTIVE) / len(grades) >= 0.95


@pytest.mark.slow
def test_a_spike_of_seventy_per_cent_is_descriptive() -> None:
    panels = [simulated_panel(seed, trained=12, spike=1.7) for seed in range(80)]
    grades = [graded(panel, seed=seed, draws=99) for seed, panel in enumerate(panels)]
    assert grades.count(Grade.DESCRIPTIVE) / len(grades) >= 0.95


@pytest.mark.slow
def test_planted_effect_is_recovered_within_monte_carlo_error() -> None:
    planted = -0.3
    estimates = np.array(
        [
            randomisation_inference(simulated_panel(seed, effect=planted), draws=9).log_ratio
            for seed in range(150)
        ]
    )
    error = estimates.std(ddof=1) / np.sqrt(len(estimates))
    assert abs(estimates.mean() - planted) < 3 * error


def test_event_study_is_zero_in_its_base_year_and_low_after_training() -> None:
    result = pre_trend(simulated_panel(2, effect=-0.6, dispersion=60.0), draws=99)
    assert result is not None
    points = {point.step: point.log_ratio for point in result.points}
    assert points[-1] == 0
    assert points[0] < -0.3
    assert result.p_value > GATE


def test_without_earlier_years_there_is_no_pre_trend_to_test() -> None:
    panel = simulated_panel(1, adopt=(1,))
    assert pre_trend(panel, draws=9) is None
    assert adoption_spike(panel, draws=9) is None


PASSING = {
    "pre_trend_p": 0.5,
    "spike_p": 0.5,
    "placebo_p": 0.5,
    "lower": -0.4,
    "upper": -0.1,
    "permutation_p": 0.01,
}


@pytest.mark.parametrize(
    ("sizes", "changes", "expected"),
    [
        ((9, 30, 4), {}, Grade.INSUFFICIENT),
        ((30, 9, 4), {}, Grade.INSUFFICIENT),
        ((30, 30, 2), {}, Grade.INSUFFICIENT),
        ((5, 8, 4), {"spike_p": 0.001}, Grade.INSUFFICIENT),
        ((12, 29, 4), {"spike_p": 0.04}, Grade.DESCRIPTIVE),
        ((12, 29, 4), {"pre_trend_p": 0.1}, Grade.DESCRIPTIVE),
        ((12, 29, 4), {"pre_trend_p": None}, Grade.DESCRIPTIVE),
        ((12, 29, 4), {"placebo_p": 0.02}, Grade.DESCRIPTIVE),
        ((12, 29, 4), {"lower": None}, Grade.DESCRIPTIVE),
        ((12, 29, 4), {"upper": 0.1, "permutation_p": 0.2}, Grade.NO_CLEAR_DIFFERENCE),
        ((12, 29, 4), {"permutation_p": 0.06}, Grade.NO_CLEAR_DIFFERENCE),
        ((12, 29, 4), {}, Grade.SUGGESTIVE),
    ],
)
def test_grade_follows_its_rules(
    sizes: tuple[int, int, int], changes: dict[str, float | None], expected: Grade
) -> None:
    found = grade(Evidence(*sizes, **{**PASSING, **changes}))  # type: ignore[arg-type]
    assert found.grade is expected
    assert found.reasons
