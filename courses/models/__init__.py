"""Every model of the courses app, wherever its file lies."""

from courses.packages.models import (
    ContentPackage,
    H5PLibrary,
    LibraryApproval,
    PackageRevision,
    RevisionLibrary,
)

__all__ = [
    "ContentPackage",
    "H5PLibrary",
    "LibraryApproval",
    "PackageRevision",
    "RevisionLibrary",
]
