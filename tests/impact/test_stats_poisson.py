"""The two Poisson engines agree, and permutation keeps its promises."""

import dataclasses

import numpy as np
import pytest

from impact.stats.conditional import fit_batch
from impact.stats.panel import NEVER, Panel, UnusablePanel
from impact.stats.permutation import (
    leave_one_out,
    placebo_date,
    randomisation_inference,
    shuffled_adoptions,
)
from impact.stats.poisson import CannotEstimate, fixed_effects_poisson
from tests.factories.impact_panels import simulated_panel


def two_phase_panel() -> Panel:
    panel = simulated_panel(4, schools=59, trained=24)
    strata = np.repeat([0, 1], [41, 18]).astype(np.int64)
    return dataclasses.replace(panel, strata=strata)


@pytest.mark.parametrize("panel", [simulated_panel(1), two_phase_panel()], ids=["one", "two"])
def test_own_engine_gives_pyfixest_s_estimate_and_clustered_error(panel: Panel) -> None:
    reference = fixed_effects_poisson(panel)
    fit = fit_batch(panel, panel.trained[None, :, :, None].astype(float))
    assert fit.effects[0, 0] == pytest.approx(reference.log_ratio, abs=1e-6)
    # pyfixest adds a factor for the parameters; without it the errors are the same.
    ratio = reference.standard_error / float(np.sqrt(fit.clustered[0, 0, 0]))
    assert 1.0 <= ratio < 1.05


def test_engines_agree_where_a_school_has_no_events_and_a_year_is_missing() -> None:
    panel = simulated_panel(2)
    counts, observed = panel.counts.copy(), panel.observed.copy()
    counts[3] = 0
    observed[5, 2] = False
    holed = dataclasses.replace(panel, counts=counts, observed=observed)
    reference = fixed_effects_poisson(holed)
    fit = fit_batch(holed, holed.trained[None, :, :, None].astype(float))
    assert fit.effects[0, 0] == pytest.approx(reference.log_ratio, abs=1e-6)


def test_a_panel_without_training_cannot_be_estimated() -> None:
    panel = simulated_panel(3, trained=0)
    with pytest.raises(CannotEstimate, match=r"does not vary|no answer"):
        fixed_effects_poisson(panel)


def test_shuffles_keep_each_phase_s_adoption_dates() -> None:
    panel = two_phase_panel()
    for shuffled in shuffled_adoptions(panel, draws=20, seed=1):
        for phase in (0, 1):
            member = panel.strata == phase
            assert sorted(shuffled[member]) == sorted(panel.first_treated[member])


def test_interval_leaves_out_zero_exactly_when_p_is_below_five_per_cent() -> None:
    for seed in range(12):
        result = randomisation_inference(simulated_panel(seed, effect=-0.2), draws=199, seed=seed)
        assert (result.p_value <= 0.05) == (not result.lower <= 0 <= result.upper)


def test_999_shuffles_of_59_schools_stay_within_budget() -> None:
    import time

    panel = simulated_panel(5, schools=59, trained=20, periods=5, adopt=(3, 4))
    started = time.perf_counter()
    result = randomisation_inference(panel, draws=999, seed=1)
    assert result.draws == 999
    assert time.perf_counter() - started < 20


def test_same_seed_gives_the_same_answer() -> None:
    panel = simulated_panel(6)
    once = randomisation_inference(panel, draws=99, seed=3)
    again = randomisation_inference(panel, draws=99, seed=3)
    assert once == again


def test_leaving_out_one_school_gives_one_estimate_for_each_trained_school() -> None:
    panel = simulated_panel(7)
    assert leave_one_out(panel).shape == (18,)


def test_placebo_date_reads_only_years_before_training() -> None:
    panel = simulated_panel(8, effect=-2.0)
    placebo = placebo_date(panel, draws=99, seed=1)
    assert placebo is not None
    assert placebo.lower < 0 < placebo.upper
    assert placebo_date(simulated_panel(8, adopt=(3,)), draws=9) is None


def test_dropping_periods_moves_adoption_with_them() -> None:
    panel = simulated_panel(9)
    keep = np.ones(8, dtype=bool)
    keep[2:4] = False
    kept = panel.keeping_periods(keep)
    assert kept.periods == 6
    assert set(kept.first_treated[kept.ever_treated]) <= {2, 3}
    assert (kept.first_treated[~panel.ever_treated] == NEVER).all()


def test_arrays_that_do_not_fit_are_refused() -> None:
    panel = simulated_panel(1)
    with pytest.raises(UnusablePanel, match="one entry for each school"):
        dataclasses.replace(panel, strata=panel.strata[:3])
    with pytest.raises(UnusablePanel, match="headcount"):
        dataclasses.replace(panel, exposure=panel.exposure * 0)
