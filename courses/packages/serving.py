"""What the content origin may serve: pointer files that say which label plays which package with
which libraries.

The content server has no database and no secrets; the application writes and removes these
pointers.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from courses.packages.store import PackageStore

LABEL = re.compile(r"[a-z0-9]{8,63}")


@dataclass(frozen=True)
class ServedLibrary:
    """One library in loading order: its H5P folder name, its tree hash, and the files to load."""

    folder: str
    tree_sha256: str
    scripts: Sequence[str] = ()
    styles: Sequence[str] = ()


@dataclass(frozen=True)
class Pointer:
    """What a label plays."""

    label: str
    kind: str
    title: str
    language: str
    package_sha256: str
    main_library: str
    expires_at: float | None = None
    libraries: Sequence[ServedLibrary] = field(default_factory=tuple)
    units: Sequence[Mapping[str, Any]] = field(default_factory=tuple)

    @property
    def is_scorm(self) -> bool:
        """Return whether its units speak to a SCORM run-time."""
        return self.kind.startswith("scorm")

    @property
    def library_shas(self) -> frozenset[str]:
        """Return the tree hashes this label may read."""
        return frozenset(library.tree_sha256 for library in self.libraries)


def write_pointer(store: PackageStore, pointer: Pointer) -> None:
    """Put a label into service, in one step."""
    folder = store.root / "served"
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder, suffix=".new")
    with os.fdopen(handle, "w") as file:
        json.dump(asdict(pointer), file)
    os.chmod(temporary, 0o644)
    os.replace(temporary, _path(store, pointer.label))


def remove_pointer(store: PackageStore, label: str) -> None:
    """Take a label out of service; it is no fault if it never was."""
    _path(store, label).unlink(missing_ok=True)


def is_served(store: PackageStore, label: str) -> bool:
    """Return whether the content origin plays that label."""
    return _path(store, label).exists()


def read_pointer(store: PackageStore, label: str, *, now: float) -> Pointer | None:
    """Return what a label plays, or None when it plays nothing or its preview has ended."""
    if not LABEL.fullmatch(label):
        return None
    try:
        data = json.loads(_path(store, label).read_text())
    except (OSError, ValueError):
        return None
    libraries = tuple(ServedLibrary(**library) for library in data.pop("libraries"))
    pointer = Pointer(**data, libraries=libraries)
    return None if pointer.expires_at is not None and pointer.expires_at < now else pointer


def remove_expired(store: PackageStore, *, now: float) -> None:
    """Clear away pointers of previews that have ended."""
    for path in (store.root / "served").glob("*.json"):
        try:
            expires = json.loads(path.read_text()).get("expires_at")
        except (OSError, ValueError):
            continue
        if expires is not None and expires < now:
            path.unlink(missing_ok=True)


def integration(pointer: Pointer, base: str, params: str) -> Mapping[str, Any]:
    """Return the H5PIntegration object for a label.

    `base` is the label's absolute address with a final slash, `params` the content.json as text.
    There is no `user` on purpose: with a user and no data address H5P's core fails, and a package
    need not know who is learning.
    """
    content = {
        "library": pointer.main_library,
        "jsonContent": params,
        "fullScreen": "0",
        "exportUrl": "",
        "embedCode": "",
        "resizeCode": "",
        "url": f"{base}embed/",
        "contentUrl": f"{base}content",
        "title": pointer.title,
        "metadata": {"title": pointer.title, "license": "U", "defaultLanguage": pointer.language},
        "displayOptions": dict.fromkeys(
            ("frame", "export", "embed", "copyright", "icon", "copy"), False
        ),
        "contentUserData": [{}],
    }
    return {
        "baseUrl": base.removesuffix("/"),
        "url": base.removesuffix("/"),
        "siteUrl": base.removesuffix("/"),
        "urlLibraries": f"{base}libs",
        "libraryDirectories": {lib.folder: lib.tree_sha256 for lib in pointer.libraries},
        "postUserStatistics": False,
        "reportingIsEnabled": True,
        "saveFreq": 15,
        "crossorigin": "anonymous",
        "ajax": {"setFinished": "", "contentUserData": ""},
        "ajaxPath": "",
        "l10n": {"H5P": WORDS},
        "contents": {"cid-1": content},
        "loadedJs": [],
        "loadedCss": [],
    }


def scorm_units(pointer: Pointer, base: str) -> list[Mapping[str, Any]]:
    """Return the units of a SCORM label for its wrapper, each with its address below `base`."""
    return [
        {
            **{key: unit[key] for key in ("key", "title", "launch_data", "mastery", "is_asset")},
            "address": f"{base}unit/{quote(unit['path'])}{unit['query']}",
        }
        for unit in pointer.units
    ]


def params_of(store: PackageStore, pointer: Pointer) -> str:
    """Return content.json as text; raise OSError when the package is gone."""
    path: Path = store.package(pointer.package_sha256) / "content" / "content.json"
    return path.read_text(encoding="utf-8-sig")


def _path(store: PackageStore, label: str) -> Path:
    if not LABEL.fullmatch(label):
        raise ValueError("not a label")
    return store.root / "served" / f"{label}.json"


# The words H5P's core asks its host for. Its licence names stay out: the copyright button is not
# shown.
WORDS = {
    "fullscreen": "Full screen",
    "disableFullscreen": "Leave full screen",
    "contentChanged": "This content has changed since you last used it.",
    "startingOver": "You will start from the beginning.",
    "confirmDialogHeader": "Confirm",
    "confirmDialogBody": "Do you want to go on? This cannot be undone.",
    "cancelLabel": "Cancel",
    "confirmLabel": "Confirm",
    "close": "Close",
    "title": "Title",
    "size": "Size",
    "width": "Width",
    "copyrightInformation": "Rights of use",
    "offlineDialogHeader": "You are not connected",
    "offlineDialogBody": "Your answers are kept here and sent when you are connected again.",
    "offlineDialogRetryMessage": "Trying again in :num.",
    "offlineDialogRetryButtonLabel": "Try again now",
    "offlineSuccessfulSubmit": "Your answers have been sent.",
    "contentCopied": "Copied.",
    "connectionLost": "The connection was lost. Your answers are kept until it is back.",
    "connectionReestablished": "You are connected again.",
    "resubmitScores": "Sending your answers.",
}
