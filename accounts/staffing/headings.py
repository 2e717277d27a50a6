"""What schools and their systems call the columns of a staff list.

The lists come from the public guides of SIMS, Arbor and Bromcom and from lists schools send; a
school may rename any column, so each field has many names. Compared by letters and figures only:
"E-mail address", "E_mail Address" and "email address" are one name.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

# Fields in the order of the screen; names in the order of preference: where two columns mean one
# field the earlier name wins (a preferred name before a legal one), the other is named as ignored.
NAMES: dict[str, tuple[str, ...]] = {
    "email": (
        "work email", "work email address", "school email", "school email address", "email",
        "email address", "main email", "main email address", "primary email",
        "primary email address", "staff email", "staff email address", "work emails",
        "default email", "email work", "username email", "mail",
    ),
    "staff_number": (
        "staff number", "staff no", "payroll number", "payroll no", "payroll reference",
        "employee number", "employee no", "employee id", "employee reference", "employee code",
        "staff id", "staff code", "staff reference", "personnel number", "arbor staff id",
        "contract number", "mis id", "payroll id",
    ),
    "given_name": (
        "preferred forename", "preferred first name", "preferred given name", "chosen forename",
        "chosen first name", "known as", "forename", "first name", "given name", "forenames",
        "first names", "legal forename", "legal first name", "staff forename", "name first",
    ),
    "family_name": (
        "preferred surname", "preferred last name", "preferred family name", "chosen surname",
        "surname", "last name", "family name", "legal surname", "legal last name",
        "staff surname", "name last",
    ),
    "full_name": (
        "full name", "staff name", "name", "display name", "staff member", "employee name",
        "person", "preferred name", "employee",
    ),
    "title": (
        "job title", "post title", "position", "position title", "job role", "post",
        "business role", "business roles", "current business roles", "contract post",
        "main role", "staff role", "contract role", "job", "role description", "roles",
        "staff type", "job description", "role",
    ),
    "starts_on": (
        "post start date", "contract start date", "role start date", "position start date",
        "employment start date", "start date", "date started", "date started at the school",
        "date of start", "starting date", "employment start", "contract start", "post start",
        "start", "starts", "starts on", "join date", "joining date", "date joined",
        "date of joining", "in post from", "commencement date", "date of arrival",
    ),
    "ends_on": (
        "post end date", "contract end date", "role end date", "position end date",
        "employment end date", "end date", "leaving date", "date of leaving", "date left",
        "leave date", "date of leaving the school", "employment end", "contract end", "post end",
        "end", "ends", "ends on", "last day", "in post to",
    ),
    "weekly_hours": (
        "weekly hours", "hours per week", "hours week", "contracted hours", "contract hours",
        "hours worked per week", "hours worked", "weekly contracted hours", "hours", "hrs",
        "hours pw", "working hours", "total weekly hours",
    ),
    "line_manager": (
        "line manager email", "line manager email address", "line manager staff number",
        "line manager staff code", "line manager", "manager email", "manager", "reports to",
        "line managed by", "supervisor",
    ),
    "term_time_only": (
        "term time only", "term time", "tto", "term time only y n", "term time worker",
        "is term time only",
    ),
    "employer": (
        "urn", "school urn", "establishment urn", "urn of school", "employer", "school",
        "school name", "setting", "establishment", "establishment name", "organisation",
        "organization", "academy", "site", "workplace", "employer name", "setting name",
    ),
}  # fmt: skip

LABELS = {
    "email": "Email address",
    "staff_number": "Staff number",
    "given_name": "First name",
    "family_name": "Last name",
    "full_name": "Name",
    "title": "Job title",
    "starts_on": "Start date",
    "ends_on": "End date",
    "weekly_hours": "Weekly hours",
    "line_manager": "Line manager",
    "term_time_only": "Term time only",
    "employer": "School or employer",
}

# Two of these, and the list is very probably that system's.
_MARKS = {
    "SIMS": ("staff code", "forename", "surname", "employment start date", "main email",
             "employment end date", "contract post", "contract role", "teaching staff"),
    "Arbor": ("legal first name", "legal last name", "preferred first name",
              "preferred last name", "business role", "business roles", "current business roles",
              "arbor staff id", "staff id", "work email"),
    "Bromcom": ("preferred forename", "preferred surname", "legal forename", "legal surname",
                "date started at the school", "date started", "date of leaving", "staff type",
                "roles"),
}  # fmt: skip

# A list with one of these is about children, and is refused whole.
_OF_PUPILS = ("upn", "unique pupil number", "former upn", "year group", "reg group",
              "registration group", "tutor group", "form group", "sen status", "pupil name",
              "admission number", "nc year", "national curriculum year", "parental consent",
              "pupil premium", "free school meals", "pupil forename", "pupil surname")  # fmt: skip


def plain(heading: str) -> str:
    """Return the letters and figures of a heading, in lower case."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    return "".join(sign for sign in text if sign.isalnum())


_RANKS: dict[str, tuple[str, int]] = {
    plain(name): (key, rank) for key, names in NAMES.items() for rank, name in enumerate(names)
}
_PUPIL_KEYS = frozenset(plain(name) for name in _OF_PUPILS)
_SYSTEMS = {system: frozenset(map(plain, names)) for system, names in _MARKS.items()}


@dataclass(frozen=True)
class Recognised:
    """A heading line understood: which column holds which field."""

    columns: dict[str, int] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    of_pupils: tuple[str, ...] = ()
    system: str = ""


def count_known(cells: Sequence[str]) -> int:
    """Return how many different fields a line of cells names."""
    return len({_RANKS[key][0] for cell in cells if (key := plain(cell)) in _RANKS})


def recognise(cells: Sequence[str]) -> Recognised:
    """Say which column holds which field, and which headings mean nothing here."""
    keys = [plain(cell) for cell in cells]
    best: dict[str, tuple[int, int]] = {}
    for index, key in enumerate(keys):
        if key in _RANKS:
            name, rank = _RANKS[key]
            best[name] = min(best.get(name, (rank, index)), (rank, index))
    if "given_name" in best and "family_name" in best:
        best.pop("full_name", None)
    columns = {name: index for name, (_, index) in best.items()}
    used = set(columns.values())
    return Recognised(
        columns={name: columns[name] for name in NAMES if name in columns},
        headings={name: cells[index].strip() for name, index in columns.items()},
        ignored=tuple(
            cell.strip() for index, cell in enumerate(cells) if index not in used and cell.strip()
        ),
        twice=tuple(
            cells[index].strip()
            for index, key in enumerate(keys)
            if key in _RANKS and key in keys[:index]
        ),
        of_pupils=tuple(
            cell.strip() for cell, key in zip(cells, keys, strict=True) if key in _PUPIL_KEYS
        ),
        system=_system(keys),
    )


def _system(keys: Sequence[str]) -> str:
    scores = {name: len(marks & set(keys)) for name, marks in _SYSTEMS.items()}
    best = max(scores, key=lambda name: scores[name])
    alone = list(scores.values()).count(scores[best]) == 1
    return best if scores[best] >= 2 and alone else ""
