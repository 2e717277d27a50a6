"""Cells a spreadsheet would run are neutral wherever we or Wagtail write them."""

from __future__ import annotations

import csv
import io

import pytest

from core.spreadsheets import csv_lines, neutral


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t", "\r"])
def test_a_formula_gets_an_apostrophe(lead):
    assert neutral(f"{lead}1+1") == f"'{lead}1+1"


@pytest.mark.parametrize("value", [-3, 2.5, None, True, "plain", "a=b", ""])
def test_numbers_and_plain_text_stay_as_they_are(value):
    assert neutral(value) == value


def test_csv_is_read_back_cell_by_cell():
    text = "".join(csv_lines(["Name", "=Header"], [["Ana, Bo", '=HYPERLINK("x")'], ["ü", 3]]))

    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff")))) == [
        ["Name", "'=Header"],
        ["Ana, Bo", '\'=HYPERLINK("x")'],
        ["ü", "3"],
    ]


def test_long_exports_are_streamed_in_pieces():
    pieces = list(csv_lines(["n"], ([str(n)] for n in range(50_000))))

    assert len(pieces) > 5
    assert sum(piece.count("\r\n") for piece in pieces) == 50_001


def test_wagtails_own_exports_are_neutral_too():
    from wagtail.admin.views.mixins import SpreadsheetExportMixin

    view = SpreadsheetExportMixin()

    assert view.preprocess_field_value("title", "=1+1", "csv") == "'=1+1"
    assert view.preprocess_field_value("title", "=1+1", "xlsx") == "'=1+1"
    assert view.preprocess_field_value("count", 3, "csv") == 3
