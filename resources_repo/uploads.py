"""Judges an uploaded file before it is kept: its name, size, kind and what it really is.

Nothing is trusted that the sender says. What cannot be recognised is refused, with words that
say what to do.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from typing import Any

import filetype
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from django.conf import settings

from core.scanning import refusal

MOST_BYTES = 10 * 1024 * 1024
MOST_ENTRIES = 3_000
MOST_UNPACKED = 120 * 1024 * 1024
MOST_TEXT = 4 * 1024 * 1024

_OFFICE = {
    "docx": ("word/", b""),
    "pptx": ("ppt/", b""),
    "xlsx": ("xl/", b""),
    "odt": ("", b"application/vnd.oasis.opendocument.text"),
    "ods": ("", b"application/vnd.oasis.opendocument.spreadsheet"),
    "odp": ("", b"application/vnd.oasis.opendocument.presentation"),
}
_ABOUT = r"docProps/(core|custom)\.xml"
_TEXT_PARTS = {
    "docx": re.compile(
        r"^(word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml"
        rf"|word/(charts|diagrams)/[^/]+\.xml|{_ABOUT})$"
    ),
    "pptx": re.compile(
        rf"^(ppt/(slides|notesSlides|comments|charts|diagrams)/[^/]+\.xml|{_ABOUT})$"
    ),
    "xlsx": re.compile(
        r"^(xl/(sharedStrings|comments\d*)\.xml"
        rf"|xl/(worksheets|threadedComments|drawings|charts)/[^/]+\.xml|{_ABOUT})$"
    ),
    "odt": re.compile(r"^content\.xml$"),
    "ods": re.compile(r"^content\.xml$"),
    "odp": re.compile(r"^content\.xml$"),
}
_TEXT_KINDS = ("txt", "csv")
_MARKUP_START = re.compile(rb"^\s*<(!doctype|html|head|body|script|svg|\?xml|iframe|img)", re.I)
_SCRIPT = re.compile(rb"<(script|iframe|object|embed)\b", re.I)
_PDF_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|XFA)\b")
_PDF_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
_RUNNABLE = re.compile(
    r"\.(exe|dll|com|bat|cmd|ps1|vbs|js|hta|msi|scr|jar|php|html?|mht|lnk)$", re.I
)
_RISKY_INNER = re.compile(r"\.(html?|svg|js|exe|bat|cmd|com|php|docm|xlsm|pptm)\.", re.I)


class UnacceptableFile(Exception):
    """The file is refused; the message says why and what to do."""


@dataclass(frozen=True)
class AcceptedFile:
    """A file that was judged: a safe `name`, its kind, bytes, and the words found in it."""

    name: str
    extension: str
    content: bytes
    text: str


def judge_upload(upload: Any) -> AcceptedFile:
    """Return the file as accepted, or raise UnacceptableFile.

    `upload` has `name`, `size` and `read` (Django's UploadedFile). Macros, active PDF content,
    HTML or another kind under this name, and archives that unpack to too much are refused.
    """
    name, extension = judge_name(upload.name or "")
    if upload.size > MOST_BYTES:
        raise UnacceptableFile(
            f"The file is {_megabytes(upload.size)} MB. It must be "
            f"{_megabytes(MOST_BYTES)} MB or smaller."
        )
    content = upload.read(MOST_BYTES + 1)
    if not content:
        raise UnacceptableFile("The file is empty. Choose another file.")
    if len(content) > MOST_BYTES:
        raise UnacceptableFile(f"The file must be {_megabytes(MOST_BYTES)} MB or smaller.")
    if _EICAR in content:
        raise UnacceptableFile("The file was recognised as malicious. It has not been kept.")
    text = _judge_content(content, extension)
    refused = refusal(io.BytesIO(content), scanner=settings.SCANNER, address=settings.CLAMD_ADDRESS)
    if refused:
        raise UnacceptableFile(refused)
    return AcceptedFile(name=name, extension=extension, content=content, text=text)


def judge_name(raw: str) -> tuple[str, str]:
    """Return a safe file name and its extension, or raise UnacceptableFile."""
    name = unicodedata.normalize("NFC", raw).strip()
    if any(unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"} for char in name):
        raise UnacceptableFile("The file's name holds hidden characters. Rename it and try again.")
    if re.search(r"[<>:\"/\\|?*&]", name) or name.startswith("."):
        raise UnacceptableFile(
            "The file's name holds characters such as < > : / or starts with a dot. "
            "Rename it and try again."
        )
    stem, dot, extension = name.rpartition(".")
    extension = extension.lower()
    if not dot or not stem or extension not in settings.WAGTAILDOCS_EXTENSIONS:
        allowed = ", ".join(settings.WAGTAILDOCS_EXTENSIONS)
        raise UnacceptableFile(f"This kind of file cannot be shared. Use one of: {allowed}.")
    if _RISKY_INNER.search(name):
        raise UnacceptableFile("The file's name has two endings. Rename it and try again.")
    return f"{stem[:120].strip()}.{extension}", extension


def _judge_content(content: bytes, extension: str) -> str:
    if _MARKUP_START.match(content.removeprefix(b"\xef\xbb\xbf")):
        raise UnacceptableFile(_not_what_it_says(extension))
    if extension in _TEXT_KINDS:
        return _judge_text(content, extension)
    kind = filetype.guess_extension(content)
    if extension == "pdf":
        if kind != "pdf" or not content.startswith(b"%PDF-"):
            raise UnacceptableFile(_not_what_it_says(extension))
        # A name may be written with escapes: /J#61vaScript is /JavaScript.
        plain = _PDF_ESCAPE.sub(lambda escape: bytes([int(escape[1], 16)]), content)
        if _PDF_ACTIVE.search(plain) or _SCRIPT.search(content):
            raise UnacceptableFile(
                "This PDF holds scripts, forms or attached files. Save it again as a plain PDF."
            )
        return ""
    return _judge_office(content, extension)


def _judge_text(content: bytes, extension: str) -> str:
    if filetype.guess(content) is not None:
        raise UnacceptableFile(_not_what_it_says(extension))
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        if encoding == "utf-16" and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text or _MARKUP_START.match(text[:200].encode()):
            break
        if _SCRIPT.search(text.encode()):
            break
        return text
    raise UnacceptableFile(_not_what_it_says(extension))


def _judge_office(content: bytes, extension: str) -> str:
    if not content.startswith(b"PK\x03\x04"):
        raise UnacceptableFile(_not_what_it_says(extension))
    # `open` of a member checks it against the directory; sizes are counted as they are read.
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _judge_entries(archive, entries, extension)
            return _office_text(archive, entries, extension)
    except UnacceptableFile:
        raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise UnacceptableFile(_not_what_it_says(extension)) from error
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        raise UnacceptableFile(
            "The file is damaged. Open it, save it again and try once more."
        ) from error


def _judge_entries(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], extension: str
) -> None:
    folder, mimetype = _OFFICE[extension]
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise UnacceptableFile("The file unpacks to too much. Make it smaller and try again.")
    if _overlap(entries):
        raise UnacceptableFile(_not_what_it_says(extension))
    if any("vbaproject" in name.lower() or name.lower().startswith("basic/") for name in names):
        raise UnacceptableFile("The file holds macros. Save it without macros and try again.")
    if any(_RUNNABLE.search(name) for name in names):
        raise UnacceptableFile("The file holds a program. Take it out, save it and try again.")
    if mimetype:
        if "mimetype" not in names or archive.read("mimetype")[:100].strip() != mimetype:
            raise UnacceptableFile(_not_what_it_says(extension))
    elif "[Content_Types].xml" not in names or not any(name.startswith(folder) for name in names):
        raise UnacceptableFile(_not_what_it_says(extension))


def _overlap(entries: list[zipfile.ZipInfo]) -> bool:
    ends = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < ends:
            return True
        ends = entry.header_offset + 30 + len(entry.filename.encode()) + entry.compress_size
    return False


def _office_text(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], extension: str) -> str:
    wanted, found, left = _TEXT_PARTS[extension], [], MOST_TEXT
    for entry in entries:
        if not wanted.match(entry.filename) or left <= 0:
            continue
        with archive.open(entry) as part:
            data = part.read(left + 1)
        if len(data) > left:
            raise UnacceptableFile("The file holds too much text. Split it into parts.")
        left -= len(data)
        found.append(_words(data))
    return "\n".join(found)


def _words(data: bytes) -> str:
    lines: list[str] = []
    for element in ElementTree.fromstring(data).iter():
        tag = str(element.tag).rpartition("}")[2]
        # A paragraph or cell ends a line, so that numbers of two cells do not run together.
        if tag in {"p", "tr", "tc", "c", "si", "h", "table-cell", "br", "tab"}:
            lines.append("\n")
        if element.text and element.text.strip():
            lines.append(element.text)
        if element.tail and element.tail.strip():
            lines.append(element.tail)
    return "".join(lines)


def _megabytes(size: int) -> str:
    return f"{size / (1024 * 1024):.0f}"


def _not_what_it_says(extension: str) -> str:
    return (
        f"The file is named .{extension} but holds something else. "
        "Open it in its own program, save it again and try once more."
    )
