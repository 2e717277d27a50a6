"""The rules of SCORM 1.2 and 2004 manifests: what it is, what it is called, and where it starts."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from courses.packages.report import Kind, ScormUnit

MOST_UNITS = 200
# Where SCORM 1.2 and 2004 keep what a unit is told at its start.
LAUNCH_DATA = ("datafromlms", "dataFromLMS")
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"


@dataclass(frozen=True)
class Manifest:
    """What imsmanifest.xml says; with a fault, `units` may be incomplete."""

    kind: Kind = Kind.UNKNOWN
    title: str = ""
    units: tuple[ScormUnit, ...] = ()
    faults: tuple[str, ...] = ()


def read_manifest(raw: bytes, files: set[str]) -> Manifest:
    """Read imsmanifest.xml against the archive's files; never raises for what it says."""
    try:
        root = ElementTree.fromstring(raw, forbid_dtd=True)
    except DefusedXmlException:
        return Manifest(faults=("imsmanifest.xml declares XML entities or a document type.",))
    except (ElementTree.ParseError, ValueError, LookupError):
        return Manifest(faults=("imsmanifest.xml is not XML that can be read.",))
    if _local(root) != "manifest":
        return Manifest(faults=("imsmanifest.xml is not a SCORM manifest.",))
    kind = _kind(root)
    title = _title(root)
    resources = {r.get("identifier", ""): r for r in _all(root, "resource")}
    launches = [i for i in _all(root, "item") if i.get("identifierref") in resources]
    faults: list[str] = []
    units: list[ScormUnit] = []
    for item in launches:
        resource = resources[str(item.get("identifierref"))]
        path, query, fault = _launch(root, resource, files)
        faults += [fault] if fault else []
        if path:
            units.append(_unit(item, resource, path, query, len(units) + 1))
    if kind is Kind.UNKNOWN:
        faults.append("imsmanifest.xml does not say that it is SCORM 1.2 or 2004.")
    if not launches:
        faults.append("imsmanifest.xml names nothing that can be started.")
    if len(units) > MOST_UNITS:
        faults.append(f"imsmanifest.xml names more than {MOST_UNITS} units.")
    return Manifest(kind, title, tuple(units), tuple(dict.fromkeys(faults)))


def _kind(root: Element) -> Kind:
    version = " ".join(e.text or "" for e in _all(root, "schemaversion")).strip().lower()
    namespaces = {str(e.tag).partition("}")[0] for e in root.iter()}
    names = " ".join(namespaces) + " ".join(k for e in root.iter() for k in e.attrib)
    if "2004" in version or "cam 1.3" in version or "adlcp_v1p3" in names:
        return Kind.SCORM_2004
    if version.startswith("1.2") or "adlcp_rootv1p2" in names:
        return Kind.SCORM_12
    return Kind.UNKNOWN


def _title(root: Element) -> str:
    titles = (_title_of(organization) for organization in _all(root, "organization"))
    return next(filter(None, titles), "")


def _title_of(element: Element) -> str:
    for child in element:
        if _local(child) == "title" and (child.text or "").strip():
            return re.sub(r"\s+", " ", child.text or "").strip()[:255]
    return ""


def _unit(item: Element, resource: Element, path: str, query: str, number: int) -> ScormUnit:
    """Describe one unit; what has no run-time of its own (an "asset") is done by being opened."""
    kind = next((v for k, v in resource.attrib.items() if k.lower().endswith("scormtype")), "sco")
    mastery = next((_number(e.text) for e in item if _local(e) == "masteryscore"), None)
    return ScormUnit(
        key=f"u{number}",
        title=_title_of(item) or f"Unit {number}",
        path=path,
        query=_with_parameters(query, (item.get("parameters") or "").strip()),
        launch_data=next((e.text or "" for e in item if _local(e) in LAUNCH_DATA), "")[:4096],
        mastery=mastery,
        is_asset=kind.lower() == "asset",
    )


def _with_parameters(query: str, parameters: str) -> str:
    """Add an item's parameters to its resource's query as the content packaging model says."""
    if not parameters or (parameters.startswith("#") and "#" in query):
        return query
    if parameters.startswith("#"):
        return query + parameters
    bare = parameters.lstrip("?&")
    path_query, _, fragment = query.partition("#")
    joined = f"{path_query}{'&' if path_query else '?'}{bare}"
    return f"{joined}#{fragment}" if fragment else joined


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 <= value <= 100 else None


def _launch(root: Element, resource: Element, files: set[str]) -> tuple[str, str, str]:
    """Return (path in the archive, query, fault) for a resource."""
    href = (resource.get("href") or "").strip()
    bases = [root.get(XML_BASE)] + [e.get(XML_BASE) for e in _all(root, "resources")]
    base = "".join(b for b in [*bases, resource.get(XML_BASE)] if b)
    shown = re.sub(r"[^\x20-\x7e]", "?", base + href)[:80]
    squeezed = re.sub(r"[\s\x00-\x1f]", "", base + href).replace("\\", "/")
    if not href:
        return "", "", "A unit of the manifest has no file to start."
    if squeezed.startswith("/") or re.match(r"[a-z][a-z0-9+.-]*:", squeezed, re.I):
        return "", "", f"The start address “{shown}” is not a file of the package."
    split = urlsplit(base + href)
    path = posixpath.normpath(unquote(split.path))
    if path.startswith(("..", "/")) or "\\" in path or path not in files:
        return "", "", f"The start address “{shown}” is not a file of the package."
    query = (f"?{split.query}" if split.query else "") + (
        f"#{split.fragment}" if split.fragment else ""
    )
    return path, query, ""


def _all(root: Element, name: str) -> list[Element]:
    return [element for element in root.iter() if _local(element) == name]


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
