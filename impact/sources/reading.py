"""Open a published CSV file and hold it to its header contract; every error names its place."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

LARGEST_CELL = 10_000


class UnableToImport(Exception):
    """A file cannot be imported. The message names file, line and column, and what to do."""

    def __init__(
        self, file: str, problem: str, *, todo: str, line: int | None = None, column: str = ""
    ) -> None:
        place = file
        if line is not None:
            place += f", line {line}"
        if column:
            place += f", column “{column}”"
        super().__init__(f"{place}: {problem} {todo}")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file: its number as an editor counts it, and its cells by column."""

    file: str
    line: int
    cells: dict[str, str]

    def error(self, column: str, problem: str, todo: str) -> UnableToImport:
        """Make the error that names this line and a column."""
        return UnableToImport(self.file, problem, todo=todo, line=self.line, column=column)

    def __getitem__(self, column: str) -> str:
        return self.cells[column].strip()


def fingerprint(path: Path) -> str:
    """Give the SHA-256 of a file; raises UnableToImport when it is not there."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise UnableToImport(
            path.name, f"the file cannot be read ({error.strerror}).", todo="Check its name."
        ) from error


def rows_of(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of a CSV file that has exactly these columns, in any order.

    UTF-8 with or without BOM, UTF-16 with BOM, or Windows-1252. Raises UnableToImport for another
    layout, a row of another length, a NUL or an oversized cell.
    """
    text = _text_of(path)
    csv.field_size_limit(max(csv.field_size_limit(), LARGEST_CELL))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(path.name, header, columns)
        for cells in reader:
            if not any(cells):
                continue
            if len(cells) != len(header):
                raise UnableToImport(
                    path.name,
                    f"{len(cells)} cells where the header has {len(header)}.",
                    todo="Correct the line, or ask the publisher for the file again.",
                    line=reader.line_num,
                )
            yield Row(path.name, reader.line_num, dict(zip(header, cells, strict=True)))
    except csv.Error as error:
        raise UnableToImport(
            path.name,
            f"this is not a CSV file ({error}).",
            todo="Save it as CSV, comma separated, and try again.",
            line=reader.line_num,
        ) from error


def _text_of(path: Path) -> str:
    data = path.read_bytes()
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise UnableToImport(
            path.name, "the file holds NUL characters.", todo="Save it as CSV and try again."
        )
    return text


def _check_header(file: str, header: list[str], columns: Sequence[str]) -> None:
    twice = sorted({name for name in header if header.count(name) > 1})
    missing = [name for name in columns if name not in header]
    extra = [name for name in header if name not in columns]
    problems = []
    if missing:
        problems.append(f"missing: {', '.join(missing)}")
    if extra:
        shown = ", ".join(name[:40] for name in extra[:8])
        problems.append(f"not expected: {shown}")
    if twice:
        problems.append(f"twice: {', '.join(twice)}")
    if problems:
        raise UnableToImport(
            file,
            f"the columns are not those of this source ({'; '.join(problems)}).",
            todo=f"The header must read: {','.join(columns)}. Nothing was imported.",
            line=1,
        )
