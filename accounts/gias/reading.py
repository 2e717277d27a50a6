"""Parse GIAS files into rows of our own; knows the header contracts and nothing of the database.

Two layouts of establishments are read: GIAS's own (CP1252, DD-MM-YYYY, "TypeOfEstablishment
(name)") and the slimmer open extract (UTF-8, "school_type"); one layout of links.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from accounts.enums import LinkType, OrganisationKind, OrganisationStatus, Phase


class UnreadableFile(Exception):
    """The file cannot be read; the message names file, line, column and what to do."""


@dataclass(frozen=True)
class Establishment:
    """One school as read. Dates are None where the file has none."""

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
    reader = _reader(path)
    header = reader.fieldnames or []
    layout = next((each for each in (GIAS, EXTRACT) if each.urn in header), None)
    if layout is None:
        raise UnreadableFile(
            f"{path.name}, line 1: there is no URN column. Use the establishments file of GIAS, or "
            "an extract with the columns urn, school_name, school_type and la_code."
        )
    _require(path, header, layout.required)
    for row in reader:
        yield _establishment(path, reader.line_num, layout, row)


def read_links(path: Path) -> Iterator[Link]:
    """Yield the links of a file; raises UnreadableFile on the first bad row."""
    reader = _reader(path)
    _require(path, reader.fieldnames or [], LINKS_REQUIRED)
    for row in reader:
        at = reader.line_num
        link_type = _LINK_TYPES.get(row["LinkType"].strip().lower())
        yield Link(
            urn=_urn(path, at, "URN", row["URN"]),
            linked_urn=_urn(path, at, "LinkURN", row["LinkURN"]),
            linked_name=row["LinkName"].strip()[:200],
            # GIAS adds types now and then ("Sixth Form Centre School Link"): kept as other.
            link_type=link_type or LinkType.OTHER,
            established_on=_date(path, at, "LinkEstablishedDate", row["LinkEstablishedDate"]),
        )


def _reader(path: Path) -> csv.DictReader[str]:
    text = read_text(path)
    first_line = text.partition("\n")[0]
    delimiter = ";" if first_line.count(";") > first_line.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = reader.fieldnames or []
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise UnreadableFile(
            f"{path.name}, line 1: the column {twice[0]} appears more than once. Remove one."
        )
    return reader


def _require(path: Path, header: object, required: tuple[str, ...]) -> None:
    missing = [name for name in required if name not in list(header)]  # type: ignore[call-overload]
    if missing:
        raise UnreadableFile(
            f"{path.name}, line 1: the column {missing[0]} is missing. Columns needed: "
            f"{', '.join(required)}."
        )


def _establishment(
    path: Path, line: int, layout: Layout, row: dict[str, str | None]
) -> Establishment:
    def cell(column: str) -> str:
        return (row.get(column) or "").strip() if column else ""

    if None in row:
        raise UnreadableFile(
            f"{path.name}, line {line}: more cells than columns. Check for an unquoted comma."
        )
    gias_type = cell(layout.gias_type)
    pupils = cell(layout.pupils)
    return Establishment(
        urn=_urn(path, line, layout.urn, cell(layout.urn)),
        name=cell(layout.name)[:200],
        kind=kind_of(gias_type),
        gias_type=gias_type[:100],
        phase=_PHASES.get(cell(layout.phase).lower(), Phase.NOT_APPLICABLE),
        status=_STATUSES.get(cell(layout.status).lower(), OrganisationStatus.OPEN),
        la_code=cell(layout.la_code).zfill(3)[:3],
        establishment_number=cell(layout.establishment_number)[:4],
        ward=cell(layout.ward)[:100],
        postcode=cell(layout.postcode)[:8],
        trust_name=cell(layout.trust_name)[:200],
        opened_on=_date(path, line, layout.opened_on, cell(layout.opened_on)),
        closed_on=_date(path, line, layout.closed_on, cell(layout.closed_on)),
        pupils=_count(path, line, layout.pupils, pupils) if pupils else None,
    )


def _urn(path: Path, line: int, column: str, text: str) -> int:
    text = text.strip()
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
    text = text.strip()
    if not text:
        return None
    try:
        return dt.datetime.strptime(text, "%d-%m-%Y").date()  # noqa: DTZ007 - a day
    except ValueError as error:
        raise UnreadableFile(
            f"{path.name}, line {line}, column {column}: “{text[:40]}” is not a date. "
            "Write it as DD-MM-YYYY."
        ) from error
