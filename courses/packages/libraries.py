"""Which libraries an area's content plays with: those it carries, and those the area has approved
before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from accounts import audit
from accounts.models import LocalArea, User
from courses.packages.load_order import load_order
from courses.packages.models import (
    H5PLibrary,
    LibraryApproval,
    PackageRevision,
    RevisionLibrary,
)
from courses.packages.report import LibraryName, Report


def pool_of(local_area: LocalArea) -> dict[LibraryName, Sequence[LibraryName]]:
    """Return the area's approved libraries by name, with what each needs."""
    return {library.name: library.needs for library in _approved(local_area).values()}


def _approved(local_area: LocalArea) -> dict[LibraryName, H5PLibrary]:
    """Return one approved library a name: the highest patch, and of equals the newest."""
    rows = H5PLibrary.objects.approved_in(local_area).order_by("patch", "pk")
    return {library.name: library for library in rows}


def add_libraries(report: Report, *, by: User, at: dt.datetime) -> None:
    """Enter the libraries an archive carries; the same bytes are entered once for all."""
    for library in report.libraries:
        H5PLibrary.objects.get_or_create(
            tree_sha256=library.tree_sha256,
            defaults={
                "machine_name": library.name.machine_name,
                "major": library.name.major,
                "minor": library.name.minor,
                "patch": library.patch,
                "title": library.title,
                "metadata": library.as_metadata(),
                "added_by": by,
                "added_at": at,
            },
        )


def resolve_libraries(revision: PackageRevision) -> list[str]:
    """Fix the loading order of a revision that waits for approval; return the names nobody has."""
    carried = {
        library.name: library
        for library in H5PLibrary.objects.filter(tree_sha256__in=revision.manifest["carried"])
    }
    known = _approved(revision.package.local_area) | carried
    wanted = [name for text in revision.manifest["wanted"] if (name := LibraryName.parse(text))]
    order, missing = load_order(wanted, lambda name: known[name].needs if name in known else None)
    if revision.state == "quarantined":
        revision.loading_order.all().delete()
        RevisionLibrary.objects.bulk_create(
            RevisionLibrary(revision=revision, library=known[name], position=position)
            for position, name in enumerate(order)
        )
    return [str(name) for name in missing]


def approve_libraries(revision: PackageRevision, *, by: User, at: dt.datetime) -> None:
    """Approve, for the revision's area, each library it plays with that was not approved there
    before.
    """
    area = revision.package.local_area
    for row in revision.loading_order.select_related("library"):
        _, is_new = LibraryApproval.objects.get_or_create(
            library=row.library,
            local_area=area,
            defaults={"approved_by": by, "approved_at": at},
        )
        if is_new:
            audit.record(
                actor=by,
                verb="library.approved",
                obj=row.library,
                local_area=area,
                data={"tree_sha256": row.library.tree_sha256, "revision": revision.pk},
                at=at,
            )


def lacking(missing: list[str]) -> str:
    """Return the sentence about libraries that nobody has."""
    return (
        f"It needs {', '.join(missing)}, which it does not carry and nobody has approved here. "
        "Export it again with its libraries."
    )
