"""What a person may have of what is held about them, from the registry: the portable record, and
everything. Own data only; of others no more than the person knows, such as their line manager.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Model
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import User
from accounts.privacy.person import accounts_of, root_of
from core.registry import Carried, PersonalData, field_at, model_of, personal_data

FORMAT = "waymark-portable-record"
# Grows with a key that goes or changes its meaning; new keys may come at any time.
VERSION = "1.0"


@dataclass(frozen=True)
class Section:
    """One kind of record as carried along: `rows` are objects ready for JSON."""

    key: str
    title: str
    rows: list[dict[str, Any]]
    carried: Carried

    @property
    def headings(self) -> list[tuple[str, str]]:
        """The columns that are printed, as (key, heading)."""
        return [(each.key, each.heading) for each in self.carried.columns if each.heading]

    @property
    def total(self) -> Decimal | None:
        """The sum of the column that has one."""
        if not self.carried.total:
            return None
        return sum((Decimal(row[self.carried.total] or 0) for row in self.rows), Decimal(0))


def portable_record(*, person: User, at: dt.datetime) -> dict[str, Any]:
    """Return the record a person takes along, as docs/privacy/portable-record.md describes it."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": timezone.localtime(at).isoformat(timespec="seconds"),
        "made_by": settings.SITE_URL,
        "person": about(person),
    } | {section.key: section.rows for section in sections_of(person)}


def about(person: User) -> dict[str, Any]:
    """Return what the account itself says of the person."""
    return {
        "reference": str(person.public_id),
        "given_name": person.given_name,
        "family_name": person.family_name,
        "email": person.email,
        "personal_email": person.personal_email,
        "sign_in_name": person.sign_in_name,
        "joined_at": _plain(person.joined_at),
    }


def sections_of(person: User) -> list[Section]:
    """Return the sections of the portable record, newest row first; empty ones too."""
    ids = ids_of(person)
    carried = [(entry, entry.carried) for entry in personal_data() if entry.carried is not None]
    carried.sort(key=lambda pair: pair[1].place)
    return [_section(entry, section, ids) for entry, section in carried]


def ids_of(person: User) -> tuple[int, ...]:
    """Return the primary keys of all accounts of the person."""
    return tuple(accounts_of(root_of(person)).values_list("pk", flat=True))


def _section(entry: PersonalData, carried: Carried, ids: tuple[int, ...]) -> Section:
    rows = entry.rows_of(*ids)
    if carried.standing is not None:
        rows = carried.standing(rows)
    rows = rows.order_by(*carried.order)
    model = model_of(entry.model)
    lookups = [column.lookup for column in carried.columns]
    found = []
    for values in rows.values_list(*lookups):
        row = {
            column.key: in_words(model, column.lookup, value)
            for column, value in zip(carried.columns, values, strict=True)
        }
        links = {
            key: settings.SITE_URL + pattern.format(**row) for key, pattern in carried.links.items()
        }
        found.append(row | links)
    return Section(key=carried.key, title=entry.title, rows=found, carried=carried)


@dataclass(frozen=True)
class Holding:
    """One kind of row about the person, in full, or the number of their acts of one kind."""

    name: str
    title: str
    rows: list[dict[str, Any]]
    number: int
    on_erase: str
    because: str


def holdings_of(person: User) -> list[Holding]:
    """Return everything the registry knows about the person, kind by kind."""
    ids = ids_of(person)
    found = []
    for entry in personal_data():
        if entry.withheld:
            continue
        rows = entry.rows_of(*ids).order_by("pk")
        listed = _rows_in_full(entry, rows) if entry.is_about_them else []
        number = len(listed) if entry.is_about_them else rows.count()
        found.append(
            Holding(
                name=slugify(entry.title),
                title=entry.title,
                rows=listed,
                number=number,
                on_erase=entry.on_erase.value,
                because=entry.because,
            )
        )
    return found


def _rows_in_full(entry: PersonalData, rows: Any) -> list[dict[str, Any]]:
    model = model_of(entry.model)
    keys = [column.removesuffix("__name").replace("__", "_") for column in entry.columns]
    return [
        {
            key: in_words(model, column, value)
            for key, column, value in zip(keys, entry.columns, values, strict=True)
        }
        for values in rows.values_list(*entry.columns)
    ]


def in_words(model: type[Model], lookup: str, value: Any) -> Any:
    """Return a value as JSON can hold it: choices by their label, dates as ISO text."""
    choices = getattr(field_at(model, lookup), "flatchoices", None)
    if choices:
        return str(dict(choices).get(value, value)) if value not in (None, "") else None
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, UUID):
        return str(value)
    return None if value == "" else value
