"""Import published files: read all of it first, then stage and swap in one transaction."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from accounts import audit
from accounts.models import User
from impact.enums import AreaKind
from impact.models import Area, DataSetVersion, DataSource, Observation, StatisticalNeighbour
from impact.sources.la_panel import LaPanel, in_dependency_order, read_la_panel
from impact.sources.loading import load_rows
from impact.sources.neighbours import read_neighbours
from impact.sources.reading import UnableToImport, fingerprint

OPEN_GOVERNMENT_LICENCE = "Open Government Licence v3.0"
LA_PANEL = "lait-inclusion-panel"
NEIGHBOURS = "statistical-neighbours"
_SOURCES = {
    LA_PANEL: {
        "name": "DfE, Local Authority Interactive Tool: exclusions, absence and SEN",
        "url": "https://www.gov.uk/government/publications/local-authority-interactive-tool-lait",
    },
    NEIGHBOURS: {
        "name": "DfE, children's services statistical neighbours",
        "url": "https://www.gov.uk/government/publications/local-authority-interactive-tool-lait",
    },
}


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: the version that now stands, and whether anything was new."""

    version: DataSetVersion
    is_new: bool


def import_la_panel(*, path: Path, at: dt.datetime, by: User | None = None) -> Imported:
    """Import the inclusion panel; the same bytes again change nothing.

    Raises UnableToImport, with nothing written, when the file is not as its contract says.
    """
    sha256 = fingerprint(path)
    if known := _already(LA_PANEL, sha256):
        return known
    panel = read_la_panel(path)
    with transaction.atomic():
        version = _stage(LA_PANEL, path, sha256, panel.vintage, len(panel.cells), at=at, by=by)
        areas = _areas(panel)
        load_rows(
            Observation,
            ("version_id", "measure", "area_id", "period", "year", "raw", "value", "status"),
            (
                (
                    version.pk,
                    cell.measure,
                    areas[cell.area],
                    cell.period,
                    cell.year,
                    cell.raw,
                    cell.value,
                    str(cell.status),
                )
                for cell in panel.cells
            ),
        )
        _swap(version, at=at, by=by)
    return Imported(version, True)


def import_neighbours(*, path: Path, at: dt.datetime, by: User | None = None) -> Imported:
    """Import statistical neighbours; authorities not known yet are added from the file.

    Raises UnableToImport, with nothing written, when the file is not as its contract says.
    """
    sha256 = fingerprint(path)
    if known := _already(NEIGHBOURS, sha256):
        return known
    lines = read_neighbours(path)
    with transaction.atomic():
        version = _stage(NEIGHBOURS, path, sha256, _year_in(path.name), len(lines), at=at, by=by)
        named = {line.area: line.name for line in lines}
        known_areas = set(Area.objects.filter(code__in=named).values_list("code", flat=True))
        Area.objects.bulk_create(
            Area(code=code, name=name, kind=AreaKind.LOCAL_AUTHORITY)
            for code, name in named.items()
            if code not in known_areas
        )
        areas = dict(Area.objects.values_list("code", "pk"))
        unknown = next((line for line in lines if line.neighbour not in areas), None)
        if unknown:
            raise UnableToImport(
                path.name,
                f"neighbour {unknown.neighbour} is not an authority we know.",
                todo="Import the inclusion panel first, or correct the number.",
                line=unknown.line,
                column="sn_la_code",
            )
        load_rows(
            StatisticalNeighbour,
            ("version_id", "area_id", "neighbour_id", "rank", "closeness"),
            ((version.pk, areas[x.area], areas[x.neighbour], x.rank, x.closeness) for x in lines),
        )
        _swap(version, at=at, by=by)
    return Imported(version, True)


def _already(source: str, sha256: str) -> Imported | None:
    version = DataSetVersion.objects.filter(source__key=source, sha256=sha256).first()
    return Imported(version, False) if version else None


def _stage(
    key: str,
    path: Path,
    sha256: str,
    vintage: str,
    rows: int,
    *,
    at: dt.datetime,
    by: User | None,
) -> DataSetVersion:
    source, _ = DataSource.objects.get_or_create(
        key=key,
        defaults={
            **_SOURCES[key],
            "publisher": "Department for Education",
            "licence": OPEN_GOVERNMENT_LICENCE,
        },
    )
    DataSource.objects.select_for_update().get(pk=source.pk)
    return DataSetVersion.objects.create(
        source=source,
        file_name=path.name,
        sha256=sha256,
        vintage=vintage,
        rows=rows,
        imported_at=at,
        imported_by=by,
        is_current=False,
    )


def _swap(version: DataSetVersion, *, at: dt.datetime, by: User | None) -> None:
    """Make the staged version the current one."""
    DataSetVersion.objects.filter(source=version.source, is_current=True).update(is_current=False)
    version.is_current = True
    version.save(update_fields=["is_current"])
    audit.record(
        actor=by, verb="data_set.imported", obj=version, data={"rows": version.rows}, at=at
    )


def _areas(panel: LaPanel) -> dict[str, int]:
    """Add and update the areas the file names; return primary keys by number."""
    known = {area.code: area for area in Area.objects.all()}
    for area in in_dependency_order(panel.areas.values()):
        region = known[area.region] if area.region else None
        row = known.get(area.code) or Area(code=area.code)
        if (row.name, row.kind, row.region_id) != (area.name, area.kind, region and region.pk):
            row.name, row.kind, row.region = area.name, area.kind, region
            row.save()
        known[area.code] = row
    return {code: area.pk for code, area in known.items()}


def _year_in(name: str) -> str:
    digits = [part for part in name.replace(".", "_").split("_") if part.isdigit()]
    return next((part for part in digits if len(part) == 4), "")
