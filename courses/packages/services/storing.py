"""Keep an uploaded archive: judged, scanned, unpacked, quarantined."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.models import LocalArea, User
from core import clock, outbox
from core.scanning import ScanResult, scan
from courses.packages import deliveries, libraries, permissions
from courses.packages.completion import CompletionRule, rule_for
from courses.packages.inspection import inspect
from courses.packages.models import ContentPackage, PackageRevision, RevisionState
from courses.packages.report import Report
from courses.packages.store import UnableToStorePackage, package_store


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

    The same file for the same package answers the revision there is. `package` adds a revision to
    it. Raise PermissionDenied, or UnableToStorePackage with every reason: then nothing is kept but
    an audit event.
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
        reasons = ("The virus scan found something in this file.",) * (
            result == ScanResult.INFECTED
        )
    if reasons:
        _record_refusal(report, reasons, local_area, by, at)
        raise UnableToStorePackage(*reasons)
    if existing := _kept_before(package, local_area, report.sha256):
        return existing
    store = package_store()
    store.keep_archive(file)
    store.unpack(report)
    with transaction.atomic():
        # One upload at a time in an area: the same file sent twice at once is one revision.
        LocalArea.objects.select_for_update().get(pk=local_area.pk)
        if existing := _kept_before(package, local_area, report.sha256):
            return existing
        return _create_revision(report, result, local_area, by, at, package, title)


def _unfit_for(package: ContentPackage | None, report: Report) -> tuple[str, ...]:
    if package is not None and package.kind != report.kind:
        return (f"This is a {report.kind} file; “{package}” is {package.get_kind_display()}.",)
    return ()


def _record_refusal(
    report: Report, reasons: tuple[str, ...], local_area: LocalArea, by: User, at: dt.datetime
) -> None:
    """Leave a trace of a refused upload: hash and size, never names from inside the file."""
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
        completion_rule=rule_for(main.machine_name) if main else CompletionRule.SCORM,
        expected_max=report.known_max,
        uploaded_by=by,
        uploaded_at=at,
    )
    libraries.add_libraries(report, by=by, at=at)
    libraries.resolve_libraries(revision)
    if result is ScanResult.PENDING:
        outbox.enqueue(
            kind=deliveries.SCAN,
            key=f"scan-package:{revision.pk}",
            payload={"revision": revision.pk},
        )
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
        "units": [asdict(unit) for unit in report.units],
        "wanted": [str(name) for name in report.wanted],
        "carried": [library.tree_sha256 for library in report.libraries],
    }
