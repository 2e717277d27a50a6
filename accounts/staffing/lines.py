"""The lines of a list as values: what each cell says, whose employer it names, what is wrong."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from accounts.enums import JobRole
from accounts.models import Organisation
from accounts.staffing import cells
from accounts.staffing.headings import LABELS
from accounts.staffing.titles import job_role_of, plain_title

_READERS: dict[str, Callable[[str], Any]] = {
    "email": cells.email,
    "staff_number": cells.staff_number,
    "given_name": cells.name,
    "family_name": cells.name,
    "full_name": cells.full_name,
    "title": cells.job_title,
    "starts_on": cells.date,
    "ends_on": cells.date,
    "weekly_hours": cells.hours,
    "line_manager": lambda cell: cells.clean(cell, 254),
    "term_time_only": cells.yes_no,
    "employer": lambda cell: cells.clean(cell, 200),
}


@dataclass(frozen=True)
class Source:
    """What was read, as `StaffImport` keeps it."""

    fields: list[str]
    lines: list[tuple[int, list[str]]]
    headings: dict[str, str]
    ignored: tuple[str, ...] = ()
    system: str = ""

    def column(self, name: str) -> str:
        """Return the heading a field has in the list, or our word for it."""
        return self.headings.get(name) or LABELS[name]


@dataclass(frozen=True)
class Problem:
    """Something wrong in one cell of one line, and what to do about it."""

    line: int
    column: str
    value: str
    message: str


@dataclass(eq=False)
class Line:
    """One line of the list, its cells read."""

    number: int
    email: str = ""
    staff_number: str = ""
    given_name: str = ""
    family_name: str = ""
    title: str = ""
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    weekly_hours: Decimal | None = None
    line_manager: str = ""
    term_time_only: bool | None = None
    employer: str = ""
    organisation: Organisation | None = None
    job_role: str = ""
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return given and family name."""
        return f"{self.given_name} {self.family_name}".strip()


class Employers:
    """The organisations a list may be about, by URN and by name."""

    def __init__(
        self, organisations: Iterable[Organisation], *, only: Organisation | None, within: set[int]
    ) -> None:
        self.only = only
        self.by_pk = {each.pk: each for each in organisations}
        self.within = within
        self._by_urn = {str(each.urn): each for each in self.by_pk.values() if each.urn}
        self._by_name: dict[str, list[Organisation]] = defaultdict(list)
        for each in self.by_pk.values():
            self._by_name[plain_title(each.name)].append(each)

    def named(self, text: str) -> Organisation:
        """Return the organisation a cell names; raise BadCell for none, several or no right."""
        if not text:
            if self.only is None:
                raise cells.BadCell("Say which school or employer: its URN, or its name.")
            return self.only
        figures = text.removesuffix(".0")
        found = (
            [self._by_urn[figures]]
            if figures in self._by_urn
            else self._by_name.get(plain_title(text), [])
        )
        if self.only is not None and self.only in found:
            return self.only
        if not found and self.only is not None:
            raise cells.BadCell(f"This row names another employer. The list is {self.only.name}'s.")
        allowed = [each for each in found if each.pk in self.within]
        if len(allowed) > 1:
            raise cells.BadCell("Several organisations have this name. Write the URN.")
        if not allowed:
            if self.only is not None:
                raise cells.BadCell(
                    f"This row is about {found[0].name}. The list is {self.only.name}'s."
                )
            raise cells.BadCell("No organisation you may import for has this URN or name.")
        return allowed[0]


def read_lines(source: Source, employers: Employers, titles: Mapping[str, str]) -> list[Line]:
    """Read every cell; what is wrong stays with its line."""
    reader = _Reader(source, employers, titles)
    return [reader.line(number, row) for number, row in source.lines]


class _Reader:
    """Reads each different cell of a column once: dates, titles and schools repeat."""

    def __init__(self, source: Source, employers: Employers, titles: Mapping[str, str]) -> None:
        self.source = source
        self.titles = dict(titles)
        self._cells = {
            name: lru_cache(maxsize=None)(_careful(_READERS[name])) for name in source.fields
        }
        self._employer = lru_cache(maxsize=None)(_careful(employers.named))
        self._role = lru_cache(maxsize=None)(self._role_of)

    def _role_of(self, title: str) -> str:
        return job_role_of(title, self.titles) or ""

    def line(self, number: int, row: list[str]) -> Line:
        """Return the line with what is wrong in it."""
        line = Line(number)
        broken = set()
        for name, cell in zip(self.source.fields, row, strict=True):
            value, wrong = self._cells[name](cell)
            if wrong:
                self._add(line, name, cell, wrong)
                broken.add(name)
            elif name == "full_name":
                line.given_name, line.family_name = value
            else:
                setattr(line, name, value)
        if "employer" not in broken:
            line.organisation, wrong = self._employer(line.employer)
            if wrong:
                self._add(line, "employer", line.employer, wrong)
        if "title" not in broken:
            line.job_role = self._role(line.title)
            if not line.title:
                self._add(line, "title", "", "There is no job title.")
        self._demand_identity(line, broken)
        if line.starts_on and line.ends_on and line.ends_on < line.starts_on:
            shown = f"{line.ends_on:%d/%m/%Y}"
            self._add(line, "ends_on", shown, "The end date is before the start date.")
        return line

    def _demand_identity(self, line: Line, broken: set[str]) -> None:
        if not broken & {"full_name", "given_name", "family_name"}:
            missing = [name for name in ("given_name", "family_name") if not getattr(line, name)]
            if missing:
                shown = "full_name" if "full_name" in self.source.fields else missing[0]
                self._add(line, shown, "", f"There is no {LABELS[missing[0]].lower()}.")
        if not line.email and not line.staff_number and not broken & {"email", "staff_number"}:
            shown = "email" if "email" in self.source.fields else "staff_number"
            self._add(
                line, shown, "",
                "Without an email address or a staff number nobody can be told apart.",
            )  # fmt: skip

    def _add(self, line: Line, name: str, value: str, message: str) -> None:
        line.problems.append(
            Problem(line.number, self.source.column(name), cells.cut(value), message)
        )


def _careful(read: Callable[[str], Any]) -> Callable[[str], tuple[Any, str]]:
    """Return what was read and no words, or nothing and what is wrong."""

    def careful(cell: str) -> tuple[Any, str]:
        try:
            return read(cell), ""
        except cells.BadCell as error:
            return None, str(error)

    return careful


@dataclass(frozen=True)
class UnknownTitle:
    """A job title Waymark has no role for yet."""

    title: str
    count: int
    lines: list[int]


def unknown_titles(lines: Collection[Line]) -> list[UnknownTitle]:
    """Return the titles that wait for somebody to say what they are, most frequent first."""
    waiting = [line for line in lines if line.title and not line.job_role]
    shown: dict[str, str] = {}
    where: dict[str, list[int]] = defaultdict(list)
    for line in waiting:
        key = plain_title(line.title)
        shown.setdefault(key, line.title)
        where[key].append(line.number)
    counts = Counter({key: len(numbers) for key, numbers in where.items()})
    return [
        UnknownTitle(cells.cut(shown[key]), count, where[key][:5])
        for key, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def mark_unknown(lines: Collection[Line], source: Source) -> None:
    """Make a problem of every title nobody has explained."""
    for line in lines:
        if line.title and not line.job_role and not line.problems:
            line.problems.append(
                Problem(
                    line.number,
                    source.column("title"),
                    cells.cut(line.title),
                    "Waymark does not know this job title. Say what it is, above the tables.",
                )
            )


ROLE_CHOICES = [("", "Choose"), *sorted(JobRole.choices, key=lambda choice: str(choice[1]))]
