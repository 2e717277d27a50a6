"""Where accounts and the libraries below it name people without a foreign key."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Q
from wagtail.models import ModelLogEntry

from accounts.models import StaffImport, User
from accounts.privacy import archives
from core.identity import Identity
from core.models import Outbox
from core.registry import Trace, declare


def in_staff_imports(identity: Identity) -> int:
    """Take the person out of lists of staff: their cells, what was planned and what was done."""
    changed = 0
    for each in StaffImport.objects.iterator(chunk_size=20):
        before = (each.rows, each.plan, each.changes, each.source_name)
        after = (
            identity.scrubbed(each.rows),
            identity.scrubbed(each.plan),
            identity.scrubbed(_without_changes_of(identity, each.changes)),
            identity.without(each.source_name),
        )
        if after != before:
            each.rows, each.plan, each.changes, each.source_name = after
            each.save(update_fields=["rows", "plan", "changes", "source_name"])
            changed += 1
    return changed


def _without_changes_of(identity: Identity, changes: dict[str, Any]) -> dict[str, Any]:
    """Empty what the import changed about the person: an earlier name is a name too."""
    if not changes.get("changed_people"):
        return changes
    people = [
        {**change, "before": {}, "after": {}} if change.get("pk") in identity.person_ids else change
        for change in changes["changed_people"]
    ]
    return {**changes, "changed_people": people}


def in_editing_log(identity: Identity) -> int:
    """Take the person's name off entries of the editor's log that are about their account."""
    kind = ContentType.objects.get_for_model(User)
    ids = [str(pk) for pk in identity.person_ids]
    entries = ModelLogEntry.objects.filter(content_type=kind, object_id__in=ids)
    return entries.update(label="", data={})


def in_sessions(identity: Identity) -> int:
    """End the sessions that are theirs, whatever device they are on."""
    ids = {str(pk) for pk in identity.person_ids}
    theirs = [
        session.pk
        for session in Session.objects.iterator()
        if session.get_decoded().get("_auth_user_id") in ids
    ]
    return Session.objects.filter(pk__in=theirs).delete()[0]


def in_outbox(identity: Identity) -> int:
    """Take the person out of promised work and of what failing mail said about it."""
    changed = 0
    for row in Outbox.objects.filter(~Q(payload={}) | ~Q(last_error="")).iterator():
        payload, error = identity.scrubbed(row.payload), identity.without(row.last_error)
        key = identity.without(row.key)
        if (payload, error, key) != (row.payload, row.last_error, row.key):
            row.payload, row.last_error, row.key = payload, error, key
            row.save(update_fields=["payload", "last_error", "key"])
            changed += 1
    return changed


def in_copies(identity: Identity) -> int:
    """Delete copies that were made for them and wait to be downloaded."""
    return archives.forget_copies_of(identity.person_ids)


declare(
    Trace("accounts.staff_imports", "Lists of staff", in_staff_imports),
    Trace("accounts.editing_log", "The editor's log", in_editing_log),
    Trace("accounts.sessions", "Sessions", in_sessions),
    Trace("core.outbox", "Promised work", in_outbox),
    Trace("accounts.copies", "Copies made for the person", in_copies),
)
