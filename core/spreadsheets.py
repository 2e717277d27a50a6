"""Spreadsheet safety: cells that a spreadsheet would run as a formula are neutralised.

Source: OWASP, CSV injection: a leading = + - @ (full width too), tab or line end; some programs
trim spaces and invisible signs before they look.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_TRIMMED = " \xa0\u200b\u2060\ufeff\x00"


def neutral(value: Any) -> Any:
    """Return the value, with an apostrophe in front where a spreadsheet would run it."""
    if isinstance(value, str) and value.lstrip(_TRIMMED).startswith(_DANGEROUS):
        return "'" + value
    return value


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield CSV text in pieces, each cell neutral; begins with a BOM so that Excel reads UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([neutral(cell) for cell in header])
    for row in rows:
        writer.writerow([neutral(cell) for cell in row])
        if buffer.tell() > 32_768:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def neutralise_wagtail_exports() -> None:
    """Make Wagtail's own listings and reports write neutral cells too, as CSV and as XLSX."""
    from wagtail.admin.views.mixins import SpreadsheetExportMixin

    original = SpreadsheetExportMixin.preprocess_field_value
    if getattr(original, "neutral", False):
        return

    def preprocess_field_value(self: Any, field: str, value: Any, export_format: str) -> Any:
        processed = original(self, field, value, export_format)
        if processed is None or isinstance(processed, (bool, int, float, Decimal, dt.date)):
            return processed
        return neutral(str(processed))

    preprocess_field_value.neutral = True  # type: ignore[attr-defined]
    SpreadsheetExportMixin.preprocess_field_value = preprocess_field_value
