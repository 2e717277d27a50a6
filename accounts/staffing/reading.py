"""Reads a file or a paste into recognised cells; refuses whole what is no list of staff.

Only the columns that were recognised leave this module: a column of salaries or birthdays in the
file is never kept anywhere.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.staffing.headings import LABELS, Recognised, count_known, recognise

MAX_BYTES = 12 * 1024 * 1024
MAX_LINES = 50_000
CELL_LIMIT = 301  # one sign more than any cell may have, so that "too long" can still be seen
_FIRST_LINES = 15  # titles of a report may stand above the headings
_BREAKS = 3  # a cell with more line breaks is an open quotation mark
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_AS_CSV = (
    "In your spreadsheet choose “Save a copy” and “CSV UTF-8”, or copy the rows and paste them."
)


class UnreadableList(Exception):
    """The list is refused whole; the message says why and what to do; `code` is for the log."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Sheet:
    """A list as read: the recognised columns, and each line's cells in their order."""

    recognised: Recognised
    lines: list[tuple[int, list[str]]]

    @property
    def fields(self) -> list[str]:
        """Name the fields in the order of the cells."""
        return list(self.recognised.columns)

    def as_rows(self) -> list[list[str | int]]:
        """Return what `StaffImport.rows` keeps."""
        rows: list[list[str | int]] = [[*self.fields]]
        rows.extend([number, *cells] for number, cells in self.lines)
        return rows

    def fingerprint(self) -> str:
        """Return the same text for the same cells in the same columns."""
        return hashlib.sha256(json.dumps(self.as_rows()).encode()).hexdigest()


def read_list(content: bytes | str) -> Sheet:
    """Return the recognised cells of a file's bytes or of pasted text; raise UnreadableList."""
    text = _decoded(content) if isinstance(content, bytes) else content
    text = text.removeprefix("\ufeff")
    if len(text) > MAX_BYTES:
        raise UnreadableList("too large", "The list is too long. Import it in parts.")
    if not text.strip():
        raise UnreadableList("empty", "There is nothing in the list.")
    if "\x00" in text:
        raise UnreadableList("zero bytes", f"This is not a text file. {_AS_CSV}")
    header, recognised, rest = _headed(text)
    if recognised.of_pupils:
        raise UnreadableList(
            "pupils",
            f"This looks like a list of pupils: it has the heading "
            f"“{_short(recognised.of_pupils[0])}”. Nothing of it was kept. Choose a list of staff.",
        )
    if recognised.twice:
        raise UnreadableList(
            "duplicate headings",
            f"The heading “{_short(recognised.twice[0])}” is there twice. Waymark cannot tell "
            "which column to take: delete one, or give it another name.",
        )
    _demand_columns(recognised)
    lines = list(_lines(rest, header, recognised))
    if not lines:
        raise UnreadableList("no rows", "The list has headings and no rows below them.")
    return Sheet(recognised, lines)


def _decoded(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise UnreadableList(
            "too large",
            f"The file is larger than {MAX_BYTES // 1024 // 1024} MB. Import it in parts.",
        )
    if content.startswith(_WORKBOOKS):
        raise UnreadableList("workbook", f"This is a spreadsheet's own format. {_AS_CSV}")
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _try(content, encoding)
    sample = content[:2000]
    if len(sample) >= 4 and sample.count(0) > len(sample) // 4:
        # UTF-16 without its mark: the zero bytes stand on one side.
        return _try(
            content, "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _try(content, "cp1252")


def _try(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableList("encoding", f"This is not a text file. {_AS_CSV}") from error


def _headed(text: str) -> tuple[int, Recognised, Iterator[tuple[int, list[str]]]]:
    """Find the separator and the heading line among the first lines; the rest comes as read."""
    first = [line for line in text[:60_000].splitlines()[:_FIRST_LINES] if line.strip()]
    best = (0, ",")
    for separator in (",", "\t", ";", "|"):
        known = max((count_known(_split(line, separator)) for line in first), default=0)
        best = max(best, (known, separator), key=lambda found: found[0])
    known, separator = best
    if known < 2:
        names = ", ".join(LABELS[name] for name in ("given_name", "family_name", "email", "title"))
        raise UnreadableList(
            "headings",
            "Waymark does not find the headings. The first row should say what is in each column, "
            f"such as: {names}, Start date.",
        )
    rows = _rows(text, separator)
    for number, cells in rows:
        if count_known(cells) >= 2:
            return number, recognise(cells), rows
    raise UnreadableList("headings", "Waymark does not find the headings.")


def _split(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableList(
                "broken cell",
                f"Line {begins} cannot be read: a cell there is longer than any cell of a staff "
                "list, or a quotation mark opens and is never closed.",
            ) from error
        yield begins, cells


def _demand_columns(recognised: Recognised) -> None:
    has = recognised.columns.keys()
    missing = []
    if "full_name" not in has and not {"given_name", "family_name"} <= has:
        missing.append("First name and Last name")
    if not {"email", "staff_number"} & has:
        missing.append("Email address or Staff number")
    if "title" not in has:
        missing.append("Job title")
    if missing:
        raise UnreadableList(
            "missing columns",
            "The list has no column for: "
            + "; ".join(missing)
            + ". Add it, or rename the column that holds it.",
        )


def _lines(
    rows: Iterator[tuple[int, list[str]]], header: int, recognised: Recognised
) -> Iterator[tuple[int, list[str]]]:
    columns = list(recognised.columns.values())
    for count, (number, cells) in enumerate(rows, start=1):
        if count > MAX_LINES:
            raise UnreadableList(
                "too many rows", f"The list has more than {MAX_LINES:,} rows. Import it in parts."
            )
        if any(cell.count("\n") > _BREAKS for cell in cells):
            raise UnreadableList(
                "open quotation",
                f"In line {number} a quotation mark opens and is closed only many lines later. "
                "Mend it and choose the file again.",
            )
        taken = [cells[index][:CELL_LIMIT] if index < len(cells) else "" for index in columns]
        if any(cell.strip() for cell in taken):
            yield number, taken


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
