"""Approve a revision and the libraries it brings: the word of a second person."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import audit
from accounts.models import User
from core import clock
from courses.packages import libraries, permissions, publishing
from courses.packages.completion import CompletionRule
from courses.packages.models import PackageRevision, RevisionState, ScanState
from courses.packages.store import package_store


class UnableToApproveRevision(Exception):
    """The revision cannot be approved yet; the message says what is missing."""


def approve_revision(
    *,
    revision: PackageRevision,
    by: User,
    at: dt.datetime,
    completion_rule: CompletionRule | None = None,
    minimum_seconds: int | None = None,
) -> PackageRevision:
    """Approve a previewed revision and every library it brings, and put it into service after the
    commit.

    `completion_rule` may only be *loosened* to viewed or self-declared, for content that turned out
    to say nothing at its end. Raise PermissionDenied (also for the uploader, unless the area is a
    team of one) or UnableToApproveRevision.
    """
    if not permissions.can_approve_revision(by, revision, on=clock.london_date(at)):
        raise PermissionDenied
    with transaction.atomic():
        revision = (
            PackageRevision.objects.select_for_update(of=("self",))
            .select_related("package__local_area")
            .get(pk=revision.pk)
        )
        if revision.state == RevisionState.APPROVED:
            return revision
        if completion_rule is not None and completion_rule.by_statement:
            raise UnableToApproveRevision("Choose “viewed” or “the learner says so”.")
        revision.completion_rule = completion_rule or revision.completion_rule
        revision.minimum_seconds = minimum_seconds or revision.minimum_seconds
        _check_ready(revision)
        revision.state = RevisionState.APPROVED
        revision.approved_by, revision.approved_at = by, at
        revision.save()
        libraries.approve_libraries(revision, by=by, at=at)
        audit.record(
            actor=by,
            verb="package.approved",
            obj=revision,
            local_area=revision.package.local_area,
            data={"sha256": revision.sha256, "rule": revision.completion_rule},
            at=at,
        )
        transaction.on_commit(lambda: publishing.publish(package_store(), revision))
    return revision


def _check_ready(revision: PackageRevision) -> None:
    """Raise UnableToApproveRevision with the first thing that is missing."""
    if revision.state == RevisionState.WITHDRAWN:
        raise UnableToApproveRevision("This revision was withdrawn. Upload the file again.")
    if revision.scan_state in (ScanState.PENDING, ScanState.INFECTED):
        raise UnableToApproveRevision("The virus scan has not passed this file yet.")
    if missing := libraries.resolve_libraries(revision):
        raise UnableToApproveRevision(libraries.lacking(missing))
    if revision.previewed_at is None:
        raise UnableToApproveRevision("Nobody has tried it yet. Open the preview first.")
    if revision.rule.is_scored and revision.expected_max is None:
        raise UnableToApproveRevision(
            "Its highest score is not known yet. Work through the preview to the end, "
            "or choose how else it is completed."
        )
