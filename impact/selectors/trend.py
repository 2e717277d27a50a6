"""A published measure over the years: an authority, its neighbours, its region, England."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from impact.enums import AreaKind
from impact.measures import Measure
from impact.models import Area, DataSetVersion, Observation, StatisticalNeighbour

# At least this many neighbours must have a figure before a mean of them is shown.
LEAST_NEIGHBOURS = 5


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name, what it is, and a value or None for each period."""

    name: str
    role: str
    values: tuple[float | None, ...]

    @property
    def last(self) -> tuple[int, float] | None:
        """Return index and value of the last figure."""
        known = [(i, value) for i, value in enumerate(self.values) if value is not None]
        return known[-1] if known else None


@dataclass(frozen=True, slots=True)
class Trend:
    """All lines of a measure with their periods, what was said of gaps, and where it is from."""

    area: Area
    measure: Measure
    periods: tuple[str, ...]
    series: tuple[Series, ...]
    notes: tuple[str, ...]
    neighbours: tuple[str, ...]
    versions: tuple[DataSetVersion, ...]

    @property
    def source(self) -> str:
        """Name the publications the figures are from."""
        return "; ".join(version.source.name for version in self.versions)

    @property
    def own(self) -> Series | None:
        """Return the authority's own line."""
        return next((line for line in self.series if line.role == "area"), None)


def trend(area: Area, measure: Measure) -> Trend:
    """Give the trend of a measure for an authority; five queries.

    A region whose line stops where another begins (Outer London, London) gives two lines with a
    gap and a note: they are never joined.
    """
    neighbours = list(
        StatisticalNeighbour.objects.filter(area=area, version__is_current=True)
        .select_related("neighbour")
        .order_by("rank")
    )
    regions = _regions(area)
    country = Area.objects.filter(kind=AreaKind.COUNTRY).first()
    wanted = [area, *regions, *([country] if country else []), *(n.neighbour for n in neighbours)]
    rows = (
        Observation.objects.current()
        .series(measure.key, {one.pk for one in wanted})
        .values_list("area_id", "period", "year", "value", "version_id")
    )
    values: dict[int, dict[str, float | None]] = defaultdict(dict)
    periods: dict[str, int] = {}
    versions = set()
    for area_id, period, year, value, version in rows:
        values[area_id][period] = value
        periods[period] = year
        versions.add(version)
    ordered = tuple(sorted(periods, key=lambda period: (periods[period], period)))
    lines = _lines(area, regions, country, neighbours, values, ordered)
    return Trend(
        area,
        measure,
        ordered,
        lines,
        _notes(lines, ordered),
        tuple(n.neighbour.name for n in neighbours),
        tuple(DataSetVersion.objects.select_related("source").filter(pk__in=versions)),
    )


def _regions(area: Area) -> list[Area]:
    found: list[Area] = []
    region = area.region
    while region is not None and region.kind == AreaKind.REGION and len(found) < 3:
        found.append(region)
        region = region.region
    return found


def _lines(
    area: Area,
    regions: list[Area],
    country: Area | None,
    neighbours: list[StatisticalNeighbour],
    values: Mapping[int, Mapping[str, float | None]],
    periods: tuple[str, ...],
) -> tuple[Series, ...]:
    def line(one: Area, role: str) -> Series:
        return Series(one.name, role, tuple(values[one.pk].get(period) for period in periods))

    lines = [line(area, "area")]
    if neighbours:
        lines.append(Series("Neighbours’ mean", "neighbours", _mean(neighbours, values, periods)))
    lines += [line(region, "region") for region in regions]
    if country is not None:
        lines.append(line(country, "country"))
    return tuple(one for one in lines if one.last is not None or one.role == "area")


def _mean(
    neighbours: list[StatisticalNeighbour],
    values: Mapping[int, Mapping[str, float | None]],
    periods: tuple[str, ...],
) -> tuple[float | None, ...]:
    found: list[float | None] = []
    for period in periods:
        known = [
            value for n in neighbours if (value := values[n.neighbour_id].get(period)) is not None
        ]
        enough = len(known) >= min(LEAST_NEIGHBOURS, len(neighbours))
        found.append(fmean(known) if known and enough else None)
    return tuple(found)


def _notes(lines: tuple[Series, ...], periods: tuple[str, ...]) -> tuple[str, ...]:
    notes = []
    regions = [one for one in lines if one.role == "region" and one.last]
    for before, after in pairwise(regions):
        last = before.last
        first = next((i for i, value in enumerate(after.values) if value is not None), None)
        if last is None or first is None or last[0] >= first:
            continue
        notes.append(
            f"DfE publishes {before.name} up to {periods[last[0]]} and {after.name} from "
            f"{periods[first]}. They are different areas, so the lines are not joined."
        )
    return tuple(notes)
