"""Puts revisions into service on the content origin and takes them out: a pointer file a label."""

from __future__ import annotations

import datetime as dt

from courses.packages import serving
from courses.packages.models import PackageRevision, RevisionState, new_label
from courses.packages.store import PackageStore

PREVIEW_LASTS = dt.timedelta(hours=1)


def publish(store: PackageStore, revision: PackageRevision) -> None:
    """Serve an approved revision under its own label."""
    serving.write_pointer(store, _pointer(revision, revision.label))


def retract(store: PackageStore, revision: PackageRevision) -> None:
    """Stop serving a revision; its files stay, since others may share them."""
    serving.remove_pointer(store, revision.label)


def publish_preview(store: PackageStore, revision: PackageRevision, *, at: dt.datetime) -> str:
    """Serve a revision under a fresh label for one hour and return the label."""
    serving.remove_expired(store, now=at.timestamp())
    label = new_label()
    expires = (at + PREVIEW_LASTS).timestamp()
    serving.write_pointer(store, _pointer(revision, label, expires_at=expires))
    return label


def ensure_served(store: PackageStore, revision: PackageRevision) -> bool:
    """Make what is served agree with the revision's state; return whether it plays.

    Heals a process that died between commit and publication, and a folder restored from an older
    backup.
    """
    if not revision.is_playable:
        retract(store, revision)
        return False
    if not serving.is_served(store, revision.label):
        publish(store, revision)
    return True


def publish_all(store: PackageStore) -> tuple[int, int]:
    """Make every pointer agree with the database; return (served, retracted)."""
    served = retracted = 0
    for revision in PackageRevision.objects.select_related("package").iterator():
        if ensure_served(store, revision):
            publish(store, revision)
            served += 1
        elif revision.state == RevisionState.WITHDRAWN:
            retracted += 1
    return served, retracted


def _pointer(
    revision: PackageRevision, label: str, *, expires_at: float | None = None
) -> serving.Pointer:
    rows = revision.loading_order.select_related("library")
    return serving.Pointer(
        label=label,
        kind=revision.package.kind,
        title=revision.manifest.get("title") or revision.package.title,
        language=revision.manifest.get("language") or "en",
        package_sha256=revision.sha256,
        main_library=revision.main_library,
        expires_at=expires_at,
        units=revision.manifest.get("units", []),
        libraries=[
            serving.ServedLibrary(
                folder=row.library.name.folder,
                tree_sha256=row.library.tree_sha256,
                scripts=row.library.metadata.get("scripts", []),
                styles=row.library.metadata.get("styles", []),
            )
            for row in rows
        ],
    )
