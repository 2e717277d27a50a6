"""Callaway and Sant'Anna against the published answers of R's did package."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from impact.stats.staggered import (
    GroupTimeEffects,
    callaway_santanna,
    group_time_effects,
    imputation,
)
from tests.factories.impact_panels import simulated_panel

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def expected(open_data: Path) -> dict[str, Any]:
    return json.loads((open_data / "reference" / "expected_values.json").read_text())


@pytest.fixture(scope="module")
def found(open_data: Path) -> GroupTimeEffects:
    return group_time_effects(
        pd.read_csv(open_data / "reference" / "mpdta.csv"),
        outcome="lemp",
        unit="countyreal",
        period="year",
        first_treated="first.treat",
    )


@pytest.mark.open_data
def test_overall_effect_and_error(found: GroupTimeEffects, expected: dict[str, Any]) -> None:
    assert found.overall == pytest.approx(expected["simple"]["att"], abs=1e-6)
    assert found.overall_error == pytest.approx(expected["simple"]["se_analytic"], abs=1e-6)


@pytest.mark.open_data
def test_effects_by_cohort(found: GroupTimeEffects, expected: dict[str, Any]) -> None:
    by_cohort = {int(g): att for g, att in expected["group_overall"]["by_g"].items()}
    assert found.by_cohort == pytest.approx(by_cohort, abs=1e-6)


@pytest.mark.open_data
def test_event_study(found: GroupTimeEffects, expected: dict[str, Any]) -> None:
    by_step = {int(e): att for e, att in expected["dynamic_overall"]["by_e"].items()}
    assert {e: att for e, (att, _) in found.by_step.items()} == pytest.approx(by_step, abs=1e-6)
    after = [att for e, (att, _) in found.by_step.items() if e >= 0]
    assert sum(after) / len(after) == pytest.approx(expected["dynamic_overall"]["att"], abs=1e-6)


@pytest.mark.open_data
def test_joint_pre_test(found: GroupTimeEffects, expected: dict[str, Any]) -> None:
    assert found.pre_test is not None
    assert found.pre_test.degrees == 5
    assert found.pre_test.statistic == pytest.approx(expected["pretest_wald"]["W"], abs=1e-6)
    assert found.pre_test.p_value == pytest.approx(expected["pretest_wald"]["p"], abs=1e-5)


def test_second_opinions_find_a_planted_effect() -> None:
    panel = simulated_panel(11, effect=-0.4, rate=0.3, dispersion=400.0)
    for opinion in (callaway_santanna(panel), imputation(panel)):
        assert opinion.percent == pytest.approx(-33, abs=6)
        assert opinion.upper < 0
