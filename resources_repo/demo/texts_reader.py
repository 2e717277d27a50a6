"""Reads the demo's resources from texts/*.txt: a few header lines, then a text in plain marks.

`## ` heading, `[] ` checklist item, `1. Name: text` step, `| a | b` table row (the first one is
the head), `> ` quotation; anything else is a paragraph. Items are parted by a line of `=====`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from django.utils.html import escape

from resources_repo.enums import Theme

FOLDER = Path(__file__).parent / "texts"
_STEP = re.compile(r"^\d+\. ")
_MOST_HEADINGS = 120


@dataclass(frozen=True)
class Written:
    """One resource as it was written; `body` is StreamField data."""

    title: str
    summary: str
    resource_type: str
    tags: dict[str, list[str]]
    network: str
    file: str
    used: int
    helped: int
    body: list[dict[str, Any]] = field(default_factory=list)


def written_resources() -> list[Written]:
    """Return every resource of the folder, in the order of files and texts."""
    return [
        _read(item)
        for path in sorted(FOLDER.glob("*.txt"))
        for item in re.split(r"^=====$", path.read_text("utf-8"), flags=re.MULTILINE)
    ]


def _read(item: str) -> Written:
    head, _, text = item.strip().partition("\n---\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    themes = {theme.name: theme.value for theme in Theme}
    used, helped = (fields.get("uses", "0 0") + " 0").split()[:2]
    return Written(
        title=fields["title"],
        summary=fields["summary"],
        resource_type=fields["type"],
        tags={
            "need": fields.get("need", "").split(),
            "theme": [themes[name] for name in fields.get("theme", "").split()],
            "phase": fields["phase"].split(),
            "tier": fields["tier"].split(),
            "stage": fields.get("stage", "").split(),
        },
        network=fields.get("network", ""),
        file=fields.get("file", ""),
        used=int(used),
        helped=int(helped),
        body=list(blocks_of(text.splitlines())),
    )


def _kind(line: str) -> str:
    if _STEP.match(line):
        return "steps"
    for mark, kind in (("## ", "heading"), ("[] ", "checklist"), ("| ", "grid"), ("> ", "quote")):
        if line.startswith(mark):
            return kind
    return "text"


def blocks_of(lines: list[str]) -> Iterator[dict[str, Any]]:
    """Yield StreamField data for marked lines; neighbours of one kind are one block."""
    heading = ""
    for kind, group in groupby((line.strip() for line in lines if line.strip()), key=_kind):
        rows = list(group)
        if kind == "heading":
            for row in rows:
                heading = row[3:][:_MOST_HEADINGS]
                yield {"type": "heading", "value": heading}
        elif kind == "grid":
            yield {"type": "grid", "value": _grid(heading, rows)}
        else:
            yield {"type": kind, "value": _MAKERS[kind](rows)}


def _grid(heading: str, rows: list[str]) -> dict[str, Any]:
    cells = [row.removeprefix("|").strip() for row in rows]
    return {
        "caption": heading or "Table",
        "caption_hidden": bool(heading),
        "head": cells[0],
        "rows": cells[1:],
    }


def _steps(rows: list[str]) -> dict[str, Any]:
    steps = []
    for row in rows:
        name, _, text = _STEP.sub("", row).partition(": ")
        steps.append({"name": name, "text": text} if len(name) <= 120 else {"name": name[:120]})
    return {"title": "", "steps": steps}


_MAKERS: dict[str, Callable[[list[str]], Any]] = {
    "text": lambda rows: "".join(f"<p>{escape(row)}</p>" for row in rows),
    "checklist": lambda rows: {"title": "", "items": [row[3:] for row in rows]},
    "steps": _steps,
    "quote": lambda rows: "\n".join(row[2:] for row in rows),
}
