"""The portable record on paper: tagged (PDF/UA-1), one table a section."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst

from accounts.models import LocalArea, User
from accounts.privacy.copies import Section, sections_of
from core.documents.pdf import compile_pdf

_TEMPLATE = Path(__file__).with_name("portable_record.typ")
_NUMBERS = ("hours",)


def record_pdf(*, person: User, local_area: LocalArea | None, at: dt.datetime) -> bytes:
    """Return the PDF of the person's own record."""
    name = person.get_full_name()
    sections = sections_of(person)
    return compile_pdf(
        _TEMPLATE,
        {
            "document_title": f"Learning record of {name}",
            "product": local_area.product_name if local_area else "Waymark",
            "area": local_area.name if local_area else "Waymark",
            "brand": local_area.brand if local_area else "#1b5e4b",
            "name": name,
            "made": date_format(timezone.localtime(at), "j F Y"),
            "addresses": [text for text in (person.email, person.personal_email) if text],
            "summary": _summary(sections),
            "sections": [_as_table(section) for section in sections if section.rows],
        },
    )


def _summary(sections: list[Section]) -> list[dict[str, str]]:
    """What the first lines say: how much there is of what has a total, and how much else."""
    lines = []
    for section in sections:
        if section.total:
            lines.append({"label": "Hours of learning", "value": f"{section.total.normalize():f}"})
        if section.rows:
            lines.append({"label": section.title, "value": str(len(section.rows))})
    return lines


def _as_table(section: Section) -> dict[str, Any]:
    total = section.total
    return {
        "title": section.title,
        "head": [heading for _, heading in section.headings],
        "numeric": [key in _NUMBERS for key, _ in section.headings],
        "rows": [[_cell(row[key], key) for key, _ in section.headings] for row in section.rows],
        "links": [str(row.get("verify_at") or row.get("url") or "") for row in section.rows],
        "total": f"{total.normalize():f}" if total else "",
    }


def _cell(value: Any, key: str) -> str:
    if value is None:
        return ""
    text = str(value)
    if key.endswith("_on") or key.endswith("_at") or key == "valid_until":
        return date_format(dt.date.fromisoformat(text[:10]), "j M Y")
    if key in _NUMBERS:
        return f"{float(text):g}" if float(text) else ""
    return capfirst(text)
