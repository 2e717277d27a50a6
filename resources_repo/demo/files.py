"""Makes the files of the demo's resources from their texts: Word, PDF, CSV and plain text."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import Any
from xml.sax.saxutils import escape

import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.text import slugify

from core.spreadsheets import csv_lines
from resources_repo.demo.texts_reader import Written
from resources_repo.uploads import AcceptedFile, judge_upload

Line = tuple[str, list[str]]  # kind (heading, text, item, step, head, row), cells


def make_file(item: Written) -> AcceptedFile | None:
    """Return the file the text asks for, judged like any upload; None if it has none."""
    maker = {"docx": _docx, "pdf": _pdf, "csv": _csv, "txt": _txt}.get(item.file)
    if maker is None:
        return None
    name = f"{slugify(item.title)[:60]}.{item.file}"
    return judge_upload(SimpleUploadedFile(name, maker(item)))


def _lines(body: list[dict[str, Any]]) -> Iterator[Line]:
    for block in body:
        kind, value = block["type"], block["value"]
        if kind == "heading":
            yield "heading", [value]
        elif kind in ("text", "quote"):
            for words in re.findall(r"<p>(.*?)</p>", value) or [value]:
                yield "text", [unescape(words)]
        elif kind == "checklist":
            yield from (("item", [words]) for words in value["items"])
        elif kind == "steps":
            for number, step in enumerate(value["steps"], start=1):
                rest = f": {step['text']}" if step.get("text") else ""
                yield "step", [f"{number}. {step['name']}{rest}"]
        else:
            yield "head", _cells(value["head"])
            yield from (("row", _cells(row)) for row in value["rows"])


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.split("|")]


def _txt(item: Written) -> bytes:
    marks = {"heading": "\n", "item": "[ ] ", "text": "", "step": "", "head": "", "row": ""}
    lines = [item.title, "", item.summary]
    lines += [marks[kind] + " | ".join(cells) for kind, cells in _lines(item.body)]
    return "\r\n".join(lines).encode("utf-8")


def _csv(item: Written) -> bytes:
    tables = [block["value"] for block in item.body if block["type"] == "grid"]
    table = max(tables, key=lambda value: len(value["rows"]))
    head = _cells(table["head"])
    rows = [(_cells(row) + [""] * len(head))[: len(head)] for row in table["rows"]]
    return "".join(csv_lines(head, rows)).encode("utf-8")


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/'
    'package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.'
    'openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType='
    '"application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override '
    'PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.styles+xml"/></Types>'
)
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org'
    '/package/2006/relationships"><Relationship Id="rId1" Type="{rel}/{kind}" Target="{to}"/>'
    "</Relationships>"
)
_STYLES = (
    f'<?xml version="1.0" encoding="UTF-8"?><w:styles xmlns:w="{_W}">'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
    '<w:pPr><w:spacing w:after="120"/></w:pPr><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial"/>'
    '<w:sz w:val="24"/><w:lang w:val="en-GB"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:pPr>'
    '<w:keepNext/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="40"/></w:rPr>'
    '</w:style><w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:pPr>'
    '<w:keepNext/><w:spacing w:before="240"/><w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:b/>'
    '<w:sz w:val="28"/></w:rPr></w:style></w:styles>'
)


def _docx(item: Written) -> bytes:
    """Return a Word file with real headings and tables with a head row, in 12 point."""
    parts = [_paragraph(item.title, "Heading1"), _paragraph(item.summary)]
    table: list[str] = []
    for kind, cells in [*_lines(item.body), ("end", [])]:
        if kind in ("head", "row"):
            if kind == "head" and table:
                parts.append(_table(table))
                table = []
            table.append(_row(cells, head=kind == "head"))
            continue
        if table:
            parts.append(_table(table))
            table = []
        if kind == "heading":
            parts.append(_paragraph(cells[0], "Heading2"))
        elif kind != "end":
            parts.append(_paragraph(("☐ " if kind == "item" else "") + cells[0]))
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{_W}"><w:body>'
        + "".join(parts)
        + '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" '
        'w:bottom="1134" w:left="1134"/></w:sectPr></w:body></w:document>'
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _RELS.format(rel=_REL, kind="officeDocument", to="word/document.xml")),
            ("word/document.xml", document),
            (
                "word/_rels/document.xml.rels",
                _RELS.format(rel=_REL, kind="styles", to="styles.xml"),
            ),
            ("word/styles.xml", _STYLES),
        ):
            # A fixed date, so that the same text is the same file.
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    return packed.getvalue()


def _paragraph(words: str, style: str = "") -> str:
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{look}<w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r></w:p>'


def _row(cells: list[str], *, head: bool) -> str:
    look = "<w:trPr><w:tblHeader/></w:trPr>" if head else ""
    inner = "".join(f"<w:tc><w:tcPr/>{_paragraph(cell)}</w:tc>" for cell in cells)
    return f"<w:tr>{look}{inner}</w:tr>"


def _table(rows: list[str]) -> str:
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:color="4D5A55"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return (
        '<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/>'
        f"<w:tblBorders>{edges}</w:tblBorders></w:tblPr>{''.join(rows)}</w:tbl><w:p/>"
    )


_TYPST = b"""
#let item = json(bytes(sys.inputs.item))
#set document(title: item.title)
#set page(margin: 22mm)
#set text(size: 11pt, lang: "en", region: "gb")
#set par(leading: 0.7em)
= #item.title
#item.summary
#for line in item.lines {
  if line.kind == "heading" [== #line.cells.at(0)]
  else if line.kind == "item" [- #line.cells.at(0)]
  else if line.kind == "head" or line.kind == "row" [#line.cells.join("  |  ")#parbreak()]
  else [#line.cells.at(0)#parbreak()]
}
"""


def _pdf(item: Written) -> bytes:
    """Return a tagged PDF; the words go in as data, never as markup."""
    data = {
        "title": item.title,
        "summary": item.summary,
        "lines": [{"kind": kind, "cells": cells} for kind, cells in _lines(item.body)],
    }
    made = typst.compile(_TYPST, sys_inputs={"item": json.dumps(data)}, pdf_standards=["ua-1"])
    if not isinstance(made, bytes):
        raise TypeError("The PDF came out as several files.")
    return made
