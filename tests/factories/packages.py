"""Archives for tests, honest and hostile: H5P and SCORM files made in memory, so that nothing is
downloaded.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

SCRIPT = b"var H5P = H5P || {};\nH5P.Tiny = function () { this.attach = function () {}; };\n"


def zip_file(files: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> io.BytesIO:
    """Pack files into a zip, in the order given; pairs may repeat a name."""
    pairs = files.items() if isinstance(files, Mapping) else files
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in pairs:
            info = zipfile.ZipInfo(name, date_time=(2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    target.seek(0)
    return target


def dependency(machine_name: str, major: int = 1, minor: int = 0) -> dict[str, Any]:
    """Describe a library as h5p.json and library.json list it."""
    return {"machineName": machine_name, "majorVersion": major, "minorVersion": minor}


def library_json(machine_name: str = "H5P.Tiny", **changes: Any) -> bytes:
    """Write a proper library.json with the changes asked for."""
    data = {
        "title": machine_name,
        **dependency(machine_name),
        "patchVersion": 3,
        "runnable": 1,
        "coreApi": {"majorVersion": 1, "minorVersion": 19},
        "preloadedJs": [{"path": "tiny.js"}],
    }
    return json.dumps(data | changes).encode()


def h5p_files(
    *,
    title: str = "A small thing",
    main: str = "H5P.Tiny",
    content: Any = None,
    script: bytes = SCRIPT,
    needs: Iterable[dict[str, Any]] = (),
    with_library: bool = True,
    manifest: Mapping[str, Any] | None = None,
) -> dict[str, bytes]:
    """Return the files of a small, proper H5P package; change them to make it improper."""
    h5p: dict[str, Any] = {
        "title": title,
        "language": "en",
        "mainLibrary": main,
        "embedTypes": ["div"],
        "license": "CC BY",
        "licenseVersion": "4.0",
        "preloadedDependencies": [dependency(main), *needs],
    } | dict(manifest or {})
    files = {
        "h5p.json": json.dumps(h5p).encode(),
        "content/content.json": json.dumps(content if content is not None else {}).encode(),
    }
    if with_library:
        files[f"{main}-1.0/library.json"] = library_json(main)
        files[f"{main}-1.0/tiny.js"] = script
    return files


def h5p_file(**changes: Any) -> io.BytesIO:
    """Return a small H5P package, ready to upload."""
    return zip_file(h5p_files(**changes))


SCORM_MANIFEST = """<?xml version="1.0"?>
<manifest identifier="m" version="1" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
          xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>{version}</schemaversion></metadata>
  <organizations default="o"><organization identifier="o"><title>Fire safety</title>
    <item identifier="i" identifierref="r"><title>Unit</title></item></organization></organizations>
  <resources>
    <resource identifier="r" type="webcontent" adlcp:scormtype="sco" href="{href}"/>
  </resources>
</manifest>"""


def scorm_files(*, href: str = "index.html", version: str = "1.2") -> dict[str, bytes]:
    """Return the files of a small SCORM package."""
    return {
        "imsmanifest.xml": SCORM_MANIFEST.format(href=href, version=version).encode(),
        "index.html": b"<!doctype html><title>Unit</title>",
    }
