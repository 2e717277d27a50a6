"""Parse GIAS files into rows of our own; knows the header contracts and nothing of the database.

Two layouts of establishments are read: GIAS's own (CP1252, DD-MM-YYYY, "TypeOfEstablishment
(name)") and the slimmer open extract (UTF-8, "school_type"); one layout of links.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from accounts.enums import LinkType, OrganisationKind, OrganisationStatus, Phase


class UnreadableFile(Exception):
    """The file cannot be read; the message names file, line, column and what to do."""


@dataclass(frozen=True)
class Establishment:
    """One school as read. What the file does not say is None or empty: nobody knows it."""

    urn: int
    name: str
    kind: str
    gias_type: str
    phase: str
    status: str
    la_code: str
    establishment_number: str = ""
    ward: str = ""
    postcode: str = ""
    trust_name: str = ""
    opened_on: dt.date | None = None
    closed_on: dt.date | None = None
    pupils: int | None = None


@dataclass(frozen=True)
class Link:
    """One link as read: from `urn` to `linked_urn`."""

    urn: int
    linked_urn: int
    linked_name: str
    link_type: str
    established_on: dt.date | None


@dataclass(frozen=True)
class Layout:
    """Where a layout keeps each thing: our field -> the file's column ("" where it has none)."""

    urn: str
    name: str
    gias_type: str
    phase: str
    la_code: str
    required: tuple[str, ...]
    status: str = ""
    establishment_number: str = ""
    ward: str = ""
    postcode: str = ""
    trust_name: str = ""
    trust_flag: str = ""
    opened_on: str = ""
    closed_on: str = ""
    pupils: str = ""


GIAS = Layout(
    urn="URN",
    name="EstablishmentName",
    gias_type="TypeOfEstablishment (name)",
    phase="PhaseOfEducation (name)",
    la_code="LA (code)",
    status="EstablishmentStatus (name)",
    establishment_number="EstablishmentNumber",
    ward="AdministrativeWard (name)",
    postcode="Postcode",
    trust_name="Trusts (name)",
    trust_flag="TrustSchoolFlag (name)",
    opened_on="OpenDate",
    closed_on="CloseDate",
    pupils="NumberOfPupils",
    required=(
        "URN",
        "EstablishmentName",
        "TypeOfEstablishment (name)",
        "EstablishmentStatus (name)",
        "LA (code)",
    ),
)
EXTRACT = Layout(
    urn="urn",
    name="school_name",
    gias_type="school_type",
    phase="phase",
    la_code="la_code",
    postcode="postcode",
    trust_name="trust_name",
    pupils="pupil_count",
    required=("urn", "school_name", "school_type", "la_code"),
)
LINKS_REQUIRED = ("URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate")

_PHASES = {label.lower(): value for value, label in Phase.choices}
_STATUSES = {label.lower(): value for value, label in OrganisationStatus.choices}
_LINK_TYPES = {label.lower(): value for value, label in LinkType.choices}
# A foundation trust of a maintained school is no employer of academies.
_FOUNDATION_TRUST = "supported by a trust"
_KIND_BY_WORDS = (
    ("alternative provision", OrganisationKind.ALTERNATIVE_PROVISION),
    ("academy ap", OrganisationKind.ALTERNATIVE_PROVISION),
    ("pupil referral", OrganisationKind.PRU),
    ("children's centre", OrganisationKind.CHILDRENS_CENTRE),
    ("childrens centre", OrganisationKind.CHILDRENS_CENTRE),
    ("special post", OrganisationKind.COLLEGE),
    ("special college", OrganisationKind.COLLEGE),
    ("special", OrganisationKind.SPECIAL_SCHOOL),
    ("nursery", OrganisationKind.NURSERY_SCHOOL),
    ("further education", OrganisationKind.COLLEGE),
    ("sixth form", OrganisationKind.COLLEGE),
    ("16-19", OrganisationKind.COLLEGE),
    ("16 to 19", OrganisationKind.COLLEGE),
    ("higher education", OrganisationKind.COLLEGE),
)


def kind_of(gias_type: str) -> str:
    """Return our kind for a GIAS establishment type, such as "Academy special converter"."""
    lowered = gias_type.lower()
    for words, kind in _KIND_BY_WORDS:
        if words in lowered:
            return kind
    return OrganisationKind.SCHOOL


def read_text(path: Path) -> str:
    """Return the file's text, from UTF-8 (with or without BOM), UTF-16 or CP1252.

    Raises UnreadableFile for a file with NUL characters, which no register has.
    """
    raw = path.read_bytes()
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = raw.decode("utf-16")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise UnreadableFile(
            f"{path.name} contains NUL characters, so it is not a CSV file. Download it again."
        )
    return text


def read_establishments(path: Path) -> Iterator[Establishment]:
    """Yield the schools of a file in either layout; raises UnreadableFile on the first bad row."""
    table = _Table(path)
    layout = next((each for each in (GIAS, EXTRACT) if each.urn in table.places), None)
    if layout is None:
        raise UnreadableFile(
            f"{path.name}, line 1: there is no URN column. Use the establishments file of GIAS, or "
            "an extract with the columns urn, school_name, school_type and la_code."
        )
    table.require(layout.required)
    return _establishments(table, layout)


def read_links(path: Path) -> Iterator[Link]:
    """Yield the links of a file; raises UnreadableFile on the first bad row."""
    table = _Table(path)
    table.require(LINKS_REQUIRED)
    urn, linked_urn, name, link_type, established_on = map(table.cell, LINKS_REQUIRED)
    for line, row in table.rows():
        yield Link(
            urn=_urn(path, line, "URN", urn(row)),
            linked_urn=_urn(path, line, "LinkURN", linked_urn(row)),
            linked_name=name(row)[:200],
            # GIAS adds types now and then ("Sixth Form Centre School Link"): kept as other.
            link_type=_LINK_TYPES.get(link_type(row).lower(), LinkType.OTHER),
            established_on=_date(path, line, "LinkEstablishedDate", established_on(row)),
        )


class _Table:
    """A CSV file with a header; the published one has 137 columns, of which few are read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        text = read_text(path)
        first_line = text.partition("\n")[0]
        delimiter = ";" if first_line.count(";") > first_line.count(",") else ","
        self.reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        header = [name.strip() for name in next(self.reader, [])]
        twice = sorted({name for name in header if name and header.count(name) > 1})
        if twice:
            raise UnreadableFile(
                f"{path.name}, line 1: the column {twice[0]} appears more than once. Remove one."
            )
        self.places = {name: place for place, name in enumerate(header) if name}
        self.width = len(header)

    def require(self, names: tuple[str, ...]) -> None:
        """Refuse the file if it lacks one of the columns."""
        missing = [name for name in names if name not in self.places]
        if missing:
            raise UnreadableFile(
                f"{self.path.name}, line 1: the column {missing[0]} is missing. Columns needed: "
                f"{', '.join(names)}."
            )

    def cell(self, column: str) -> Callable[[list[str]], str]:
        """Return what reads the column from a row: "" where the file or the row lacks it."""
        place = self.places.get(column)
        if place is None:
            return lambda row: ""
        return lambda row: row[place].strip() if place < len(row) else ""

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each row that is not empty, with its line; raises UnreadableFile."""
        try:
            for row in self.reader:
                if not row:
                    continue
                if len(row) > self.width:
                    raise UnreadableFile(
                        f"{self.path.name}, line {self.reader.line_num}: more cells than columns. "
                        "Check for an unquoted comma."
                    )
                yield self.reader.line_num, row
        except csv.Error as error:
            raise UnreadableFile(
                f"{self.path.name}, line {self.reader.line_num}: this is not CSV. Check for a "
                "quotation mark that is never closed."
            ) from error


def _establishments(table: _Table, layout: Layout) -> Iterator[Establishment]:
    path = table.path
    read = {
        field.name: table.cell(getattr(layout, field.name))
        for field in fields(layout)
        if field.name != "required"
    }
    kinds: dict[str, str] = {}
    for line, row in table.rows():
        gias_type = read["gias_type"](row)
        if gias_type not in kinds:
            kinds[gias_type] = kind_of(gias_type)
        pupils = read["pupils"](row)
        status = read["status"](row).lower()
        is_foundation = read["trust_flag"](row).lower() == _FOUNDATION_TRUST
        yield Establishment(
            urn=_urn(path, line, layout.urn, read["urn"](row)),
            name=read["name"](row)[:200],
            kind=kinds[gias_type],
            gias_type=gias_type[:100],
            phase=_PHASES.get(read["phase"](row).lower(), ""),
            status=_STATUSES.get(status, OrganisationStatus.OPEN) if status else "",
            la_code=read["la_code"](row).zfill(3)[:3],
            establishment_number=read["establishment_number"](row)[:4],
            ward=read["ward"](row)[:100],
            postcode=read["postcode"](row)[:8],
            trust_name="" if is_foundation else read["trust_name"](row)[:200],
            opened_on=_date(path, line, layout.opened_on, read["opened_on"](row)),
            closed_on=_date(path, line, layout.closed_on, read["closed_on"](row)),
            pupils=_count(path, line, layout.pupils, pupils) if pupils else None,
        )


def _urn(path: Path, line: int, column: str, text: str) -> int:
    if len(text) != 6 or not text.isdecimal():
        raise UnreadableFile(
            f"{path.name}, line {line}, column {column}: “{text[:40]}” is not a URN. "
            "A URN has six digits."
        )
    return int(text)


def _count(path: Path, line: int, column: str, text: str) -> int:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if value < 0 or value != int(value):
        raise UnreadableFile(
            f"{path.name}, line {line}, column {column}: “{text[:40]}” is not a whole number."
        )
    return int(value)


def _date(path: Path, line: int, column: str, text: str) -> dt.date | None:
    if not text:
        return None
    # Read by hand: half of an import's time would go into strptime.
    day, _, rest = text.partition("-")
    month, _, year = rest.partition("-")
    try:
        if (len(day), len(month), len(year)) != (2, 2, 4):
            raise ValueError
        return dt.date(int(year), int(month), int(day))
    except ValueError as error:
        raise UnreadableFile(
            f"{path.name}, line {line}, column {column}: “{text[:40]}” is not a date. "
            "Write it as DD-MM-YYYY."
        ) from error
