"""Published files: what is kept of a cell, what is refused, and that nothing is half-written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from impact.enums import ValueStatus
from impact.models import Area, DataSetVersion, Observation, StatisticalNeighbour
from impact.services.importing import import_la_panel, import_neighbours
from impact.sources.reading import UnableToImport
from tests.factories.impact import (
    PANEL_HEADER,
    panel_lines,
    write_neighbours,
    write_panel,
)

AT = dt.datetime(2026, 9, 1, 9, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


def test_a_cell_keeps_its_text_its_number_and_what_it_says(tmp_path: Path) -> None:
    import_la_panel(path=write_panel(tmp_path), at=AT)

    hidden = Observation.objects.get(area__code="883", period="2021/22")
    assert (hidden.raw, hidden.value, hidden.status) == ("c", None, ValueStatus.CONFIDENTIAL)
    shown = Observation.objects.get(area__code="310", period="2022-23")
    assert (shown.value, shown.status, shown.year) == (2.5, ValueStatus.SHOWN, 2023)
    gap = Observation.objects.get(area__code="988", period="2023/24")
    assert (gap.raw, gap.status) == ("-", ValueStatus.UNAVAILABLE)


def test_regions_are_mapped_by_name_and_london_continues_its_halves(tmp_path: Path) -> None:
    import_la_panel(path=write_panel(tmp_path), at=AT)

    harrow = Area.objects.select_related("region__region").get(code="310")
    assert str(harrow.region) == "London (Outer)"
    assert harrow.region is not None
    assert str(harrow.region.region) == "London"
    assert Area.objects.get(code="970").kind == "country"


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    path = write_panel(tmp_path)
    first = import_la_panel(path=path, at=AT)
    again = import_la_panel(path=path, at=AT + dt.timedelta(days=1))

    assert (first.is_new, again.is_new) == (True, False)
    assert again.version == first.version
    assert Observation.objects.count() == 40


def test_a_new_file_supersedes_and_leaves_the_old_one_as_it_was(tmp_path: Path) -> None:
    old = import_la_panel(path=write_panel(tmp_path), at=AT).version
    new = import_la_panel(path=write_panel(tmp_path, panel_lines()[:20]), at=AT).version

    old.refresh_from_db()
    assert (old.is_current, new.is_current) == (False, True)
    assert (old.observations.count(), new.observations.count()) == (40, 20)
    assert Observation.objects.current().count() == 20


def replaced(number: int, old: str, new: str) -> list[str]:
    lines = panel_lines()
    assert old in lines[number]
    lines[number] = lines[number].replace(old, new)
    return lines


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (
            lambda f: write_panel(f, header=PANEL_HEADER.replace("Years", "Year")),
            ["panel.csv, line 1", "missing: Years", "not expected: Year", "Nothing was imported"],
        ),
        (
            lambda f: write_panel(f, header=PANEL_HEADER.replace("Region,", "Pupil name,")),
            ["missing: Region", "not expected: Pupil name"],
        ),
        (
            lambda f: write_panel(f, replaced(3, "2023/24", "2023/25")),
            ["line 5", "“Years”", "“2023/25” is not a year"],
        ),
        (
            lambda f: write_panel(f, replaced(2, ",2.5,2.5", ",many,")),
            ["line 4", "“value_raw”", "neither a number nor a known symbol"],
        ),
        (
            lambda f: write_panel(f, replaced(0, "310.0", "31")),
            ["line 2", "“LA Number”", "three-digit"],
        ),
        (
            lambda f: write_panel(f, replaced(0, "Outer London", "Outer Mongolia")),
            ["line 2", "“Region”", "not a known region"],
        ),
        (
            lambda f: write_panel(f, [*panel_lines(), panel_lines()[0]]),
            ["line 42", "is there twice", "Remove one"],
        ),
        (
            lambda f: write_panel(f, [*panel_lines()[:5], "TotFixedEx,short"]),
            ["line 7", "2 cells where the header has 8"],
        ),
        (lambda f: write_panel(f, []), ["no rows"]),
        (lambda f: write_panel(f, replaced(0, "Described", "a\x00b")), ["NUL"]),
        (lambda f: f / "not-there.csv", ["not-there.csv", "cannot be read"]),
    ],
)
def test_a_wrong_file_is_refused_with_its_place_and_nothing_written(
    tmp_path: Path, write: Callable[[Path], Path], words: list[str]
) -> None:
    with pytest.raises(UnableToImport) as caught:
        import_la_panel(path=write(tmp_path), at=AT)

    assert [word for word in words if word not in str(caught.value)] == []
    assert not Area.objects.exists()
    assert not Observation.objects.exists()
    assert not DataSetVersion.objects.exists()


def test_a_failed_import_leaves_the_standing_version_current(tmp_path: Path) -> None:
    import_la_panel(path=write_panel(tmp_path), at=AT)
    with pytest.raises(UnableToImport):
        import_la_panel(path=write_panel(tmp_path, replaced(9, "2021/22", "soon")), at=AT)

    assert Observation.objects.current().count() == 40


def test_encodings_of_spreadsheets_are_read(tmp_path: Path) -> None:
    path = write_panel(tmp_path)
    text = path.read_text()
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        path.write_bytes(text.replace("Described", f"Décrit {encoding}").encode(encoding))
        assert import_la_panel(path=path, at=AT).is_new


def test_neighbours_by_rank_with_one_spelling_of_closeness(tmp_path: Path) -> None:
    import_la_panel(path=write_panel(tmp_path), at=AT)
    version = import_neighbours(path=write_neighbours(tmp_path), at=AT).version

    found = StatisticalNeighbour.objects.filter(area__code="310")
    assert [(n.rank, str(n.neighbour), n.closeness) for n in found] == [
        (1, "Barnet", "Very close"),
        (2, "Slough", "Close"),
        (3, "Thurrock", "Somewhat close"),
    ]
    assert version.vintage == "2025"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["310,Harrow,11,302,Close"], "not a rank"),
        (["310,Harrow,1,302,Close", "310,Harrow,1,871,Close"], "rank 1 twice"),
        (["310,Harrow,1,310,Close"], "its own neighbour"),
        (["310,Harrow,1,555,Close"], "line 2, column “sn_la_code”: neighbour 555"),
    ],
)
def test_wrong_neighbours_are_refused(tmp_path: Path, lines: list[str], words: str) -> None:
    import_la_panel(path=write_panel(tmp_path), at=AT)
    with pytest.raises(UnableToImport, match=words):
        import_neighbours(path=write_neighbours(tmp_path, lines), at=AT)
    assert not StatisticalNeighbour.objects.exists()


def test_commands_say_what_they_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(write_panel(tmp_path))
    call_command("import_la_panel", path)
    call_command("import_la_panel", path)
    assert capsys.readouterr().out.splitlines() == [
        "Imported 40 rows of panel.csv.",
        "panel.csv was imported before: there is nothing to do.",
    ]
    with pytest.raises(CommandError, match="columns are not those"):
        call_command("import_neighbours", path)


@pytest.mark.open_data
def test_the_real_files(open_data: Path) -> None:
    panel = import_la_panel(path=open_data / "dfe" / "la_inclusion_panel.csv", at=AT).version
    import_neighbours(path=open_data / "dfe" / "statistical_neighbours_2025_long.csv", at=AT)

    assert panel.rows == Observation.objects.count() == 45_560
    harrow = Observation.objects.get(area__code="310", measure="TotFixedEx", period="2023/24")
    assert harrow.value == pytest.approx(3.25232)
    assert StatisticalNeighbour.objects.count() == 1_580
