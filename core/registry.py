"""What each room holds about people and organisations, and what becomes of it.

Rooms declare it in their `personal_data.py`, which their AppConfig loads. Merging accounts,
copies for the person, erasure, retention and the move of a school to a new URN are then one
service each in `accounts`, and a test fails on a model that nobody declared: an app added later
cannot be forgotten.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Field, Model, QuerySet

from core.identity import Identity


class OnMerge(Enum):
    """What happens to rows of an account that is merged into another."""

    MOVE = "move"
    """They go over, row by row where a constraint forbids some: those stay behind."""
    STAY = "stay"
    """Who acted is history: they keep naming the account that acted."""


class OnErase(Enum):
    """What happens to rows about a person who is erased."""

    DELETE = "delete"
    CLEAR = "clear"
    """The fields named in `clears` are emptied; the row stays under the pseudonym."""
    KEEP = "keep"
    """The row stays under the pseudonym; `because` says why."""


class OnMove(Enum):
    """What happens to rows of a school that becomes another, such as an academy."""

    MOVE = "move"
    """Rows that `which` keeps go over to the successor."""
    STAY = "stay"
    """They are the history of the school that was."""


Narrow = Callable[[QuerySet[Any], dt.date], QuerySet[Any]]


@dataclass(frozen=True)
class Column:
    """One column of the portable record: its name in JSON, its lookup and its heading in print.

    An empty heading leaves the column out of the printed record.
    """

    key: str
    lookup: str
    heading: str = ""


@dataclass(frozen=True)
class Carried:
    """How rows appear in the record that a person takes along (docs/privacy/portable-record.md).

    `key` and the keys of `columns` are a promise to other programs; `place` orders the
    sections. `standing` leaves out what has been corrected or withdrawn; `links` are addresses
    below the site, filled from the row; `total` is the column summed at the foot.
    """

    key: str
    columns: tuple[Column, ...]
    place: int
    standing: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None
    links: Mapping[str, str] = field(default_factory=dict)
    total: str = ""
    order: tuple[str, ...] = ("-pk",)


@dataclass(frozen=True)
class PersonalData:
    """One foreign key of a model to a person.

    `model` is "app.Model". `field` may be a path ("attempt__person") where the row is about a
    person through another row; such rows follow that one when accounts merge, so `on_merge` is
    STAY. `columns` are lookups from the row (as for `values_list`) that go into the person's own
    copy under `title`; empty where the row is not about the person but tells of an act of theirs,
    or is derived. `on_merge` may be a callable `(kept, merged) -> list[Change]` where moving needs
    thought (see `moving`). `clears` are emptied by an erasure, `ends` is the date by which an
    open row is closed then. `because` is shown to the person and to whoever decides.
    """

    model: str
    field: str
    title: str
    on_merge: OnMerge | Callable[[Any, Any], list[Change]]
    on_erase: OnErase
    columns: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    ends: str = ""
    because: str = ""
    withheld: str = ""
    """Why nothing of it, not even a number, is in the person's own copy."""
    carried: Carried | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be carried out."""
        if "__" in self.field and self.on_merge is not OnMerge.STAY:
            raise ValueError(f"{self.model}.{self.field} follows another row when accounts merge.")
        if bool(self.clears) is not (self.on_erase is OnErase.CLEAR):
            raise ValueError(f"{self.model}.{self.field} must say what is cleared, and only then.")
        if self.on_erase is not OnErase.DELETE and not self.because:
            raise ValueError(f"{self.model}.{self.field} must say why it stays.")

    @property
    def is_about_them(self) -> bool:
        """Whether the row is about the person, and so part of their own copy."""
        return bool(self.columns)

    def rows(self) -> QuerySet[Any]:
        """Return all rows of the model, past any narrowing manager."""
        return model_of(self.model)._base_manager.all()

    def rows_of(self, *person_ids: int) -> QuerySet[Any]:
        """Return the rows that name one of these people."""
        return self.rows().filter(**{f"{self.field}__in": person_ids})


def acted(model: str, field: str, title: str, **changed: Any) -> PersonalData:
    """Declare that the person did something: history, which keeps naming the account that did it.

    `changed` replaces what one such link has otherwise, such as `on_merge`.
    """
    usual: dict[str, Any] = {
        "on_merge": OnMerge.STAY,
        "on_erase": OnErase.KEEP,
        "because": "Who did what must stay provable; your name goes from it.",
    }
    return PersonalData(model=model, field=field, title=title, **(usual | changed))


def moving(model: str, field: str, **which: Any) -> Callable[[Any, Any], list[Change]]:
    """Return an `on_merge` that moves some rows only, such as those nobody has decided yet.

    Where the rule is that nobody decides about what is their own, what is open must go over, or
    the kept account could approve what the merged one proposed.
    """

    def move(kept: Any, merged: Any) -> list[Change]:
        rows = model_of(model)._base_manager.filter(**{field: merged.pk}, **which)
        changes = []
        for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
            try:
                with transaction.atomic():
                    rows.filter(pk=pk).update(**{field: kept.pk})
            except IntegrityError:
                continue
            changes.append(Change(model, pk, field, merged.pk, kept.pk))
        return changes

    return move


@dataclass(frozen=True)
class OrganisationData:
    """One foreign key of a model to an organisation; `which` narrows what moves on a day."""

    model: str
    field: str
    on_move: OnMove
    which: Narrow | None = None

    def rows_of(self, organisation_id: int, on: dt.date) -> QuerySet[Any]:
        """Return the rows that would go over to a successor on the day."""
        rows = model_of(self.model)._base_manager.filter(**{self.field: organisation_id})
        return self.which(rows, on) if self.which else rows


@dataclass(frozen=True)
class Retained:
    """One kind of record that is not kept for ever.

    `months` is the default; the installation's own figure is data (accounts.RetentionRule).
    `due` returns the rows whose time began to run on or before the day it is given, which is
    that many months ago; `dispose` removes them, in the caller's transaction, and returns how
    many. `people` are lookups to the persons a row is about: rows of somebody under a legal hold
    stay. `basis` says why this long.
    """

    key: str
    title: str
    months: int
    basis: str
    due: Callable[[dt.date], QuerySet[Any]]
    dispose: Callable[[QuerySet[Any], dt.datetime], int]
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trace:
    """A place that names people without a foreign key: a list, a label, a payload, an index.

    `erase` takes the person out, in the caller's transaction, and returns how many rows changed.
    """

    key: str
    title: str
    erase: Callable[[Identity], int]


@dataclass(frozen=True)
class Change:
    """One field of one row that went from `before` to `after`: enough to put it back."""

    model: str
    pk: Any
    field: str
    before: Any
    after: Any


@dataclass
class _Registry:
    people: dict[tuple[str, str], PersonalData] = field(default_factory=dict)
    organisations: dict[tuple[str, str], OrganisationData] = field(default_factory=dict)
    retained: dict[str, Retained] = field(default_factory=dict)
    traces: dict[str, Trace] = field(default_factory=dict)


_registry = _Registry()


class DeclaredTwice(Exception):
    """The same field, or the same kind of record, was declared by two places."""


def declare(*entries: PersonalData | OrganisationData | Retained | Trace) -> None:
    """Add declarations; raises DeclaredTwice."""
    for entry in entries:
        if isinstance(entry, Retained):
            _add(_registry.retained, entry.key, entry)
        elif isinstance(entry, Trace):
            _add(_registry.traces, entry.key, entry)
        elif isinstance(entry, PersonalData):
            _add(_registry.people, (entry.model.lower(), entry.field), entry)
        else:
            _add(_registry.organisations, (entry.model.lower(), entry.field), entry)


def _add(found: dict[Any, Any], key: Any, entry: Any) -> None:
    if key in found:
        raise DeclaredTwice(str(key))
    found[key] = entry


def personal_data() -> Iterator[PersonalData]:
    """Yield every declared link to a person, in the order of declaration."""
    yield from _registry.people.values()


def organisation_data() -> Iterator[OrganisationData]:
    """Yield every declared link to an organisation."""
    yield from _registry.organisations.values()


def retained() -> Iterator[Retained]:
    """Yield every kind of record that has an end."""
    yield from _registry.retained.values()


def traces() -> Iterator[Trace]:
    """Yield every place that names people without a foreign key."""
    yield from _registry.traces.values()


def undeclared(*, person: type[Model], organisation: type[Model]) -> list[str]:
    """Return "app.Model.field" of every concrete link to either that nobody declared."""
    missing = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy:
            continue
        for each in model._meta.local_fields:
            declared: dict[Any, Any]
            if each.related_model is person:
                declared = _registry.people
            elif each.related_model is organisation:
                declared = _registry.organisations
            else:
                continue
            if (model._meta.label_lower, each.name) not in declared:
                missing.append(f"{model._meta.label}.{each.name}")
    return sorted(missing)


def model_of(label: str) -> type[Model]:
    """Return the model of "app.Model"."""
    return apps.get_model(label)


def field_at(model: type[Model], lookup: str) -> Field[Any, Any]:
    """Follow a lookup such as "attempt__person" to the field at its end."""
    *steps, last = lookup.split("__")
    for step in steps:
        related = model._meta.get_field(step).related_model
        assert isinstance(related, type)
        model = related
    found = model._meta.get_field(last)
    assert isinstance(found, Field)
    return found
