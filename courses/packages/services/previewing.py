"""Let staff try a revision before anybody learns from it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import audit
from accounts.models import User
from core import clock
from courses.packages import libraries, permissions, publishing
from courses.packages.completion import CompletionRule
from courses.packages.models import PackageRevision, RevisionState, ScanState
from courses.packages.statements import preview_max
from courses.packages.store import package_store


class UnableToPreviewRevision(Exception):
    """The revision cannot be tried out; the message says why."""


def open_preview(*, revision: PackageRevision, by: User, at: dt.datetime) -> str:
    """Let a member of staff try a revision: return a content label that works for one hour.

    Records the preview. Raise PermissionDenied or UnableToPreviewRevision.
    """
    if not permissions.can_preview_revision(by, revision, on=clock.london_date(at)):
        raise PermissionDenied
    with transaction.atomic():
        revision = PackageRevision.objects.select_for_update().get(pk=revision.pk)
        if revision.state == RevisionState.WITHDRAWN:
            raise UnableToPreviewRevision("This revision cannot be tried out.")
        if revision.scan_state in (ScanState.PENDING, ScanState.INFECTED):
            raise UnableToPreviewRevision("The virus scan has not passed this file yet.")
        if missing := libraries.resolve_libraries(revision):
            raise UnableToPreviewRevision(libraries.lacking(missing))
        revision.previewed_by, revision.previewed_at = by, at
        revision.save(update_fields=["previewed_by", "previewed_at"])
        audit.record(
            actor=by,
            verb="package.previewed",
            obj=revision,
            local_area=revision.package.local_area,
            at=at,
        )
    return publishing.publish_preview(package_store(), revision, at=at)


def record_preview_statement(
    *, revision: PackageRevision, by: User, statement: Any, at: dt.datetime
) -> float | None:
    """Take the maximum score from what a package says during the staff preview; return it, or None.

    Only a terminal statement of the root counts, and only while the revision waits for approval.
    """
    if not permissions.can_preview_revision(by, revision, on=clock.london_date(at)):
        raise PermissionDenied
    seen = preview_max(statement, revision.rule)
    if seen is None or revision.report.get("known_max") is not None:
        return None
    with transaction.atomic():
        revision = PackageRevision.objects.select_for_update().get(pk=revision.pk)
        if revision.state != RevisionState.QUARANTINED:
            return None
        if revision.rule is CompletionRule.COMPLETED_BY_PATH:
            seen = max(seen, revision.expected_max or 0.0)
        revision.expected_max = seen
        revision.save(update_fields=["expected_max"])
    return seen
