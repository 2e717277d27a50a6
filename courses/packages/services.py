"""Keep, preview, approve and withdraw packages: quarantined first, approved by a second person, never changed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.models import LocalArea, User
from core import clock
from courses.packages import libraries, permissions, publishing
from courses.packages.completion import CompletionRule, rule_for
from courses.packages.inspection import inspect
from courses.packages.models import (
    ContentPackage,
    PackageRevision,
    RevisionState,
    ScanState,
)
from courses.packages.report import Kind, Report
from courses.packages.scanning import ScanResult, scan
from courses.packages.statements import preview_max
from courses.packages.store import PackageStore, UnableToStorePackage


class UnableToApproveRevision(Exception):
    """The revision cannot be approved yet; the message says what is missing."""


class UnableToWithdrawRevision(Exception):
    """The revision cannot be withdrawn; the message says why."""


class UnableToPreviewRevision(Exception):
    """The revision cannot be tried out; the message says why."""


def package_store() -> PackageStore:
    """Return the store of this installation."""
    return PackageStore(Path(settings.PACKAGE_ROOT))


def store_package(
    *,
    file: BinaryIO,
    local_area: LocalArea,
    by: User,
    at: dt.datetime,
    package: ContentPackage | None = None,
    title: str = "",
) -> PackageRevision:
    """Judge an uploaded archive, keep and unpack it, and return its quarantined revision.

    The same file for the same package answers the revision there is. `package` adds a revision to it. Raise
    PermissionDenied, or UnableToStorePackage with every reason: then nothing is kept but an audit event.
    """
    if not permissions.can_upload_package(by, local_area, on=clock.london_date(at)):
        raise PermissionDenied
    if package is not None and package.local_area_id != local_area.pk:
        raise PermissionDenied
    report = inspect(file, pool=libraries.pool_of(local_area))
    reasons = report.reasons or _unfit_for(package, report)
    result = ScanResult.PENDING
    if not reasons:
        result = scan(file, scanner=settings.SCANNER, address=settings.CLAMD_ADDRESS)
        reasons = ("The virus scan found something in this file.",) * (result == ScanResult.INFECTED)
    if reasons:
        _record_refusal(report, reasons, local_area, by, at)
        raise UnableToStorePackage(*reasons)
    if existing := _kept_before(package, local_area, report.sha256):
        return existing
    store = package_store()
    store.keep_archive(file)
    store.unpack(report)
    with transaction.atomic():
        return _create_revision(report, result, local_area, by, at, package, title)


def _unfit_for(package: ContentPackage | None, report: Report) -> tuple[str, ...]:
    if package is not None and package.kind != report.kind:
        return (f"This is a {report.kind} file; “{package}” is {package.get_kind_display()}.",)
    return ()


def _record_refusal(
    report: Report, reasons: tuple[str, ...], local_area: LocalArea, by: User, at: dt.datetime
) -> None:
    """Leave a trace of hostile or broken uploads: hash and size, never names from inside the file."""
    audit.record(
        actor=by,
        verb="package.refused",
        local_area=local_area,
        data={"sha256": report.sha256, "size": report.size, "faults": len(reasons)},
        at=at,
    )


def _kept_before(
    package: ContentPackage | None, local_area: LocalArea, sha256: str
) -> PackageRevision | None:
    revisions = PackageRevision.objects.filter(package__local_area=local_area, sha256=sha256)
    if package is not None:
        return revisions.filter(package=package).first()
    return revisions.exclude(state=RevisionState.WITHDRAWN).first()


def _create_revision(
    report: Report,
    result: ScanResult,
    local_area: LocalArea,
    by: User,
    at: dt.datetime,
    package: ContentPackage | None,
    title: str,
) -> PackageRevision:
    if package is None:
        package = ContentPackage.objects.create(
            local_area=local_area,
            kind=report.kind.value,
            title=(title or report.title or "Untitled")[:255],
            created_by=by,
            created_at=at,
        )
    package = ContentPackage.objects.select_for_update().get(pk=package.pk)
    last = package.revisions.aggregate(last=Max("number"))["last"] or 0
    main = report.main_library
    revision = PackageRevision.objects.create(
        package=package,
        number=last + 1,
        scan_state=result.value,
        sha256=report.sha256,
        size=report.size,
        manifest=_manifest(report),
        report=report.as_json(),
        main_library=str(main) if main else "",
        completion_rule=rule_for(main.machine_name) if main else CompletionRule.SELF_DECLARED,
        expected_max=report.known_max,
        uploaded_by=by,
        uploaded_at=at,
    )
    libraries.add_libraries(report, by=by, at=at)
    libraries.resolve_libraries(revision)
    audit.record(
        actor=by,
        verb="package.stored",
        obj=revision,
        local_area=local_area,
        data={"sha256": report.sha256, "kind": report.kind.value, "scan": result.value},
        at=at,
    )
    return revision


def _manifest(report: Report) -> dict[str, Any]:
    return {
        "title": report.title,
        "language": report.language,
        "licence": report.licence,
        "launch_path": report.launch_path,
        "wanted": [str(name) for name in report.wanted],
        "carried": [library.tree_sha256 for library in report.libraries],
    }


def scan_again(*, revision: PackageRevision, at: dt.datetime) -> PackageRevision:
    """Scan a revision whose scan is pending; what is infected is withdrawn. For the worker."""
    with open(package_store().archive(revision.sha256), "rb") as file:
        result = scan(file, scanner=settings.SCANNER, address=settings.CLAMD_ADDRESS)
    with transaction.atomic():
        revision = PackageRevision.objects.select_for_update().get(pk=revision.pk)
        revision.scan_state = result.value
        revision.save(update_fields=["scan_state"])
        if result is ScanResult.INFECTED:
            _withdraw(revision, by=None, reason="The virus scan found something in it.", at=at)
    return revision


def open_preview(*, revision: PackageRevision, by: User, at: dt.datetime) -> str:
    """Let a member of staff try a revision: return a content label that works for one hour.

    Records the preview. Raise PermissionDenied or UnableToPreviewRevision.
    """
    if not permissions.can_preview_revision(by, revision, on=clock.london_date(at)):
        raise PermissionDenied
    with transaction.atomic():
        revision = PackageRevision.objects.select_for_update().get(pk=revision.pk)
        if revision.state == RevisionState.WITHDRAWN or revision.package.kind != Kind.H5P:
            raise UnableToPreviewRevision("This revision cannot be tried out.")
        if revision.scan_state in (ScanState.PENDING, ScanState.INFECTED):
            raise UnableToPreviewRevision("The virus scan has not passed this file yet.")
        if missing := libraries.resolve_libraries(revision):
            raise UnableToPreviewRevision(_lacking(missing))
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


def approve_revision(
    *,
    revision: PackageRevision,
    by: User,
    at: dt.datetime,
    completion_rule: CompletionRule | None = None,
    minimum_seconds: int | None = None,
) -> PackageRevision:
    """Approve a previewed revision and every library it brings, and put it into service after the commit.

    `completion_rule` may only be *loosened* to viewed or self-declared, for content that turned out to say nothing at
    its end. Raise PermissionDenied (also for the uploader, unless the area is a team of one) or UnableToApproveRevision.
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
    if revision.package.kind != Kind.H5P:
        raise UnableToApproveRevision("SCORM packages can be kept, but not played yet.")
    if missing := libraries.resolve_libraries(revision):
        raise UnableToApproveRevision(_lacking(missing))
    if revision.previewed_at is None:
        raise UnableToApproveRevision("Nobody has tried it yet. Open the preview first.")
    if revision.rule.is_scored and revision.expected_max is None:
        raise UnableToApproveRevision(
            "Its highest score is not known yet. Work through the preview to the end, "
            "or choose how else it is completed."
        )


def _lacking(missing: list[str]) -> str:
    return (
        f"It needs {', '.join(missing)}, which it does not carry and nobody has approved here. "
        "Export it again with its libraries."
    )


def withdraw_revision(
    *, revision: PackageRevision, by: User, reason: str, at: dt.datetime
) -> PackageRevision:
    """Take a revision out of service for good; records of those who completed it stay. Needs a reason."""
    if not permissions.can_withdraw_revision(by, revision, on=clock.london_date(at)):
        raise PermissionDenied
    if not reason.strip():
        raise UnableToWithdrawRevision("Say why it is withdrawn.")
    with transaction.atomic():
        revision = PackageRevision.objects.select_for_update().get(pk=revision.pk)
        if revision.state != RevisionState.WITHDRAWN:
            _withdraw(revision, by=by, reason=reason, at=at)
    return revision


def _withdraw(
    revision: PackageRevision, *, by: User | None, reason: str, at: dt.datetime
) -> None:
    revision.state = RevisionState.WITHDRAWN
    revision.withdrawn_at, revision.withdrawn_because = at, reason.strip()[:500]
    revision.save(update_fields=["state", "withdrawn_at", "withdrawn_because"])
    audit.record(
        actor=by,
        verb="package.withdrawn",
        obj=revision,
        local_area=revision.package.local_area,
        reason=reason,
        at=at,
    )
    transaction.on_commit(lambda: publishing.retract(package_store(), revision))
