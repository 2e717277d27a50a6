"""Lists of staff for tests: rows as a school would send them, and bringing them in one call."""

from __future__ import annotations

import csv
import io
from typing import Any

from accounts.enums import ImportMode
from accounts.models import Organisation, StaffImport, User
from accounts.staffing.committing import commit_import
from accounts.staffing.drafting import draft_import
from core import clock

HEADINGS = {
    "email": "Email",
    "number": "Staff Code",
    "given": "Forename",
    "family": "Surname",
    "title": "Job title",
    "start": "Start date",
    "end": "End date",
    "hours": "Hours per week",
    "manager": "Line manager",
    "term_time": "Term time only",
    "school": "URN",
}


def person(given: str = "Tom", family: str = "Adeyemi", **cells: Any) -> dict[str, Any]:
    """Return a row: a teaching assistant since 1 September 2025 with an address of their own."""
    row = {
        "given": given,
        "family": family,
        "email": f"{given}.{family}@otterford.example".lower(),
        "title": "Teaching assistant",
        "start": "01/09/2025",
    }
    return row | cells


def as_csv(*rows: dict[str, Any], delimiter: str = ",", **extra: str) -> str:
    """Return rows as CSV with the headings of a school system; `extra` are columns of one value."""
    used = [key for key in HEADINGS if any(key in row for row in rows)]
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow([*(HEADINGS[key] for key in used), *extra])
    for row in rows:
        writer.writerow([*(row.get(key, "") for key in used), *extra.values()])
    return buffer.getvalue()


def draft(
    content: str | bytes,
    organisation: Organisation | None,
    *,
    by: User | None = None,
    mode: str = ImportMode.CHANGES,
    **options: Any,
) -> StaffImport:
    """Prepare a list of the organisation's (or of the area's, `local_area=`)."""
    area = options.pop("local_area", None) or organisation.local_area
    return draft_import(
        by=by,
        local_area=area,
        organisation=organisation,
        mode=mode,
        content=content,
        source_name="staff.csv",
        at=options.pop("at", None) or clock.now(),
        **options,
    )


def bring(
    content: str | bytes,
    organisation: Organisation | None,
    *,
    by: User | None = None,
    leave_out_errors: bool = False,
    ending: int | None = None,
    **options: Any,
) -> StaffImport:
    """Prepare and commit a list."""
    at = options.get("at") or clock.now()
    return commit_import(
        by=by,
        staff_import=draft(content, organisation, by=by, **options),
        at=at,
        leave_out_errors=leave_out_errors,
        ending=ending,
    )
