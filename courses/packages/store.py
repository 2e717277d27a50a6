"""Where packages lie on disk: immutable folders named by their own hashes, filled through private
staging.

archives/<sha>   the file as it was uploaded (never served)
packages/<sha>/  h5p.json and content/, or unit/ for SCORM
libs/<sha>/      one H5P library, shared by all packages that carry the same bytes
served/<label>.json   a pointer: this label may be played, with these libraries in this order
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from courses.packages.archive import Archive, UnsafeArchive, open_archive
from courses.packages.inspection import CONTENT, UNPACKED
from courses.packages.report import PlannedFile, Report


class UnableToStorePackage(Exception):
    """The package is not kept and nothing was left half-written; `reasons` are sentences for the
    person.
    """

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class PackageStore:
    """The folder that holds every package of an installation."""

    root: Path

    def archive(self, sha256: str) -> Path:
        """Return where an uploaded file is kept."""
        return self.root / "archives" / sha256

    def package(self, sha256: str) -> Path:
        """Return the folder of an unpacked package."""
        return self.root / "packages" / sha256

    def library(self, tree_sha256: str) -> Path:
        """Return the folder of an unpacked library."""
        return self.root / "libs" / tree_sha256

    def keep_archive(self, file: BinaryIO) -> str:
        """Copy an upload into the store and return its SHA-256; raise UnableToStorePackage when
        there is no room.
        """
        sha = hashlib.sha256()
        with self._staging() as staging:
            file.seek(0)
            with open(staging / "archive", "xb") as copy:
                while chunk := file.read(1024 * 1024):
                    sha.update(chunk)
                    copy.write(chunk)
                copy.flush()
                os.fsync(copy.fileno())
            self._settle(staging / "archive", self.archive(sha.hexdigest()))
        return sha.hexdigest()

    def unpack(self, report: Report) -> None:
        """Unpack an accepted archive that is kept: all of its folders, or none that was not there
        before.

        Every file is held against the hash the inspection saw. Raise UnableToStorePackage on any
        difference.
        """
        with self._staging() as staging, open(self.archive(report.sha256), "rb") as file:
            try:
                archive = open_archive(file)
                for planned in report.plan:
                    self._unpack_file(archive, planned, staging / _staged_folder(planned))
                manifest = archive.named("h5p.json")
                if manifest is not None:
                    (staging / "package").mkdir(exist_ok=True)
                    (staging / "package" / "h5p.json").write_bytes(archive.read(manifest))
            except UnsafeArchive as error:
                raise UnableToStorePackage(*error.reasons) from error
            for library in report.libraries:
                self._settle(
                    staging / "libraries" / library.folder, self.library(library.tree_sha256)
                )
            self._settle(staging / "package", self.package(report.sha256))

    def _unpack_file(self, archive: Archive, planned: PlannedFile, folder: Path) -> None:
        target = (folder / planned.path).resolve()
        entry = archive.named(planned.entry)
        # The inspection has refused such paths already; this is the lock on the door itself.
        if entry is None or not target.is_relative_to(folder.resolve()):
            raise UnableToStorePackage(f"{planned.entry} cannot be unpacked.")
        target.parent.mkdir(parents=True, exist_ok=True)
        sha = hashlib.sha256()
        with open(target, "xb") as copy:
            for chunk in archive.stream(entry):
                sha.update(chunk)
                copy.write(chunk)
        if sha.hexdigest() != planned.sha256:
            raise UnableToStorePackage(f"{planned.entry} changed while it was unpacked.")

    @contextmanager
    def _staging(self) -> Iterator[Path]:
        """Lend a private folder on the same disk, gone afterwards whatever happened."""
        home = self.root / "staging"
        try:
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
            staging = Path(tempfile.mkdtemp(dir=home))
        except OSError as error:
            raise UnableToStorePackage("The folder for packages cannot be written to.") from error
        try:
            yield staging
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            why = (
                "There is no room left for packages." if full else "The package could not be kept."
            )
            raise UnableToStorePackage(why) from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    @staticmethod
    def _settle(staged: Path, target: Path) -> None:
        """Move a finished file or folder to its place; the same bytes may be there already."""
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.rename(staged, target)
        except OSError:
            if not target.exists():
                raise


def _staged_folder(planned: PlannedFile) -> Path:
    if planned.group in (CONTENT, UNPACKED):
        return Path("package") / planned.group
    if not planned.group:
        return Path("package")
    return Path("libraries") / planned.group


def package_store() -> PackageStore:
    """Return the store of this installation."""
    return PackageStore(Path(settings.PACKAGE_ROOT))
