"""The random draws behind Merrowdale's outcomes (numpy; only the demo loads it)."""

from __future__ import annotations

import numpy as np

from accounts.enums import OrganisationKind, Phase
from accounts.models import Organisation
from impact.demo.cohorts import (
    AUTISM,
    EBSA,
    ELSA,
    FIRST_YEAR,
    LAST_YEAR,
    PANDEMIC,
    CohortPlan,
)
from impact.models import SchoolOutcome
from impact.selectors.exposure import first_full_year
from impact.stats.panel import NEVER, Panel
from impact.stats.permutation import placebo_date, randomisation_inference
from impact.stats.pretrend import adoption_spike, pre_trend

LATER = 2024
"""Questions of the demo end with 2024/25; training that bears from 2025 on comes after them."""


def draw_outcomes(schools: list[Organisation], plan: CohortPlan, seed: int) -> list[SchoolOutcome]:
    """Draw each school's yearly counts; unsaved rows.

    A draw of suspensions or of absence is taken again, at most 200 times, while a cohort looks
    unlike its truth by chance before training.
    """
    rng = np.random.default_rng([seed, 2016])
    years = np.arange(FIRST_YEAR, LAST_YEAR + 1)
    heads = _headcounts(schools, years, rng)
    for _ in range(200):
        suspensions = _suspensions(schools, plan, heads, years, rng)
        if _ordinary(schools, plan, ELSA, suspensions, heads, years, effect=True) and _ordinary(
            schools, plan, AUTISM, suspensions, heads, years
        ):
            break
    for _ in range(200):
        absent = _absentees(schools, plan, heads, years, rng)
        if _spiky(schools, plan, EBSA, absent, heads, years):
            break
    share = rng.uniform(0.55, 0.75, size=suspensions.shape)
    pupils = np.minimum(np.ceil(suspensions * share), suspensions)
    excluded = rng.poisson(heads * _exclusion_rates(schools)[:, None])
    return [
        SchoolOutcome(
            organisation_id=school.pk,
            year=int(year),
            headcount=int(heads[i, t]),
            suspensions=int(suspensions[i, t]),
            pupils_suspended=int(pupils[i, t]),
            permanent_exclusions=int(excluded[i, t]),
            persistent_absentees=int(absent[i, t]),
        )
        for i, school in enumerate(schools)
        for t, year in enumerate(years)
    ]


def _headcounts(
    schools: list[Organisation], years: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    now = np.array([school.pupils or 60 for school in schools], dtype=float)
    wobble = 1 + 0.015 * rng.standard_normal((len(schools), years.size)).cumsum(axis=1)
    return np.maximum(np.round(now[:, None] * wobble / wobble[:, -1:]), 20)


def _suspensions(
    schools: list[Organisation],
    plan: CohortPlan,
    heads: np.ndarray,
    years: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    level = np.array([_level(school) for school in schools])
    level *= np.exp(rng.normal(0, 0.35, size=level.size))
    level[_quiet(schools)] = 0.03
    mean = heads * level[:, None] * _trend(years, rng)[None]
    for (school, year), effect in plan.effects.items():
        place = [s.pk for s in schools].index(school)
        mean[place, years == year] *= np.exp(effect)
    drawn = rng.poisson(mean * rng.gamma(10, 1 / 10, size=mean.shape)).astype(float)
    quiet = _quiet(schools)
    drawn[quiet] = np.clip(drawn[quiet], 1, 5)
    return drawn


def _absentees(
    schools: list[Organisation],
    plan: CohortPlan,
    heads: np.ndarray,
    years: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    secondary = np.array([school.phase == Phase.SECONDARY for school in schools])
    level = np.where(secondary, 0.14, 0.085) * np.exp(rng.normal(0, 0.2, size=len(schools)))
    mean = heads * level[:, None] * np.where(years >= 2021, 1.35, 1.0)[None]
    for (school, year), rise in plan.spikes.items():
        place = [s.pk for s in schools].index(school)
        mean[place, years == year] *= np.exp(rise)
    drawn = rng.poisson(mean * rng.gamma(40, 1 / 40, size=mean.shape)).astype(float)
    return np.minimum(drawn, heads)


def _level(school: Organisation) -> float:
    if school.kind in (OrganisationKind.PRU, OrganisationKind.ALTERNATIVE_PROVISION):
        return 0.40
    if school.kind == OrganisationKind.SPECIAL_SCHOOL:
        return 0.09
    return {Phase.SECONDARY: 0.11, Phase.PRIMARY: 0.035}.get(Phase(school.phase), 0.02)


def _exclusion_rates(schools: list[Organisation]) -> np.ndarray:
    return np.array([0.001 if s.phase == Phase.SECONDARY else 0.0002 for s in schools])


def _quiet(schools: list[Organisation]) -> np.ndarray:
    """Mark the nursery and the smallest special school: a handful of events every year."""
    special = [s for s in schools if s.kind == OrganisationKind.SPECIAL_SCHOOL]
    few = min(special, key=lambda s: s.pupils or 0, default=None)
    return np.array(
        [s == few or s.kind == OrganisationKind.NURSERY_SCHOOL for s in schools], dtype=bool
    )


def _trend(years: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    path = np.exp(0.03 * (years - years[0]) + rng.normal(0, 0.04, size=years.size))
    return path * np.array([PANDEMIC.get(int(year), 1.0) for year in years])


def _panel(
    schools: list[Organisation],
    plan: CohortPlan,
    course: int,
    counts: np.ndarray,
    heads: np.ndarray,
    years: np.ndarray,
) -> Panel:
    """Lay the primaries out as the demo's questions will, without the pandemic years."""
    keep_years = np.array([y <= LATER and int(y) not in PANDEMIC for y in years])
    kept = [int(year) for year in years[keep_years]]
    primary = np.array([school.phase == Phase.PRIMARY for school in schools])
    adopted = {
        a.organisation_id: first_full_year(a.on)
        for a in plan.adoptions
        if a.course_number == course
    }
    first = [
        kept.index(adopted[s.pk]) if adopted.get(s.pk, NEVER) in kept else NEVER
        for s, is_primary in zip(schools, primary, strict=True)
        if is_primary
    ]
    return Panel(
        counts[primary][:, keep_years],
        heads[primary][:, keep_years],
        np.array(first, dtype=np.int64),
        np.zeros(int(primary.sum()), dtype=np.int64),
        tuple(str(year) for year in kept),
    )


def _ordinary(
    schools: list[Organisation],
    plan: CohortPlan,
    course: int,
    counts: np.ndarray,
    heads: np.ndarray,
    years: np.ndarray,
    *,
    effect: bool = False,
) -> bool:
    """Say whether the years before training look like most draws of no difference do."""
    panel = _panel(schools, plan, course, counts, heads, years)
    if not panel.ever_treated.any():
        return True
    gate, spike = pre_trend(panel, draws=99), adoption_spike(panel, draws=99)
    if gate is None or spike is None or gate.p_value < 0.2 or spike.p_value < 0.2:
        return False
    placebo = placebo_date(panel, draws=99)
    if placebo is not None and placebo.p_value < 0.2:
        return False
    found = randomisation_inference(panel, draws=199)
    return found.p_value < 0.02 if effect else found.p_value > 0.2


def _spiky(
    schools: list[Organisation],
    plan: CohortPlan,
    course: int,
    counts: np.ndarray,
    heads: np.ndarray,
    years: np.ndarray,
) -> bool:
    panel = _panel(schools, plan, course, counts, heads, years)
    spike = adoption_spike(panel, draws=99)
    return spike is None or spike.p_value < 0.05
