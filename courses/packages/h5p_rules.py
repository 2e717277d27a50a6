"""The rules of the H5P format: h5p.json, library.json, dependencies, and what a screen reader will
miss.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from courses.packages.report import MACHINE_NAME, LibraryName

CORE_API = (1, 28)
LANGUAGE = re.compile(r"[-A-Za-z]{1,10}")

LICENCES = {
    "U": "Not stated",
    "C": "All rights reserved",
    "PD": "Public domain",
    "CC PDM": "Public domain mark",
    "CC0 1.0": "CC0 1.0",
}


def parse_json(raw: bytes, name: str) -> tuple[Any, str]:
    """Return (data, fault) for a JSON file that somebody else wrote."""
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse_constant), ""
    except (ValueError, RecursionError):
        return None, f"{name} is not valid JSON."


def _refuse_constant(text: str) -> None:
    raise ValueError(text)


def manifest_faults(manifest: Any) -> list[str]:
    """Hold h5p.json against the specification; return sentences."""
    if not isinstance(manifest, dict):
        return ["h5p.json is not an object."]
    faults = []
    title = manifest.get("title")
    if not isinstance(title, str) or not 1 <= len(title.strip()) <= 255:
        faults.append("h5p.json has no title of 1 to 255 letters.")
    if not isinstance(main := manifest.get("mainLibrary"), str) or not MACHINE_NAME.fullmatch(main):
        faults.append("h5p.json does not name its main library.")
    language = manifest.get("language", "und")
    if not isinstance(language, str) or not LANGUAGE.fullmatch(language):
        faults.append("h5p.json names a language that is no language code.")
    embed = manifest.get("embedTypes", ["div"])
    if not isinstance(embed, list) or not set(map(str, embed)) <= {"div", "iframe"}:
        faults.append("h5p.json asks for an unknown way of embedding.")
    names = dependencies(manifest, "preloadedDependencies")
    if names is None or not names:
        faults.append("h5p.json does not list the libraries it needs.")
    elif isinstance(main, str) and main not in {name.machine_name for name in names}:
        faults.append("h5p.json does not list its main library among those it needs.")
    if dependencies(manifest, "dynamicDependencies") is None:
        faults.append("h5p.json lists dependencies that cannot be read.")
    return faults


def library_faults(data: Any, folder: str, files: set[str]) -> list[str]:
    """Hold a library.json against the specification and the files beside it; return sentences."""
    if not isinstance(data, dict):
        return [f"{folder}/library.json is not an object."]
    name = library_name(data)
    if name is None:
        return [f"{folder}/library.json has no proper machine name and version."]
    faults = []
    if folder not in (name.machine_name, name.folder):
        faults.append(f"The folder {folder} holds the library {name}, which is another name.")
    if not isinstance(data.get("title"), str) or not data["title"].strip():
        faults.append(f"{folder}/library.json has no title.")
    if _number(data.get("patchVersion")) is None:
        faults.append(f"{folder}/library.json has no patch version.")
    if data.get("runnable") not in (0, 1, "0", "1", True, False):
        faults.append(f"{folder}/library.json does not say whether it can run by itself.")
    core = data.get("coreApi")
    if core is not None:
        wanted = (_number(_get(core, "majorVersion")), _number(_get(core, "minorVersion")))
        if None in wanted:
            faults.append(f"{folder}/library.json has a coreApi that cannot be read.")
        elif wanted > CORE_API:
            faults.append(
                f"{name} needs a newer H5P player than this one ({CORE_API[0]}.{CORE_API[1]})."
            )
    for kind in ("preloadedDependencies", "dynamicDependencies", "editorDependencies"):
        if dependencies(data, kind) is None:
            faults += [f"{folder}/library.json lists dependencies that cannot be read."]
    for kind in ("preloadedJs", "preloadedCss"):
        paths = asset_paths(data, kind)
        if paths is None:
            faults.append(f"{folder}/library.json lists files that cannot be read.")
        elif lost := [path for path in paths if path not in files]:
            faults.append(f"{folder} lacks {lost[0]}, which its library.json names.")
    return faults


def library_name(data: Mapping[str, Any]) -> LibraryName | None:
    """Return the name and version of a dependency or a library.json, or None."""
    machine = _get(data, "machineName")
    major, minor = _number(_get(data, "majorVersion")), _number(_get(data, "minorVersion"))
    if not isinstance(machine, str) or not MACHINE_NAME.fullmatch(machine):
        return None
    if major is None or minor is None:
        return None
    return LibraryName(machine, major, minor)


def dependencies(data: Mapping[str, Any], kind: str) -> list[LibraryName] | None:
    """Return the libraries listed under `kind`, [] when there is no list, None when it cannot be
    read.
    """
    listed = data.get(kind)
    if listed is None or listed == "":
        return []
    if not isinstance(listed, list):
        return None
    names = [library_name(item) if isinstance(item, dict) else None for item in listed]
    return None if None in names else [name for name in names if name]


def is_for_editing(name: LibraryName) -> bool:
    """Return whether a library belongs to the editor: sloppy exports list them among what playing
    needs.
    """
    return name.machine_name.startswith("H5PEditor.")


def asset_paths(data: Mapping[str, Any], kind: str) -> list[str] | None:
    """Return the paths under preloadedJs or preloadedCss, or None when they cannot be read or lead
    outside.
    """
    listed = data.get(kind) or []
    paths = [_get(item, "path") for item in listed] if isinstance(listed, list) else [None]
    plain = []
    for path in paths:
        if not isinstance(path, str) or not path:
            return None
        short = path.removeprefix("./")
        if "\\" in short or ":" in short or short.startswith("/") or ".." in short.split("/"):
            return None
        plain.append(short)
    return plain


def libraries_in_content(content: Any) -> set[LibraryName]:
    """Return every library that content asks for by name ("H5P.Image 1.1"), however deep."""
    found = set()
    for node in _objects(content):
        name = LibraryName.parse(node.get("library"))
        if name and ("params" in node or "subContentId" in node):
            found.add(name)
    return found


def accessibility_notes(content: Any) -> list[str]:
    """Say what a person with a screen reader or without sound will miss, as far as the content
    shows it.
    """
    bare = silent = 0
    for node in _objects(content):
        name = LibraryName.parse(node.get("library"))
        params = node.get("params")
        if not name or not isinstance(params, dict):
            continue
        if name.machine_name == "H5P.Image" and _get(params, "file"):
            bare += not (params.get("alt") or params.get("decorative"))
        if name.machine_name == "H5P.Video" and params.get("sources"):
            tracks = _get(_get(params, "a11y"), "textTracks") or _get(params, "textTracks")
            silent += not any(_get(_get(track, "track"), "path") for track in _tracks(tracks))
    notes = []
    if bare:
        notes.append(
            f"{bare} {'picture has' if bare == 1 else 'pictures have'} no text alternative."
        )
    if silent:
        notes.append(f"{silent} {'film has' if silent == 1 else 'films have'} no captions.")
    return notes


def licence_words(manifest: Mapping[str, Any]) -> str:
    """Return the licence of h5p.json in words."""
    code = str(manifest.get("license") or "U")[:40]
    version = str(manifest.get("licenseVersion") or "")[:10]
    return LICENCES.get(code, f"{code} {version}".strip())


def outside_notes(content: Any) -> list[str]:
    """Say which media lie on other sites: the content origin blocks them, and learners would be
    seen there.
    """
    hosts = set()
    for node in _objects(content):
        path = node.get("path")
        if isinstance(path, str) and (match := re.match(r"(?:https?:)?//([^/?#]{1,100})", path)):
            hosts.add(match[1].lower())
    if not hosts:
        return []
    return [
        f"It plays media from {', '.join(sorted(hosts)[:3])}. Media from other sites are blocked."
    ]


def _tracks(value: Any) -> list[Any]:
    if isinstance(value, dict):
        value = value.get("videoTrack") or []
    return value if isinstance(value, list) else []


def _objects(root: Any) -> Iterator[dict[str, Any]]:
    """Walk every object of a JSON document without recursion, so that depth cannot hurt."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _get(data: Any, key: str) -> Any:
    return data.get(key) if isinstance(data, dict) else None


def _number(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return int(value) if re.fullmatch(r"[0-9]{1,5}", str(value)) else None
