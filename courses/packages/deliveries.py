"""What the outbox delivers for packages; safe to repeat."""

from __future__ import annotations

from typing import Any

from core import clock, outbox

SCAN = "scan_package"


class ScannerAway(Exception):
    """The virus scanner did not answer; the outbox tries again later."""


@outbox.handles(SCAN)
def scan_pending_revision(payload: dict[str, Any]) -> None:
    """Scan a revision that could not be scanned when it was uploaded."""
    from courses.packages.models import PackageRevision, ScanState
    from courses.packages.services import scan_again

    revision = PackageRevision.objects.get(pk=payload["revision"])
    if revision.scan_state != ScanState.PENDING:
        return
    if scan_again(revision=revision, at=clock.now()).scan_state == ScanState.PENDING:
        raise ScannerAway
