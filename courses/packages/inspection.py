"""Judge an archive that somebody uploaded, without unpacking it anywhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from courses.packages import file_rules, h5p_rules, scorm_rules
from courses.packages.archive import Archive, Entry, Limits, UnsafeArchive, open_archive
from courses.packages.completion import known_max
from courses.packages.load_order import load_order
from courses.packages.report import Kind, Library, LibraryName, PlannedFile, Report, Verdict

Pool = Mapping[LibraryName, Sequence[LibraryName]]
HEAD = 4096
MOST_REASONS = 12
CONTENT = "content"
UNPACKED = "unit"


@dataclass
class _Findings:
    """What has been read so far: each file's place, and every fault and note."""

    archive: Archive
    groups: dict[str, list[PlannedFile]] = field(default_factory=dict)
    documents: dict[str, bytes] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    dropped: int = 0

    def paths(self, group: str) -> set[str]:
        return {planned.path for planned in self.groups.get(group, [])}


def inspect(file: BinaryIO, *, pool: Pool | None = None, limits: Limits | None = None) -> Report:
    """Judge an H5P or SCORM archive and return a Report; a refusal is a report too, never an
    exception.

    `pool` maps the libraries already approved to what each of them needs.
    """
    digest, size = _digest(file)
    try:
        archive = open_archive(file, limits)
        names = {entry.name for entry in archive.entries}
        if "h5p.json" in names:
            report = _inspect_h5p(archive, pool or {})
        elif "imsmanifest.xml" in names:
            report = _inspect_scorm(archive)
        else:
            report = _refusal(Kind.UNKNOWN, _unknown(names))
    except UnsafeArchive as error:
        report = _refusal(Kind.UNKNOWN, list(error.reasons))
        return Report(**{**report.__dict__, "sha256": digest, "size": size})
    measured = {"unpacked_size": archive.size, "files": len(archive.entries)}
    return Report(**{**report.__dict__, "sha256": digest, "size": size, **measured})


def _inspect_h5p(archive: Archive, pool: Pool) -> Report:
    found = _Findings(archive)
    for entry in archive.entries:
        _read_h5p_file(found, entry)
    manifest = _document(found, "h5p.json")
    content = _document(found, "content/content.json")
    if "content/content.json" not in found.documents:
        found.faults.append("The package has no content/content.json.")
    elif not isinstance(content, dict) and not found.faults:
        found.faults.append("content/content.json is not an object.")
    found.faults += h5p_rules.manifest_faults(manifest) if manifest is not None else []
    libraries = [library for library in _libraries(found) if library]
    if found.faults or not isinstance(manifest, dict):
        return _refusal(Kind.H5P, found.faults, manifest)
    carried = {library.name: library for library in libraries}

    def needs_of(name: LibraryName) -> Sequence[LibraryName] | None:
        return carried[name].needs if name in carried else pool.get(name)

    wanted = h5p_rules.dependencies(manifest, "preloadedDependencies") or []
    main = next(name for name in wanted if name.machine_name == manifest["mainLibrary"])
    wanted += h5p_rules.dependencies(manifest, "dynamicDependencies") or []
    wanted += sorted(h5p_rules.libraries_in_content(content))
    wanted = [name for name in wanted if not h5p_rules.is_for_editing(name)]
    order, missing = load_order(wanted, needs_of)
    if main in carried and not carried[main].runnable:
        return _refusal(Kind.H5P, [f"{main} is a part of other content and cannot run by itself."])
    used = tuple(library for library in libraries if library.name in set(order))
    if spare := len(libraries) - len(used):
        found.notes.append(f"Libraries that only an editor needs are left out: {spare}.")
    if found.dropped:
        found.notes.append(f"Files that playing does not need are left out: {found.dropped}.")
    found.notes += h5p_rules.outside_notes(content)
    groups = {CONTENT} | {library.folder for library in used}
    return Report(
        verdict=Verdict.ACCEPT,
        kind=Kind.H5P,
        notes=tuple(found.notes),
        title=str(manifest["title"]).strip(),
        language=str(manifest.get("language", "und")),
        licence=h5p_rules.licence_words(manifest),
        main_library=main,
        wanted=tuple(dict.fromkeys(wanted)),
        needs=tuple(order),
        missing=tuple(missing),
        libraries=used,
        accessibility=tuple(h5p_rules.accessibility_notes(content)),
        known_max=known_max(main.machine_name, content),
        plan=tuple(f for group in sorted(groups) for f in found.groups.get(group, [])),
    )


def _read_h5p_file(found: _Findings, entry: Entry) -> None:
    """Put a file into its group, or drop it, or note what is wrong with it."""
    top, _, path = entry.name.partition("/")
    if entry.twin_of or file_rules.is_clutter(entry.name) or (path and top[0] in "._"):
        found.dropped += not entry.twin_of
        _exhaust(found.archive, entry)
        return
    if not path and entry.name != "h5p.json":
        found.dropped += 1
        _exhaust(found.archive, entry)
        return
    kind = file_rules.extension(entry.name)
    allowed = file_rules.H5P_CONTENT if top == CONTENT else file_rules.H5P_LIBRARY
    if path and top != CONTENT and (kind in file_rules.DROPPED or not kind):
        found.dropped += 1
        _exhaust(found.archive, entry)
        return
    if kind not in allowed:
        found.faults.append(f"{entry.name} is of a kind that is not allowed in a package.")
        return
    keep = entry.name == "h5p.json" or path in ("library.json", "content.json")
    _take(found, entry, top if path else "", path or top, keep=keep)


def _take(found: _Findings, entry: Entry, group: str, path: str, *, keep: bool = False) -> None:
    """Stream a file once: true size and checksum, its SHA-256, and a look at what it is."""
    kind = file_rules.extension(path)
    sha, head, whole = hashlib.sha256(), b"", []
    wants_whole = keep or kind in ("svg", "docx", "xlsx", "pptx")
    if wants_whole and entry.size > 20 * 1024 * 1024:
        raise UnsafeArchive(f"{entry.name} is too large for what it is.")
    for chunk in found.archive.stream(entry):
        sha.update(chunk)
        head = head or chunk[:HEAD]
        if wants_whole:
            whole.append(chunk)
    content = b"".join(whole)
    fault = file_rules.content_fault(entry.name, head)
    if not fault and kind == "svg":
        fault = file_rules.svg_fault(entry.name, content)
    if fault := fault or file_rules.document_fault(entry.name, content):
        found.faults.append(fault)
    if keep:
        found.documents[entry.name] = content
    planned = PlannedFile(entry.name, group, path, sha.hexdigest(), entry.size)
    found.groups.setdefault(group, []).append(planned)


def _libraries(found: _Findings) -> list[Library | None]:
    return [_library(found, group) for group in sorted(found.groups) if group not in ("", CONTENT)]


def _library(found: _Findings, folder: str) -> Library | None:
    """Read one library folder; a folder without library.json is a fault, as in H5P."""
    if f"{folder}/library.json" not in found.documents:
        found.faults.append(f"The folder {folder} has no library.json.")
        return None
    data = _document(found, f"{folder}/library.json")
    if data is None:
        return None
    if faults := h5p_rules.library_faults(data, folder, found.paths(folder)):
        found.faults += faults
        return None
    name = h5p_rules.library_name(data)
    needs = h5p_rules.dependencies(data, "preloadedDependencies")
    files = found.groups[folder]
    if name is None or needs is None:
        return None
    return Library(
        name=name,
        patch=int(data["patchVersion"]),
        title=str(data["title"])[:255],
        runnable=str(int(data["runnable"])) == "1",
        folder=folder,
        scripts=tuple(h5p_rules.asset_paths(data, "preloadedJs") or []),
        styles=tuple(h5p_rules.asset_paths(data, "preloadedCss") or []),
        needs=tuple(need for need in needs if not h5p_rules.is_for_editing(need)),
        tree_sha256=tree_sha256(files),
        size=sum(planned.size for planned in files),
        files=len(files),
        author=str(data.get("author") or "")[:255],
        licence=str(data.get("license") or "")[:255],
    )


def tree_sha256(files: Sequence[PlannedFile]) -> str:
    """Return one hash for a folder: of its sorted lines "<sha256>  <path>"."""
    lines = sorted(f"{planned.sha256}  {planned.path}\n" for planned in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _inspect_scorm(archive: Archive) -> Report:
    found = _Findings(archive)
    for entry in archive.entries:
        if entry.twin_of or file_rules.is_clutter(entry.name):
            _exhaust(archive, entry)
        elif file_rules.extension(entry.name) in file_rules.DROPPED:
            found.dropped += 1
            _exhaust(archive, entry)
        elif file_rules.extension(entry.name) not in file_rules.SCORM:
            found.faults.append(f"{entry.name} is of a kind that is not allowed in a package.")
        else:
            _take(found, entry, UNPACKED, entry.name, keep=entry.name == "imsmanifest.xml")
    manifest = scorm_rules.read_manifest(
        found.documents.get("imsmanifest.xml", b""), found.paths(UNPACKED)
    )
    if faults := [*found.faults, *manifest.faults]:
        return _refusal(manifest.kind, faults)
    return Report(
        verdict=Verdict.ACCEPT,
        kind=manifest.kind,
        title=manifest.title,
        notes=_scorm_notes(manifest),
        units=manifest.units,
        plan=tuple(found.groups.get(UNPACKED, [])),
    )


def _scorm_notes(manifest: scorm_rules.Manifest) -> tuple[str, ...]:
    notes = ["What is accessible in it, only a person can tell: try it by keyboard."]
    if len(manifest.units) > 1:
        notes.append(
            f"It has {len(manifest.units)} units. Learners take them in any order; rules of "
            "sequence inside the package are not followed."
        )
    return tuple(notes)


def _document(found: _Findings, name: str) -> Any:
    """Return a kept JSON document, noting a fault where it is none."""
    if name not in found.documents:
        return None
    data, fault = h5p_rules.parse_json(found.documents[name], name)
    if fault and fault not in found.faults:
        found.faults.append(fault)
    return data


def _exhaust(archive: Archive, entry: Entry) -> None:
    """Check a file that will not be kept: a lie anywhere condemns the archive."""
    for _ in archive.stream(entry):
        pass


def _refusal(kind: Kind, reasons: list[str], manifest: Any = None) -> Report:
    unique = list(dict.fromkeys(reasons))
    if len(unique) > MOST_REASONS:
        unique = [*unique[:MOST_REASONS], f"And {len(unique) - MOST_REASONS} more faults."]
    title = manifest.get("title") if isinstance(manifest, dict) else ""
    shown = title[:255] if isinstance(title, str) else ""
    return Report(verdict=Verdict.REFUSE, kind=kind, reasons=tuple(unique), title=shown)


def _unknown(names: set[str]) -> list[str]:
    if "cmi5.xml" in names:
        return ["This is a cmi5 course. Only H5P and SCORM packages can be kept so far."]
    inner = {name.partition("/")[2] for name in names}
    if {"h5p.json", "imsmanifest.xml"} & inner:
        return ["The package lies inside a folder. Pack the folder's content, not the folder."]
    return ["This is no H5P package (no h5p.json) and no SCORM package (no imsmanifest.xml)."]


def _digest(file: BinaryIO) -> tuple[str, int]:
    sha, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(1024 * 1024):
        sha.update(chunk)
        size += len(chunk)
    return sha.hexdigest(), size


def as_text(report: Report) -> str:
    """Return the report as lines of plain words for a terminal."""
    lines = [f"{report.verdict.value.upper()}  {report.kind}  {report.title}".rstrip()]
    lines += [f"  - {reason}" for reason in report.reasons]
    if report.main_library:
        lines.append(f"  Main library: {report.main_library}, licence: {report.licence}")
    lines += [f"  Missing: {name}" for name in report.missing]
    lines += [f"  Note: {note}" for note in (*report.notes, *report.accessibility)]
    lines.append(
        f"  {report.files} files, {report.size:,} bytes, unpacks to {report.unpacked_size:,}"
    )
    return "\n".join(lines)


def as_json_text(report: Report) -> str:
    """Return the report as indented JSON."""
    return json.dumps(report.as_json(), indent=2, ensure_ascii=False)
