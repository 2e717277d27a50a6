"""Archives for tests, honest and hostile: H5P and SCORM files made in memory, so that nothing is
downloaded.
"""

# Units are JavaScript, written as it is read.
# ruff: noqa: E501

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


# A unit as authoring tools make them: it finds its run-time, keeps a place, scores, finishes.
_UNIT = """<!doctype html><html lang="en"><title>{title}</title>
<h1>{title}</h1><p id="place"></p>
<button id="next">Next</button><button id="pass">Pass</button><button id="fail">Fail</button>
<script>
  function find(name) {{
    var w = window, tries = 0;
    while (!w[name] && w.parent && w.parent !== w && tries++ < 7) w = w.parent;
    return w[name];
  }}
  {script}
</script></html>"""
_UNIT_12 = """
  var api = find('API');
  api.LMSInitialize('');
  document.title = api.LMSGetValue('cmi.core.entry') + ' ' + api.LMSGetValue('cmi.core.student_name');
  var place = Number(api.LMSGetValue('cmi.core.lesson_location') || 0);
  function show() { document.getElementById('place').textContent = 'Page ' + place + ', ' + api.LMSGetValue('cmi.suspend_data'); }
  document.getElementById('next').onclick = function () {
    place += 1;
    api.LMSSetValue('cmi.core.lesson_location', String(place));
    api.LMSSetValue('cmi.suspend_data', 'seen ' + place);
    show();
  };
  function finish(score, status) {
    api.LMSSetValue('cmi.core.score.min', '0'); api.LMSSetValue('cmi.core.score.max', '100');
    api.LMSSetValue('cmi.core.score.raw', score); api.LMSSetValue('cmi.core.lesson_status', status);
    api.LMSCommit('');
  }
  document.getElementById('pass').onclick = function () { finish('85', 'passed'); };
  document.getElementById('fail').onclick = function () { finish('20', 'failed'); };
  window.onpagehide = function () { api.LMSSetValue('cmi.core.exit', 'suspend'); api.LMSFinish(''); };
  show();
"""
_UNIT_2004 = """
  var api = find('API_1484_11');
  api.Initialize('');
  var place = Number(api.GetValue('cmi.location') || 0);
  function show() { document.getElementById('place').textContent = 'Page ' + place + ', ' + api.GetValue('cmi.suspend_data'); }
  document.getElementById('next').onclick = function () {
    place += 1;
    api.SetValue('cmi.location', String(place)); api.SetValue('cmi.suspend_data', 'seen ' + place);
    api.SetValue('cmi.exit', 'suspend'); show();
  };
  function finish(scaled, status) {
    api.SetValue('cmi.score.scaled', scaled); api.SetValue('cmi.success_status', status);
    api.SetValue('cmi.completion_status', 'completed'); api.Commit('');
  }
  document.getElementById('pass').onclick = function () { finish('0.9', 'passed'); };
  document.getElementById('fail').onclick = function () { finish('0.1', 'failed'); };
  show();
"""


def scorm_course(*, version: str = "1.2", units: int = 1, script: str = "") -> io.BytesIO:
    """Pack a course whose units speak to their run-time; `script` takes the place of theirs."""
    said = script or (_UNIT_12 if version == "1.2" else _UNIT_2004)
    items, resources, files = [], [], {}
    for number in range(1, units + 1):
        title = f"Unit {number}"
        items.append(
            f'<item identifier="i{number}" identifierref="r{number}"><title>{title}</title></item>'
        )
        resources.append(
            f'<resource identifier="r{number}" type="webcontent" adlcp:scormtype="sco" '
            f'href="unit {number}/index.html"/>'
        )
        files[f"unit {number}/index.html"] = _UNIT.format(title=title, script=said).encode()
    manifest = f"""<?xml version="1.0"?>
<manifest identifier="m" version="1" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
          xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>{version}</schemaversion></metadata>
  <organizations default="o"><organization identifier="o"><title>Fire safety</title>
    {"".join(items)}</organization></organizations>
  <resources>{"".join(resources)}</resources>
</manifest>"""
    return zip_file({"imsmanifest.xml": manifest.encode(), **files})
