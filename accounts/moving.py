"""Sets a field of rows of any room, with history, and says what it was: enough to undo it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from simple_history.utils import bulk_update_with_history

from accounts.models import User
from core.registry import Change, model_of


def set_field(
    rows: list[Any], field: str, value: Any, user: User | None, at: dt.datetime
) -> list[Change]:
    """Set one field of the rows and say what it was; what a constraint forbids stays behind."""
    if not rows:
        return []
    try:
        with transaction.atomic():
            return _write(rows, field, value, user, at)
    except IntegrityError:
        if len(rows) == 1:
            return []
    changes: list[Change] = []
    for row in rows:
        row.refresh_from_db()
        changes += set_field([row], field, value, user, at)
    return changes


def _write(
    rows: list[Any], field: str, value: Any, user: User | None, at: dt.datetime
) -> list[Change]:
    model: type[Model] = type(rows[0])
    attname = model._meta.get_field(field).attname  # type: ignore[union-attr]
    changes = [
        Change(model._meta.label, row.pk, field, _plain(getattr(row, attname)), _plain(value))
        for row in rows
    ]
    for row in rows:
        setattr(row, attname, value)
    if hasattr(model, "history"):
        bulk_update_with_history(
            rows, model, [field], batch_size=500, default_user=user, default_date=at
        )
    else:
        model._base_manager.filter(pk__in=[row.pk for row in rows]).update(**{attname: value})
    return changes


def _plain(value: Any) -> Any:
    """Return what JSON can hold: a day as its ISO form."""
    return value.isoformat() if isinstance(value, dt.date) else value


def put_back(change: Change, by: User, at: dt.datetime) -> list[Change]:
    """Set the field to what it was, unless somebody has changed it since."""
    model = model_of(change.model)
    row = model._base_manager.select_for_update(of=("self",)).filter(pk=change.pk).first()
    attname = model._meta.get_field(change.field).attname  # type: ignore[union-attr]
    if row is None or _plain(getattr(row, attname)) != change.after:
        return []
    return set_field([row], change.field, change.before, by, at)
