"""Geometry of the server-drawn charts: values in, coordinates and labels out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 340
LEFT, RIGHT, TOP, BOTTOM = 44, 190, 16, 40
LABEL_GAP = 18


@dataclass(frozen=True, slots=True)
class Line:
    """One line to draw: its label, colour number 1 to 6, values with None for gaps, its weight."""

    label: str
    colour: int
    values: Sequence[float | None]
    bold: bool = False


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line in chart coordinates: runs of points, lone points, and where its label stands."""

    label: str
    colour: int
    bold: bool
    runs: tuple[str, ...]
    dots: tuple[tuple[str, str], ...]
    label_x: str
    label_y: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: its place and its text."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """Everything the chart template draws; `alt` says in words what it shows."""

    alt: str
    lines: tuple[DrawnLine, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    markers: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


@dataclass(frozen=True, slots=True)
class Bar:
    """One interval of a forest: its label, place, ends and centre in chart coordinates."""

    label: str
    text: str
    y: str
    low: str
    high: str
    centre: str


@dataclass(frozen=True, slots=True)
class Forest:
    """Intervals round "no difference" at `zero`."""

    alt: str
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    zero: str
    width: int
    height: int


def line_chart(
    periods: Sequence[str], lines: Sequence[Line], *, alt: str, markers: Sequence[str] = ()
) -> LineChart:
    """Draw lines over periods from zero up; a gap in the values is a gap in the line.

    `markers` are periods before which a dashed upright stands.
    """
    known = [value for line in lines for value in line.values if value is not None]
    step, top = _scale(max(known, default=1.0))

    def x_at(index: float) -> float:
        span = WIDTH - LEFT - RIGHT - 24
        return LEFT + 12 + span * index / max(1, len(periods) - 1)

    def y_at(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top

    drawn = [_drawn(line, x_at, y_at) for line in lines]
    every = max(1, math.ceil(len(periods) / 6))
    last = len(periods) - 1
    return LineChart(
        alt=alt,
        lines=tuple(_spread(drawn)),
        x_ticks=tuple(
            Tick(f"{x_at(i):.1f}", period)
            for i, period in enumerate(periods)
            if (last - i) % every == 0
        ),
        y_ticks=tuple(
            Tick(f"{y_at(n * step):.1f}", f"{n * step:g}") for n in range(round(top / step) + 1)
        ),
        markers=tuple(
            Tick(f"{x_at(periods.index(period) - 0.5):.1f}", period)
            for period in markers
            if period in periods and periods.index(period) > 0
        ),
    )


def forest(rows: Sequence[tuple[str, float, float, float]], *, alt: str) -> Forest:
    """Draw intervals (label, low, centre, high; per cent) on one scale that holds zero."""
    left, right, width = 190, 640, 720
    ends = [end for _, low, _, high in rows for end in (low, high)]
    low_end, high_end = min([*ends, -10.0]), max([*ends, 10.0])
    step, _ = _scale(max(-low_end, high_end))
    low_end, high_end = step * math.floor(low_end / step), step * math.ceil(high_end / step)

    def x_at(value: float) -> str:
        return f"{left + (right - left) * (value - low_end) / (high_end - low_end):.1f}"

    bars = tuple(
        Bar(
            label,
            f"{centre:+.0f} %".replace("-", "−"),
            f"{30 + 34 * n}",
            x_at(low),
            x_at(high),
            x_at(centre),
        )
        for n, (label, low, centre, high) in enumerate(rows)
    )
    count = round((high_end - low_end) / step)
    ticks = tuple(
        Tick(x_at(value), f"{value:+g} %".replace("-", "−") if value else "no difference")
        for value in (low_end + n * step for n in range(count + 1))
    )
    return Forest(alt, bars, ticks, x_at(0), width, 60 + 34 * len(rows))


def _drawn(line: Line, x_at, y_at) -> DrawnLine:  # type: ignore[no-untyped-def]
    runs: list[list[str]] = [[]]
    last = (LEFT, HEIGHT - BOTTOM)
    for index, value in enumerate(line.values):
        if value is None:
            runs.append([])
            continue
        last = (x_at(index), y_at(value))
        runs[-1].append(f"{last[0]:.1f},{last[1]:.1f}")
    dots = [tuple(run[0].split(",")) for run in runs if len(run) == 1]
    return DrawnLine(
        line.label,
        line.colour,
        line.bold,
        tuple(" ".join(run) for run in runs if len(run) > 1),
        tuple((dot[0], dot[1]) for dot in dots),
        f"{last[0] + 10:.1f}",
        f"{last[1] + 5:.1f}",
    )


def _spread(lines: list[DrawnLine]) -> list[DrawnLine]:
    """Move labels that stand at the same end apart, so that none covers another."""
    placed: list[DrawnLine] = []
    for line in sorted(lines, key=lambda one: float(one.label_y)):
        y = float(line.label_y)
        for other in placed:
            near = abs(float(other.label_x) - float(line.label_x)) < 150
            if near and y < float(other.label_y) + LABEL_GAP:
                y = float(other.label_y) + LABEL_GAP
        placed.append(
            DrawnLine(
                line.label,
                line.colour,
                line.bold,
                line.runs,
                line.dots,
                line.label_x,
                f"{y:.1f}",
            )
        )
    return sorted(placed, key=lambda one: one.bold)


def _scale(highest: float) -> tuple[float, float]:
    """Choose a round step that gives three to six steps, and the top of the axis."""
    if highest <= 0:
        return 1.0, 1.0
    power = 10 ** math.floor(math.log10(highest / 4))
    step = next(
        power * factor for factor in (1, 2, 2.5, 5, 10, 20) if highest / (power * factor) <= 5
    )
    return step, step * math.ceil(highest / step - 1e-9)
