"""How rows go from one account to another and back: every step is written down as a Change.

Rows are moved by queryset, past `save()`: what is written once may change whom it is about, and
nothing else of it, and the merge itself is the record of that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet

from accounts.models import User
from core.registry import Change, OnMerge, PersonalData, model_of, personal_data

# Ways in and rights are never carried over by the registry: the service decides about them.
_NOT_CARRIED = {
    ("account.emailaddress", "user"),
    ("accounts.invitation", "person"),
    ("accounts.rolegrant", "person"),
    ("accounts.user_groups", "user"),
    ("accounts.user_user_permissions", "user"),
    ("mfa.authenticator", "user"),
    ("socialaccount.socialaccount", "user"),
    ("usersessions.usersession", "user"),
    ("wagtailcore.apitoken", "user"),
}
Key = tuple[str, Any]


def carried() -> Iterator[PersonalData]:
    """Yield the declared links whose rows go over when accounts merge."""
    for entry in personal_data():
        if entry.on_merge is OnMerge.STAY or (entry.model.lower(), entry.field) in _NOT_CARRIED:
            continue
        yield entry


def carry_over(entry: PersonalData, kept: User, merged: User) -> list[Change]:
    """Move the rows of one link; those that a constraint forbids stay with the merged account."""
    if isinstance(entry.on_merge, OnMerge):
        return move(entry.rows_of(merged.pk), entry.model, entry.field, merged.pk, kept.pk)
    return entry.on_merge(kept, merged)


def move(rows: QuerySet[Any], model: str, field: str, before: Any, after: Any) -> list[Change]:
    """Set `field` of these rows at once, or one by one where a constraint forbids some."""
    pks = list(rows.order_by("pk").values_list("pk", flat=True))
    done = _set(_rows(model).filter(pk__in=pks), field, after, pks)
    return [Change(model, pk, field, before, after) for pk in done]


def put(row: Model, field: str, value: Any) -> list[Change]:
    """Set one field of one row; return the change, or nothing if it was so already."""
    attribute = row._meta.get_field(field).attname  # type: ignore[union-attr]
    before = getattr(row, attribute)
    if before == value:
        return []
    label = row._meta.label
    _rows(label).filter(pk=row.pk).update(**{field: value})
    setattr(row, attribute, value)
    return [Change(label, row.pk, field, before, value)]


def put_back(changes: Sequence[Change]) -> list[Change]:
    """Undo changes, the last first, where the row still is as they left it; return the others."""
    lost: list[Change] = []

    def kind(change: Change) -> tuple[str, str, str, str]:
        return change.model, change.field, repr(change.before), repr(change.after)

    for _, group in groupby(reversed(changes), key=kind):
        together = list(group)
        first = together[0]
        rows = _rows(first.model).filter(
            pk__in=[change.pk for change in together], **_is(first.field, first.after)
        )
        there = list(rows.values_list("pk", flat=True))
        done = {
            _plain(pk)
            for pk in _set(
                _rows(first.model).filter(pk__in=there), first.field, first.before, there
            )
        }
        lost.extend(change for change in together if _plain(change.pk) not in done)
    return lost


def as_rows(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Return changes as the merge keeps them, in plain JSON."""
    return [
        {**asdict(change), **{key: _plain(getattr(change, key)) for key in _VALUES}}
        for change in changes
    ]


def as_changes(rows: Iterable[dict[str, Any]]) -> list[Change]:
    """Read back what `as_rows` wrote, with the values the fields hold."""
    found = []
    for row in rows:
        meta = model_of(row["model"])._meta
        field = meta.get_field(row["field"])
        pk = meta.pk
        assert pk is not None
        found.append(
            Change(
                model=row["model"],
                pk=pk.to_python(row["pk"]),
                field=row["field"],
                before=_python(field, row["before"]),
                after=_python(field, row["after"]),
            )
        )
    return found


def states(keys: Iterable[Key]) -> dict[Key, dict[str, Any]]:
    """Return the values of these rows, to be compared with later ones."""
    by_model: dict[str, list[Any]] = {}
    for model, pk in keys:
        by_model.setdefault(model, []).append(pk)
    found: dict[Key, dict[str, Any]] = {}
    for model, pks in by_model.items():
        meta = model_of(model)._meta
        names = [field.name for field in meta.local_concrete_fields]
        for values in _rows(model).filter(pk__in=pks).values("pk", *names):
            found[model, values.pop("pk")] = values
    return found


def differences(before: dict[Key, dict[str, Any]]) -> list[Change]:
    """Return what has changed in rows since `states` read them; rows that are gone are left out."""
    after = states(before)
    return [
        Change(model, pk, name, values[name], after[model, pk][name])
        for (model, pk), values in before.items()
        if (model, pk) in after
        for name in values
        if values[name] != after[model, pk][name]
    ]


_VALUES = ("pk", "before", "after")


def _rows(model: str) -> QuerySet[Any]:
    return model_of(model)._base_manager.all().order_by("pk")


def _is(field: str, value: Any) -> dict[str, Any]:
    return {f"{field}__isnull": True} if value is None else {field: value}


def _set(rows: QuerySet[Any], field: str, value: Any, pks: list[Any]) -> list[Any]:
    """Set the field of all rows, else of each that may; return the keys of those that have it."""
    if not pks:
        return []
    try:
        with transaction.atomic():
            rows.update(**{field: value})
    except IntegrityError:
        return [pk for pk in pks if _set_one(rows, field, value, pk)]
    return pks


def _set_one(rows: QuerySet[Any], field: str, value: Any, pk: Any) -> bool:
    try:
        with transaction.atomic():
            return bool(rows.filter(pk=pk).update(**{field: value}))
    except IntegrityError:
        return False


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date | dt.datetime | dt.time):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value


def _python(field: Any, value: Any) -> Any:
    return None if value is None else field.to_python(value)
