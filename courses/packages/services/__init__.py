"""Keep, preview, approve and withdraw packages: quarantined first, approved by a second person."""

from courses.packages.services.approving import UnableToApproveRevision, approve_revision
from courses.packages.services.previewing import (
    UnableToPreviewRevision,
    open_preview,
    record_preview_statement,
)
from courses.packages.services.storing import store_package
from courses.packages.services.withdrawing import (
    UnableToWithdrawRevision,
    scan_again,
    withdraw_revision,
)
from courses.packages.store import UnableToStorePackage, package_store

__all__ = [
    "UnableToApproveRevision",
    "UnableToPreviewRevision",
    "UnableToStorePackage",
    "UnableToWithdrawRevision",
    "approve_revision",
    "open_preview",
    "package_store",
    "record_preview_statement",
    "scan_again",
    "store_package",
    "withdraw_revision",
]
