"""What an inspection finds: a report a person can read and a program can act on."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

MACHINE_NAME = re.compile(r"[$A-Za-z_][\w.$-]{0,254}", re.ASCII)


class Kind(StrEnum):
    """The kinds of package that are told apart."""

    H5P = "h5p"
    SCORM_12 = "scorm12"
    SCORM_2004 = "scorm2004"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """Whether the file may be kept."""

    ACCEPT = "accept"
    REFUSE = "refuse"


@dataclass(frozen=True, order=True)
class LibraryName:
    """Machine name and version by which H5P content asks for a library; the patch version plays no
    part.
    """

    machine_name: str
    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.machine_name} {self.major}.{self.minor}"

    @property
    def folder(self) -> str:
        """Return the folder name H5P uses, such as H5P.MultiChoice-1.16."""
        return f"{self.machine_name}-{self.major}.{self.minor}"

    @classmethod
    def parse(cls, text: object) -> LibraryName | None:
        """Read "H5P.MultiChoice 1.16"; return None for anything else."""
        match = (
            re.fullmatch(r"(\S{1,255}) (\d{1,5})\.(\d{1,5})", text)
            if isinstance(text, str)
            else None
        )
        if not match or not MACHINE_NAME.fullmatch(match[1]):
            return None
        return cls(match[1], int(match[2]), int(match[3]))


@dataclass(frozen=True)
class PlannedFile:
    """One file to unpack: from which entry, into which group ("content" or a library folder), under
    which path.
    """

    entry: str
    group: str
    path: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Library:
    """A library found in an archive, with what the player needs to load it."""

    name: LibraryName
    patch: int
    title: str
    runnable: bool
    folder: str
    scripts: tuple[str, ...]
    styles: tuple[str, ...]
    needs: tuple[LibraryName, ...]
    tree_sha256: str
    size: int
    files: int
    author: str = ""
    licence: str = ""

    def as_metadata(self) -> dict[str, Any]:
        """Return what is kept beside the library's files and in the database."""
        return {
            "machine_name": self.name.machine_name,
            "major": self.name.major,
            "minor": self.name.minor,
            "patch": self.patch,
            "title": self.title,
            "runnable": self.runnable,
            "scripts": list(self.scripts),
            "styles": list(self.styles),
            "needs": [str(name) for name in self.needs],
            "author": self.author,
            "licence": self.licence,
        }


@dataclass(frozen=True)
class ScormUnit:
    """One thing of a SCORM package that can be started, in the manifest's order.

    `key` names it inside the saved state; `mastery` is the manifest's pass mark (0 to 100) of
    SCORM 1.2; an asset speaks to nobody and is done by being opened.
    """

    key: str
    title: str
    path: str
    query: str = ""
    launch_data: str = ""
    mastery: float | None = None
    is_asset: bool = False


@dataclass(frozen=True)
class Report:
    """The result of an inspection. `reasons` explain a refusal; `notes` are for the person who
    approves.
    """

    verdict: Verdict
    kind: Kind
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    title: str = ""
    language: str = ""
    licence: str = ""
    main_library: LibraryName | None = None
    wanted: tuple[LibraryName, ...] = ()
    needs: tuple[LibraryName, ...] = ()
    missing: tuple[LibraryName, ...] = ()
    libraries: tuple[Library, ...] = ()
    accessibility: tuple[str, ...] = ()
    known_max: float | None = None
    units: tuple[ScormUnit, ...] = ()
    sha256: str = ""
    size: int = 0
    unpacked_size: int = 0
    files: int = 0
    plan: tuple[PlannedFile, ...] = field(default=(), repr=False)

    @property
    def accepted(self) -> bool:
        """Return whether the file may be kept."""
        return self.verdict is Verdict.ACCEPT

    @property
    def playable(self) -> bool:
        """Return whether nothing is missing that playing needs."""
        return self.accepted and not self.missing

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain data, without the unpacking plan."""
        data = asdict(self)
        del data["plan"]
        data["main_library"] = str(self.main_library) if self.main_library else None
        data["wanted"] = [str(name) for name in self.wanted]
        data["needs"] = [str(name) for name in self.needs]
        data["missing"] = [str(name) for name in self.missing]
        data["libraries"] = [
            library.as_metadata()
            | {"tree_sha256": library.tree_sha256, "size": library.size, "files": library.files}
            for library in self.libraries
        ]
        return data
