"""Published files of our own making, geography and schools' outcomes, for the impact tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import factory

from impact.models import Area, SchoolOutcome
from tests.factories.accounts import OrganisationFactory

PANEL_HEADER = "Short Desc,Data item,Years,LA and Regions,LA Number,Region,value_raw,value"
NEIGHBOUR_HEADER = "la_code,la_name,rank,sn_la_code,closeness"

# name, number, region: a small England with the two traps of London.
PLACES = (
    ("Harrow", "310", "Outer London"),
    ("Barnet", "302", "Outer London"),
    ("Slough", "871", "South East"),
    ("Thurrock", "883", "East of England"),
    ("England", "970", "NA"),
    ("London", "986", "NA"),
    ("London (Outer)", "988", "NA"),
    ("London (Inner)", "987", "NA"),
    ("South East", "989", "NA"),
    ("East of England", "985", "NA"),
)
YEARS = ("2020/21", "2021/22", "2022-23", "2023/24")


def panel_lines(measure: str = "TotFixedEx") -> list[str]:
    """Write the lines of a panel: Outer London stops where London begins, one cell is a symbol."""
    lines = []
    for order, (name, number, region) in enumerate(PLACES):
        for index, year in enumerate(YEARS):
            raw = f"{2 + order + index / 4:.17g}"
            if number in ("987", "988") and index >= 2:
                raw = "-"
            if number == "986" and index < 2:
                raw = "-"
            if number == "883" and index == 1:
                raw = "c"
            value = "" if raw in "-c" else f"{float(raw)}"
            lines.append(f"{measure},Described,{year},{name},{number}.0,{region},{raw},{value}")
    return lines


def write_panel(
    folder: Path, lines: Iterable[str] | None = None, header: str = PANEL_HEADER
) -> Path:
    """Write a panel file and return its path."""
    path = folder / "panel.csv"
    path.write_text("\n".join([header, *(panel_lines() if lines is None else lines)]) + "\n")
    return path


def write_neighbours(folder: Path, lines: Iterable[str] | None = None) -> Path:
    """Write a neighbours file of 2025 in which Harrow has three and return its path."""
    rows = lines or (
        "310,Harrow,1,302,Very Close",
        "310,Harrow,2,871,Close",
        "310,Harrow,3,883,Somewhat close",
    )
    path = folder / "statistical_neighbours_2025.csv"
    path.write_text("\n".join([NEIGHBOUR_HEADER, *rows]) + "\n")
    return path


class AreaFactory(factory.django.DjangoModelFactory):
    """A local authority in the published geography."""

    class Meta:
        model = Area

    code = factory.Sequence(lambda n: f"{300 + n}")
    name = factory.Sequence(lambda n: f"Authority {n}")
    kind = "local_authority"


class SchoolOutcomeFactory(factory.django.DjangoModelFactory):
    """A primary school's year: 300 pupils, 12 suspensions of 8 pupils."""

    class Meta:
        model = SchoolOutcome

    organisation = factory.SubFactory(OrganisationFactory)
    year = 2023
    headcount = 300
    suspensions = 12
    pupils_suspended = 8
    permanent_exclusions = 0
    persistent_absentees = 45
