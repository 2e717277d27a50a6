"""The inclusion panel of DfE's Local Authority Interactive Tool: one line a measure, year, area."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from impact.enums import AreaKind, ValueStatus
from impact.sources.labels import read_value, year_of
from impact.sources.reading import Row, UnableToImport, rows_of

COLUMNS = (
    "Short Desc",
    "Data item",
    "Years",
    "LA and Regions",
    "LA Number",
    "Region",
    "value_raw",
    "value",
)
ENGLAND = "970"
# Region column of an authority -> number of the region's own line. Names differ in case and words.
REGION_NUMBERS = {
    "north east": "980",
    "north west": "981",
    "yorkshire and the humber": "982",
    "east midlands": "983",
    "west midlands": "984",
    "east of england": "985",
    "inner london": "987",
    "outer london": "988",
    "south east": "989",
    "south west": "990",
}
# Inner and Outer London stop in 2021/22, London begins in 2022/23: one continues the other.
CONTINUED_BY = {"987": "986", "988": "986"}
_NOT_AN_AUTHORITY = {ENGLAND, "986", *REGION_NUMBERS.values()}


@dataclass(frozen=True, slots=True)
class PanelArea:
    """An area the file names; `region` is the number of the area it belongs to."""

    code: str
    name: str
    kind: AreaKind
    region: str | None


@dataclass(frozen=True, slots=True)
class PanelCell:
    """One cell of the file, read."""

    measure: str
    area: str
    period: str
    year: int
    raw: str
    value: float | None
    status: ValueStatus


@dataclass(slots=True)
class LaPanel:
    """A whole file: its areas by number, its cells, and the latest period in it."""

    areas: dict[str, PanelArea] = field(default_factory=dict)
    cells: list[PanelCell] = field(default_factory=list)
    vintage: str = ""


def read_la_panel(path: Path) -> LaPanel:
    """Read and check a whole file; raises UnableToImport at the first thing that is wrong.

    Measures are keyed on Short Desc, since the descriptions change; the printed text is kept.
    """
    panel = LaPanel()
    seen: set[tuple[str, str, str]] = set()
    for row in rows_of(path, COLUMNS):
        area = _area(row)
        known = panel.areas.setdefault(area.code, area)
        if known.name != area.name:
            raise row.error(
                "LA and Regions",
                f"number {area.code} is “{area.name}” here and “{known.name}” above.",
                "Correct one of them.",
            )
        cell = _cell(row, area.code)
        key = (cell.measure, cell.area, cell.period)
        if key in seen:
            raise row.error(
                "Short Desc",
                f"{cell.measure}, {area.name}, {cell.period} is there twice.",
                "Remove one of the two lines.",
            )
        seen.add(key)
        panel.cells.append(cell)
    if not panel.cells:
        raise UnableToImport(path.name, "the file has no rows.", todo="Choose the whole file.")
    panel.vintage = max(panel.cells, key=lambda cell: (cell.year, cell.period)).period
    return panel


def _area(row: Row) -> PanelArea:
    number = row["LA Number"].removesuffix(".0")
    if not (number.isdigit() and len(number) == 3):
        raise row.error(
            "LA Number",
            f"“{row['LA Number'][:20]}” is not a three-digit number.",
            "Use DfE's number of the authority or region.",
        )
    region = REGION_NUMBERS.get(row["Region"].casefold())
    kind = AreaKind.LOCAL_AUTHORITY
    if number in _NOT_AN_AUTHORITY:
        kind = AreaKind.COUNTRY if number == ENGLAND else AreaKind.REGION
        region = CONTINUED_BY.get(number)
    elif region is None:
        raise row.error(
            "Region", f"“{row['Region'][:40]}” is not a known region.", "Correct the name."
        )
    return PanelArea(number, row["LA and Regions"], kind, region)


def _cell(row: Row, area: str) -> PanelCell:
    year = year_of(row["Years"])
    if year is None:
        raise row.error(
            "Years", f"“{row['Years'][:20]}” is not a year.", "Write 2023/24, 2023-24 or 2024."
        )
    raw = row["value_raw"]
    read = read_value(raw)
    if read is None:
        raise row.error(
            "value_raw",
            f"“{raw[:20]}” is neither a number nor a known symbol.",
            "Look the symbol up in the publisher's notes and add it to impact/sources/labels.py.",
        )
    value, status = read
    if not row["Short Desc"]:
        raise row.error("Short Desc", "the measure is missing.", "Fill it in.")
    return PanelCell(row["Short Desc"], area, row["Years"], year, raw, value, status)


def in_dependency_order(areas: Iterable[PanelArea]) -> list[PanelArea]:
    """Order areas so that each comes after the one it belongs to."""
    rank = {AreaKind.COUNTRY: 0, AreaKind.REGION: 1, AreaKind.LOCAL_AUTHORITY: 3}
    return sorted(areas, key=lambda area: (rank[area.kind] + (area.region is not None), area.code))
