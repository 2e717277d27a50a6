"""Copies of everything held about a person, as a ZIP that waits a few days for them alone."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterable
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.enums import PrivacyRequestKind, Role
from accounts.models import AuditEvent, PrivacyRequest, RoleGrant, User
from accounts.privacy.copies import about, holdings_of, ids_of, portable_record
from core import clock

KEPT_DAYS = 7


def store(request: PrivacyRequest, *, at: dt.datetime) -> None:
    """Make the copy of a request and keep it until its time is over."""
    name = name_of(request.pk)
    if default_storage.exists(name):
        default_storage.delete(name)
    default_storage.save(name, ContentFile(archive_of(person=request.person, at=at)))


def open_copy(request: PrivacyRequest, *, at: dt.datetime) -> Any | None:
    """Return the open file, or None once it is gone or its time is over."""
    if request.done_at is None or at > request.done_at + dt.timedelta(days=KEPT_DAYS):
        return None
    name = name_of(request.pk)
    return default_storage.open(name) if default_storage.exists(name) else None


def forget(request_ids: Iterable[int]) -> int:
    """Delete the copies of these requests, and say how many there were."""
    found = [name for name in map(name_of, request_ids) if default_storage.exists(name)]
    for name in found:
        transaction.on_commit(lambda name=name: default_storage.delete(name), robust=True)  # type: ignore[misc]
    return len(found)


def forget_copies_of(person_ids: Iterable[int]) -> int:
    """Delete the copies that were made for these accounts."""
    return forget(
        PrivacyRequest.objects.filter(
            person__in=list(person_ids), kind=PrivacyRequestKind.ACCESS
        ).values_list("pk", flat=True)
    )


def name_of(request_id: int) -> str:
    """Return the file's name, which nobody can guess from the request's number."""
    digest = salted_hmac("accounts.privacy.archives", str(request_id)).hexdigest()[:40]
    return f"private/copies/{request_id}-{digest}.zip"


def archive_of(*, person: User, at: dt.datetime) -> bytes:
    """Return the ZIP: one JSON file a kind, the portable record, what was done, and a guide."""
    holdings = holdings_of(person)
    about_them = [each for each in holdings if each.rows]
    acts = [each for each in holdings if not each.rows and each.number]
    events = _events_about(person, at)
    files: dict[str, Any] = {
        "account.json": about(person),
        "portable-record.json": portable_record(person=person, at=at),
        "what-was-done-about-you.json": events,
        "what-you-did.json": {
            "numbers": {each.title: each.number for each in acts},
            "events": _events_by(person),
        },
    }
    files |= {f"held/{each.name}.json": each.rows for each in about_them}
    guide = render_to_string(
        "pages/accounts/privacy/copy_guide.txt",
        {
            "person": person,
            "made_at": timezone.localtime(at),
            "holdings": about_them,
            "events": len(events),
        },
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", guide)
        for name, data in files.items():
            archive.writestr(name, json.dumps(data, indent=2, ensure_ascii=False) + "\n")
    return out.getvalue()


def _public_ids(person: User) -> list[Any]:
    return list(User.objects.filter(pk__in=ids_of(person)).values_list("public_id", flat=True))


def _events_about(person: User, at: dt.datetime) -> list[dict[str, Any]]:
    """What was done to the person's record, by somebody of which role, and why they said so.

    A notice that the law delays is not told before its time.
    """
    own = set(_public_ids(person))
    events = list(AuditEvent.objects.filter(subject__in=own).order_by("at", "pk"))
    told = [event for event in events if event.shown_from is None or event.shown_from <= at]
    actors = {event.actor for event in told if event.actor and event.actor not in own}
    accounts = {each.public_id: each.pk for each in User.objects.filter(public_id__in=actors)}
    grants = list(
        RoleGrant.objects.filter(person__in=accounts.values()).values_list(
            "person", "role", "starts_on", "ends_on"
        )
    )

    def by(event: AuditEvent) -> str:
        if event.actor is None:
            return "Waymark"
        if event.actor in own:
            return "You"
        day, who = clock.london_date(event.at), accounts.get(event.actor)
        held = sorted(
            str(Role(role).label)
            for whose, role, starts, ends in grants
            if whose == who and starts <= day and (ends is None or ends >= day)
        )
        return ", ".join(held) or "A colleague"

    return [
        {
            "at": timezone.localtime(event.at).isoformat(timespec="seconds"),
            "what": event.verb,
            "record": event.object_type,
            "by": by(event),
            "reason": event.reason,
        }
        for event in told
    ]


def _events_by(person: User) -> list[dict[str, Any]]:
    """What the person did, without the people it was done to."""
    events = AuditEvent.objects.filter(actor__in=_public_ids(person)).order_by("at", "pk")
    return [
        {
            "at": timezone.localtime(at).isoformat(timespec="seconds"),
            "what": verb,
            "record": kind,
        }
        for at, verb, kind in events.values_list("at", "verb", "object_type")
    ]
