"""Cells that a spreadsheet would run although they do not begin with an equals sign."""

from __future__ import annotations

import pytest

from core.spreadsheets import csv_lines, neutral


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        " =HYPERLINK(1)",
        "\N{ZERO WIDTH NO-BREAK SPACE}=1",
        "\N{NO-BREAK SPACE}@SUM(1)",
        "\N{FULLWIDTH EQUALS SIGN}1+1",
        "\N{FULLWIDTH COMMERCIAL AT}SUM(1)",
        "\t=1",
        "\n=1",
    ],
)
def test_a_disguised_formula_begins_with_an_apostrophe(cell):
    assert neutral(cell) == "'" + cell
    assert "'" in "".join(csv_lines(["Name"], [[cell]]))


@pytest.mark.parametrize("cell", ["O'Neil", "a=b", "", "  Ann", 5, None])
def test_other_cells_stay_as_they_are(cell):
    assert neutral(cell) == cell
