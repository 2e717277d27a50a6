"""Which files a package may hold, and whether a file is what its name says."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import filetype
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

IMAGES = frozenset(["png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp"])
SOUND_AND_FILM = frozenset(["webm", "mp4", "m4v", "ogg", "ogv", "mp3", "m4a", "wav"])
FONTS = frozenset(["eot", "ttf", "woff", "woff2", "otf"])
DOCUMENTS = frozenset(["pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp"])
PLAIN = frozenset(["json", "txt", "md", "textile", "csv", "vtt", "webvtt", "diff", "patch", "rtf"])
MODELS = frozenset(["gltf", "glb"])
H5P_CONTENT = IMAGES | SOUND_AND_FILM | FONTS | DOCUMENTS | PLAIN | MODELS | {"svg"}
H5P_LIBRARY = H5P_CONTENT | {"js", "css", "xml", "map"}
SCORM = H5P_LIBRARY | frozenset(["html", "htm", "xhtml", "xsd", "dtd", "xsl", "ico"])
DROPPED = frozenset({"swf"})
CLUTTER = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\.git|\._)", re.I)
MARKUP = re.compile(
    rb"^\W{0,16}<(!doctype\s+html|html|head|body|script|iframe|svg|\?xml|\?php)", re.I
)
SVG_SCRIPT = re.compile(r"^(on\w+|formaction|action)$", re.I)
SVG_ELEMENTS = frozenset(
    ["script", "foreignobject", "iframe", "object", "embed", "handler", "listener"]
)


def extension(path: str) -> str:
    """Return the extension in lower case, without the dot; empty when there is none."""
    return PurePosixPath(path).suffix.removeprefix(".").lower()


def is_clutter(path: str) -> bool:
    """Return whether a file is what an operating system leaves behind, to be dropped without a
    word.
    """
    return bool(CLUTTER.search(path))


def content_fault(path: str, head: bytes) -> str:
    """Say why a file's first bytes (4 KB) contradict its name; empty when they do not."""
    kind = extension(path)
    if kind in IMAGES | SOUND_AND_FILM | {"pdf"}:
        guess = filetype.guess(head)
        family = "image" if kind in IMAGES else "pdf" if kind == "pdf" else "media"
        if MARKUP.search(head[:512]):
            return f"{path} is a web page under another name."
        if family == "image" and head and not (guess and guess.mime.startswith("image/")):
            return f"{path} is not a picture."
        if family == "media" and guess and not guess.mime.startswith(("audio/", "video/")):
            return f"{path} is not a sound or a film."
        if family == "pdf" and b"%PDF-" not in head[:1024]:
            return f"{path} is not a PDF."
    elif kind in PLAIN and kind != "json" and MARKUP.search(head[:512]):
        return f"{path} is a web page under another name."
    return ""


def document_fault(path: str, content: bytes) -> str:
    """Say whether an office document carries macros (the part's name is never compressed)."""
    if extension(path) in ("docx", "xlsx", "pptx") and b"vbaProject" in content:
        return f"{path} contains macros."
    return ""


def svg_fault(path: str, content: bytes) -> str:
    """Say why a drawing is not just a drawing; empty when it is one."""
    try:
        root = ElementTree.fromstring(content, forbid_dtd=False)
    except DefusedXmlException:
        return f"{path} declares XML entities."
    except (ElementTree.ParseError, ValueError, LookupError):
        return f"{path} is not a drawing that can be read."
    for element in root.iter():
        tag = str(element.tag).rpartition("}")[2].lower()
        if tag in SVG_ELEMENTS:
            return f"{path} is a drawing that contains <{tag}>."
        for name, value in element.attrib.items():
            plain = str(name).rpartition("}")[2]
            target = re.sub(r"[\s\x00-\x1f]", "", str(value)).lower()
            if SVG_SCRIPT.match(plain):
                return f"{path} is a drawing with a script."
            if plain.lower() == "href" and target.startswith(
                ("javascript:", "data:text", "data:image/svg", "vbscript:")
            ):
                return f"{path} is a drawing that links to a script."
    return ""
