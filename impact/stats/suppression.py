"""Disclosure control for tables of counts: first cells, then second ones, then rounding.

Coarse on purpose: until an audit by bounds stands, whatever could give a cell away is hidden too.
Patterns are worked out once on the whole table; filters, sorting and pages only pick from it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Rules:
    """The thresholds, which are settings. Counts up to `small` and bases below `base` hide."""

    small: int = 5
    base: int = 10
    round_to: int = 5


class Why(StrEnum):
    """Why a cell is hidden; published only as "hidden", so that the reason gives nothing away."""

    SMALL_COUNT = "small_count"
    SMALL_BASE = "small_base"
    SECONDARY = "secondary"


@dataclass(frozen=True, slots=True)
class Cell:
    """A count out of a base: raw figures that must not leave the room unprotected."""

    count: int
    base: int


@dataclass(frozen=True, slots=True)
class Published:
    """What may be shown of a cell: rounded figures, or nothing. `why` stays inside."""

    count: int | None
    base: int | None
    why: Why | None = None

    @property
    def is_hidden(self) -> bool:
        return self.count is None

    @property
    def percent(self) -> int | None:
        """Give the percentage of the rounded figures, to the nearest whole number."""
        if self.count is None or not self.base:
            return None
        return round(100 * self.count / self.base)


HIDDEN = Published(None, None, Why.SECONDARY)


def primary(cell: Cell, rules: Rules) -> Why | None:
    """Say why a cell must hide by itself, or None.

    Its count, and what is left over (the people who have not), may not lie between 1 and `small`.
    """
    if cell.base < rules.base:
        return Why.SMALL_BASE
    if 0 < cell.count <= rules.small or 0 < cell.base - cell.count <= rules.small:
        return Why.SMALL_COUNT
    return None


def rounded(cell: Cell, rules: Rules) -> Published:
    """Round both figures to the nearest multiple; never a count above its base."""
    count, base = (
        rules.round_to * ((figure + rules.round_to // 2) // rules.round_to)
        for figure in (cell.count, cell.base)
    )
    return Published(min(count, base), base)


def protect_groups(cells: Sequence[Cell], rules: Rules = Rules()) -> list[Published]:
    """Protect cells that add up to a total which is shown somewhere.

    Hidden cells must be at least two and must hold together more than `small` counts, as many
    left over, and a base of at least `base`: otherwise the smallest of the shown ones hides too,
    until that is so or nothing is left to show.
    """
    reasons = [primary(cell, rules) for cell in cells]
    while _gives_away([c for c, why in zip(cells, reasons, strict=True) if why], rules):
        shown = [index for index, why in enumerate(reasons) if why is None]
        if not shown:
            break
        reasons[min(shown, key=lambda index: (cells[index].base, index))] = Why.SECONDARY
    return [
        rounded(cell, rules) if why is None else Published(None, None, why)
        for cell, why in zip(cells, reasons, strict=True)
    ]


def protect_tree(
    groups: Sequence[Sequence[Cell]],
    rules: Rules = Rules(),
) -> tuple[list[list[Published]], list[Published], Published]:
    """Protect members of groups, the groups' totals and the grand total together.

    Gives members by group, group totals, and the whole. A group whose members hide must not be
    recovered from its total: where hidden members remain alone in a group even after secondary
    hiding, the group's total hides as well, and the totals are then protected among themselves.
    """
    members = [protect_groups(group, rules) for group in groups]
    totals = [total(group) for group in groups]
    published = protect_groups(totals, rules)
    for index, group in enumerate(groups):
        if _gives_away(_hidden(group, members[index]), rules):
            published[index] = HIDDEN
    while _gives_away(_hidden(totals, published), rules):
        shown = [index for index, cell in enumerate(published) if not cell.is_hidden]
        if not shown:
            break
        published[min(shown, key=lambda index: (totals[index].base, index))] = HIDDEN
    for index, cell in enumerate(published):
        if cell.is_hidden and not _hidden(groups[index], members[index]):
            members[index] = _hide_two_smallest(groups[index], members[index])
    whole = total(totals)
    unsafe = primary(whole, rules) or _gives_away(_hidden(totals, published), rules)
    return members, published, HIDDEN if unsafe else rounded(whole, rules)


def total(cells: Iterable[Cell]) -> Cell:
    """Add cells up."""
    counted = list(cells)
    return Cell(sum(cell.count for cell in counted), sum(cell.base for cell in counted))


def _hidden(cells: Sequence[Cell], published: Sequence[Published]) -> list[Cell]:
    return [cell for cell, shown in zip(cells, published, strict=True) if shown.is_hidden]


def _gives_away(hidden: Sequence[Cell], rules: Rules) -> bool:
    """Say whether hidden cells could be worked out from a total: too few, or all alike together.

    Nobody or everybody counts as a small number here: a total would then name each of them.
    """
    if not hidden:
        return False
    together = total(hidden)
    least = min(together.count, together.base - together.count)
    return len(hidden) < 2 or together.base < 2 * rules.base or least <= 2 * rules.small


def _hide_two_smallest(cells: Sequence[Cell], published: Sequence[Published]) -> list[Published]:
    """Hide the two members with the smallest bases, so that a hidden total is not their sum."""
    order = sorted(range(len(cells)), key=lambda index: (cells[index].base, index))[:2]
    return [HIDDEN if index in order else cell for index, cell in enumerate(published)]
