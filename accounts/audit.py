"""The one place where audit events are written."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Model

from accounts.models import AuditEvent, LocalArea, User
from core import clock


def record(
    *,
    actor: User | None,
    verb: str,
    obj: Model | None = None,
    subject: User | None = None,
    local_area: LocalArea | None = None,
    reason: str = "",
    data: dict[str, Any] | None = None,
    at: dt.datetime | None = None,
) -> AuditEvent:
    """Append one event in the caller's transaction and return it.

    `verb` reads like "post.added"; `data` holds ids and numbers, never names or free text.
    `actor` is None where the system or a visitor acted.
    """
    return AuditEvent.objects.create(
        at=at or clock.now(),
        local_area=local_area,
        actor=getattr(actor, "public_id", None),
        verb=verb,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        subject=getattr(subject, "public_id", None),
        reason=reason,
        data=data or {},
    )
