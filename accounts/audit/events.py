"""The one place where audit events are written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from accounts.audit import chain
from accounts.models import AuditEvent, LocalArea, Organisation, Post, User
from core import bulk, clock

VIEWED = "person.viewed"
OPENED = "record.opened"
# A person's page opened twice within this time is one visit.
ONE_VISIT = dt.timedelta(hours=1)


def record(
    *,
    actor: User | None,
    verb: str,
    obj: Model | None = None,
    subject: User | None = None,
    local_area: LocalArea | None = None,
    organisation: Organisation | None = None,
    reason: str = "",
    data: dict[str, Any] | None = None,
    shown_from: dt.datetime | None = None,
    at: dt.datetime | None = None,
) -> AuditEvent:
    """Append one event in the caller's transaction and return it.

    `verb` reads like "post.added"; `data` holds ids and numbers, never names or free text.
    `actor` is None where the system or a visitor acted. Area and organisation are taken from
    `obj` where it has them and the caller does not say. `shown_from` delays what the subject is
    told.
    """
    place = organisation or _organisation_of(obj)
    salt = chain.new_salt() if reason else ""
    return AuditEvent.objects.create(
        at=at or clock.now(),
        local_area_id=local_area.pk if local_area else _area_id_of(obj, place),
        actor=getattr(actor, "public_id", None),
        verb=verb,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        subject=getattr(subject, "public_id", None),
        organisation=place,
        reason=reason,
        reason_salt=salt,
        reason_digest=chain.digest_of_reason(salt, reason) if reason else "",
        shown_from=shown_from,
        data=data or {},
    )


def record_many(rows: Iterable[dict[str, Any]], **common: Any) -> int:
    """Append many events without reasons in a few statements; return how many.

    Each row and `common` hold columns of AuditEvent (`attname`s), ids and numbers as in `record`.
    """
    names = [
        each.attname for each in AuditEvent._meta.concrete_fields if each is not AuditEvent._meta.pk
    ]
    empty = dict.fromkeys(("object_type", "object_id", "reason", "reason_salt"), "")
    defaults = {**dict.fromkeys(names), **empty, "reason_digest": "", "data": {}, **common}
    events = [defaults | row for row in rows]
    bulk.load_rows(AuditEvent, names, ([event[name] for name in names] for event in events))
    return len(events)


def _organisation_of(obj: Model | None) -> Organisation | None:
    """The organisation an object is about: its own, or its post's."""
    if isinstance(obj, Organisation):
        return obj
    place = getattr(obj, "organisation", None)
    if isinstance(place, Organisation):
        return place
    post = getattr(obj, "post", None)
    return post.organisation if isinstance(post, Post) else None


def _area_id_of(obj: Model | None, place: Organisation | None) -> int | None:
    """The area an object belongs to: its own, or its organisation's."""
    if isinstance(obj, LocalArea):
        return obj.pk
    own: int | None = getattr(obj, "local_area_id", None)
    return own or (place.local_area_id if place is not None else None)


def record_view(
    *,
    by: User,
    person: User,
    local_area: LocalArea | None,
    at: dt.datetime,
    obj: Model | None = None,
    organisation: Organisation | None = None,
) -> AuditEvent | None:
    """Record that somebody opened a page about one person, who sees that in their own account.

    Once an hour for the same two people, and never for one's own page; None where nothing was
    written. Lists of many people are no views of one. `organisation` is where the viewer meets
    the person, whose lead sees the number of views.
    """
    if by.pk == person.pk:
        return None
    seen = AuditEvent.objects.filter(
        subject=person.public_id, actor=by.public_id, verb=VIEWED, at__gt=at - ONE_VISIT, at__lte=at
    )
    if seen.exists():
        return None
    return record(
        actor=by,
        verb=VIEWED,
        obj=obj or person,
        subject=person,
        local_area=local_area,
        organisation=organisation,
        at=at,
    )
