"""A trend as a finding, a sentence, a table and a chart."""

from __future__ import annotations

from collections.abc import Iterator

from impact.charts import Line, LineChart, line_chart
from impact.selectors.trend import Series, Trend

_COLOURS = {"area": 1, "neighbours": 2, "country": 5}
_REGION_COLOURS = (3, 4, 6)
SYMBOL = "not available"


def chart_of(found: Trend) -> LineChart:
    """Draw the lines with direct labels; the authority's own on top."""
    regions = iter(_REGION_COLOURS)
    lines = [
        Line(
            one.name,
            _COLOURS.get(one.role) or next(regions),
            one.values,
            bold=one.role == "area",
        )
        for one in found.series
    ]
    return line_chart(found.periods, lines, alt=f"{finding_of(found)} {sentence_of(found)}")


def finding_of(found: Trend) -> str:
    """State what the chart shows: where the authority stands beside its neighbours and England."""
    own = found.own
    name = found.measure.name
    if own is None or own.last is None:
        return f"{found.area.name} has no published figures for {_lower(name)}"
    index, value = own.last
    others = [
        (words, _at(one, index))
        for one in found.series
        if (words := _in_finding(one)) and _at(one, index) is not None
    ]
    if not others:
        return f"{name}: {found.area.name} over the years"
    sides = {_side(value, other or 0.0) for _, other in others}
    if len(sides) == 1:
        both = " and ".join(words for words, _ in others)
        return f"{name}: {found.area.name} is {sides.pop()} {both}"
    each = " and ".join(f"{_side(value, other or 0.0)} {words}" for words, other in others)
    return f"{name}: {found.area.name} is {each}"


def sentence_of(found: Trend) -> str:
    """Say the last figures and the change since the first, without calling either good or bad."""
    own = found.own
    if own is None or own.last is None:
        return "Nothing is published for this place and measure."
    index, value = own.last
    known = [(i, v) for i, v in enumerate(own.values) if v is not None]
    first, since = known[0]
    words = [f"{found.area.name} had {shown(value)} {found.measure.unit} in {found.periods[index]}"]
    if first != index:
        words[0] += f", {_change(since, value)} {shown(since)} in {found.periods[first]}"
    rest = [
        f"{one.name} {shown(other)}"
        for one in found.series
        if one.role != "area" and (other := _at(one, index)) is not None
    ]
    sentence = words[0] + "."
    if rest:
        sentence += f" In the same year: {', '.join(rest)}."
    return sentence


def table_of(found: Trend) -> dict[str, object]:
    """Lay the lines out as the table component takes them: a row a period, a column a line."""
    head = [{"label": "Year"}, *({"label": one.name, "numeric": True} for one in found.series)]
    rows = [
        [period, *({"text": cell, "numeric": True} for cell in cells)]
        for period, *cells in rows_of(found)
    ]
    return {"caption": f"{found.measure.name}, {found.measure.unit}", "head": head, "rows": rows}


def rows_of(found: Trend) -> Iterator[list[str]]:
    """Yield the table's rows as text, period first."""
    for index, period in enumerate(found.periods):
        yield [period, *(shown(_at(one, index)) for one in found.series)]


def shown(value: float | None) -> str:
    """Write a figure to two places, a whole one without, and a missing one in words."""
    if value is None:
        return SYMBOL
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.2f}"


def _at(one: Series, index: int) -> float | None:
    return one.values[index]


def _in_finding(one: Series) -> str:
    return {"neighbours": "its neighbours’ mean", "country": one.name}.get(one.role, "")


def _side(value: float, other: float) -> str:
    if abs(value - other) < 0.005:
        return "level with"
    return "below" if value < other else "above"


def _change(before: float, after: float) -> str:
    if abs(before - after) < 0.005:
        return "the same as"
    return "up from" if after > before else "down from"


def _lower(text: str) -> str:
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
