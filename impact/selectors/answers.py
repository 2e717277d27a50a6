"""A finished run, ready to show: chart, table, checks and methods from its frozen result."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import Any

from impact.charts import Forest, Line, LineChart, forest, line_chart
from impact.models import Analysis
from impact.stats.grading import Grade

# One word for each grade, as the answer's sentence says it.
GRADE_WORDS = {
    Grade.INSUFFICIENT: "Not enough schools or years to say",
    Grade.DESCRIPTIVE: "A description only",
    Grade.NO_CLEAR_DIFFERENCE: "No clear difference",
    Grade.SUGGESTIVE: "Suggestive",
}
_ARMS = {"trained": "Trained schools", "comparison": "Not trained yet"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the answer page shows; charts are None where nothing may be shown."""

    grade: str
    grade_words: str
    answer: str
    reasons: list[str]
    checks: list[dict[str, str]]
    chart: LineChart | None
    chart_title: str
    table: dict[str, Any]
    estimates: Forest | None
    estimate: dict[str, Any] | None
    smallest_change: str
    methods: dict[str, Any]


def answer_of(analysis: Analysis) -> Answer:
    """Read a frozen result for the page; nothing is computed again."""
    result = analysis.result
    series = result.get("series") or []
    periods = result["methods"]["years"]
    estimate = result.get("estimate")
    return Answer(
        analysis.grade,
        GRADE_WORDS[Grade(analysis.grade)],
        analysis.answer,
        result.get("reasons", []),
        result.get("checks", []),
        _chart(series, periods, result.get("first_trained", "")),
        _title(series, periods, result.get("first_trained", "")),
        _table(series, periods),
        _forest(estimate) if estimate else None,
        estimate,
        result.get("smallest_change", ""),
        result["methods"],
    )


def _chart(series: list[dict[str, Any]], periods: list[str], first: str) -> LineChart | None:
    if not series:
        return None
    lines = [
        Line(
            f"{_ARMS[arm['arm']]} ({arm['schools']})",
            1 if arm["arm"] == "trained" else 4,
            arm["rates"],
            bold=arm["arm"] == "trained",
        )
        for arm in series
    ]
    alt = "; ".join(
        f"{line.label}: {_first(line.values)} to {_last(line.values)} for every 100 pupils"
        for line in lines
    )
    title = _title(series, periods, first)
    return line_chart(periods, lines, alt=f"{title}. {alt}.", markers=[first])


def _title(series: list[dict[str, Any]], periods: list[str], first: str) -> str:
    """Say how both groups' average rates moved once the first schools were trained."""
    if not series or first not in periods:
        return ""
    moves = {arm["arm"]: _move(arm["rates"], periods.index(first)) for arm in series}
    if moves["trained"] == moves["comparison"]:
        return f"After the first training rates {moves['trained']} in both groups"
    return (
        f"After the first training rates {moves['trained']} in trained schools and "
        f"{moves['comparison']} in the others"
    )


def _move(rates: list[float | None], turn: int) -> str:
    before = [rate for rate in rates[:turn] if rate is not None]
    after = [rate for rate in rates[turn:] if rate is not None]
    if not before or not after or abs(fmean(after) - fmean(before)) < 0.1:
        return "stayed level"
    return "fell" if fmean(after) < fmean(before) else "rose"


def _first(rates: Any) -> float | None:
    return next((rate for rate in rates if rate is not None), None)


def _last(rates: Any) -> float | None:
    return next((rate for rate in reversed(list(rates)) if rate is not None), None)


def _table(series: list[dict[str, Any]], periods: list[str]) -> dict[str, Any]:
    head = [{"label": "Year"}]
    head += [{"label": f"{_ARMS[arm['arm']]}", "numeric": True} for arm in series]  # type: ignore[dict-item]
    rows: list[list[Any]] = [
        [
            period,
            *(
                {
                    "text": "hidden" if arm["rates"][i] is None else f"{arm['rates'][i]:.1f}",
                    "numeric": True,
                }
                for arm in series
            ),
        ]
        for i, period in enumerate(periods)
    ]
    return {"caption": "Rate for every 100 pupils", "head": head, "rows": rows}


def _forest(estimate: dict[str, Any]) -> Forest:
    rows = [("This answer", estimate["lower"], estimate["percent"], estimate["upper"])]
    rows += [
        (opinion["method"], opinion["limits"][0], opinion["percent"], opinion["limits"][1])
        for opinion in estimate["opinions"]
        if opinion.get("limits")
    ]
    return forest(
        rows,
        alt=f"{estimate['percent']} %, with an interval from {estimate['lower']} % to "
        f"{estimate['upper']} %. Zero is no difference.",
    )
