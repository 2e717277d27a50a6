"""How long the ground floor keeps what it holds."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from core.models import Outbox
from core.registry import Retained, declare


def delete_rows(rows: QuerySet[Any], at: dt.datetime) -> int:
    """Dispose of rows by deleting them; return how many of their own kind there were."""
    return rows.delete()[1].get(rows.model._meta.label, 0)


def _done_work(begun_by: dt.date) -> QuerySet[Any]:
    return Outbox.objects.filter(done_at__date__lte=begun_by)


declare(
    Retained(
        key="done-work",
        title="Work that was promised and done",
        months=3,
        basis="Long enough to find out why something was sent, or was not.",
        due=_done_work,
        dispose=delete_rows,
    )
)
