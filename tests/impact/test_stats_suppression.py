"""Suppression withstands somebody who subtracts, adds up, and knows every staff number."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from impact.stats.suppression import (
    Cell,
    Published,
    Rules,
    Why,
    primary,
    protect_groups,
    protect_tree,
)

RULES = Rules()
Tree = tuple[list[list[Published]], list[Published], Published]


@pytest.mark.parametrize(
    ("count", "base", "why"),
    [
        (1, 40, Why.SMALL_COUNT),
        (5, 40, Why.SMALL_COUNT),
        (6, 40, None),
        (0, 40, None),
        (40, 40, None),
        (37, 40, Why.SMALL_COUNT),
        (6, 9, Why.SMALL_BASE),
        (0, 0, Why.SMALL_BASE),
    ],
)
def test_small_counts_and_what_is_left_over_hide(count: int, base: int, why: Why | None) -> None:
    assert primary(Cell(count, base), RULES) is why


def test_a_single_hidden_cell_takes_a_second_with_it() -> None:
    shown = protect_groups([Cell(3, 40), Cell(20, 44), Cell(30, 60)])
    assert [cell.is_hidden for cell in shown] == [True, True, False]
    assert shown[1].why is Why.SECONDARY


def test_shown_figures_are_rounded() -> None:
    shown = protect_groups([Cell(22, 44), Cell(30, 61)])
    assert [(cell.count, cell.base) for cell in shown] == [(20, 45), (30, 60)]


def narrowest(groups: list[list[Cell]], tree: Tree) -> float:
    """Give how much room the worst-protected hidden count has, less what it needs.

    The attacker knows all bases, the rounding rule, and uses every published figure at once.
    """
    members, totals, grand = tree
    cells = [cell for group in groups for cell in group]
    shown = [cell for group in members for cell in group]
    bounds = [
        (0, c.base) if p.count is None else (max(0, p.count - 2), min(c.base, p.count + 2))
        for c, p in zip(cells, shown, strict=True)
    ]
    rows: list[np.ndarray] = []
    limits: list[float] = []

    def known(places: list[int], figure: int | None) -> None:
        if figure is None:
            return
        row = np.zeros(len(cells))
        row[places] = 1
        rows.extend([row, -row])
        limits.extend([figure + 2, 2 - figure])

    start = 0
    for group, subtotal in zip(groups, totals, strict=True):
        known(list(range(start, start + len(group))), subtotal.count)
        start += len(group)
    known(list(range(len(cells))), grand.count)
    worst = np.inf
    for place, (cell, published) in enumerate(zip(cells, shown, strict=True)):
        if not published.is_hidden:
            continue
        aim = np.zeros(len(cells))
        aim[place] = 1
        fixed = {"A_ub": np.array(rows), "b_ub": limits} if rows else {}
        low = linprog(aim, bounds=bounds, **fixed).fun
        high = -linprog(-aim, bounds=bounds, **fixed).fun
        worst = min(worst, high - low - min(5, cell.base))
    return float(worst)


cells = st.integers(1, 80).flatmap(
    lambda base: st.builds(Cell, st.integers(0, base), st.just(base))
)
alike = st.tuples(st.integers(1, 60), st.sampled_from([0.0, 0.05, 0.95, 1.0])).map(
    lambda pair: Cell(round(pair[0] * pair[1]), pair[0])
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.one_of(cells, alike), min_size=1, max_size=9), min_size=1, max_size=4))
def test_no_hidden_count_can_be_narrowed_by_subtraction(groups: list[list[Cell]]) -> None:
    assert narrowest(groups, protect_tree(groups)) >= -1e-6


def test_a_lone_setting_in_its_phase_is_hidden_with_its_total() -> None:
    groups = [[Cell(4, 9)], [Cell(30, 50), Cell(20, 44)], [Cell(33, 70), Cell(41, 80)]]
    members, totals, _ = protect_tree(groups)
    assert members[0][0].is_hidden
    assert totals[0].is_hidden
    assert sum(total.is_hidden for total in totals) >= 2
