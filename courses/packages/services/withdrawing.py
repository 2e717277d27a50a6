"""Take revisions out of service, by hand or because a later scan found something."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import audit
from accounts.models import User
from core import clock
from core.scanning import ScanResult, scan
from courses.packages import permissions, publishing
from courses.packages.models import PackageRevision, RevisionState
from courses.packages.store import package_store


class UnableToWithdrawRevision(Exception):
    """The revision cannot be withdrawn; the message says why."""


def withdraw_revision(
    *, revision: PackageRevision, by: User, reason: str, at: dt.datetime
) -> PackageRevision:
    """Take a revision out of service for good; records of those who completed it stay. Needs a
    reason.
    """
    if not permissions.can_withdraw_revision(by, revision, on=clock.london_date(at)):
        raise PermissionDenied
    if not reason.strip():
        raise UnableToWithdrawRevision("Say why it is withdrawn.")
    with transaction.atomic():
        revision = PackageRevision.objects.select_for_update().get(pk=revision.pk)
        if revision.state != RevisionState.WITHDRAWN:
            _withdraw(revision, by=by, reason=reason, at=at)
    return revision


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


def _withdraw(revision: PackageRevision, *, by: User | None, reason: str, at: dt.datetime) -> None:
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
