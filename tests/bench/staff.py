"""A list of 10,000 staff as a school system would write it, over all schools of an area."""

from __future__ import annotations

import csv
import io
from typing import Any

ROWS = 10_000
_TITLES = ("Class Teacher", "Teaching Assistant", "HLTA", "Site manager", "Midday Supervisor")
_HEADINGS = (
    "URN", "Surname", "Forename", "Staff Code", "Main E-mail", "Job title",
    "Employment Start Date", "Hours per week", "Line Manager", "Term time only", "NI Number",
    "Annual salary",
)  # fmt: skip


def staff_list(
    area: Any, *, managers: bool = False, hours: str = "32.5", start: str = "01/09/2025"
) -> bytes:
    """Return the list as CSV in UTF-8; nobody in it is known."""
    from accounts.enums import OrganisationStatus
    from accounts.models import Organisation

    schools = Organisation.objects.filter(local_area=area, urn__isnull=False)
    schools = schools.exclude(status=OrganisationStatus.CLOSED).order_by("urn")
    urns = list(schools.values_list("urn", flat=True))
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(_HEADINGS)
    for number in range(ROWS):
        place = number % len(urns)
        writer.writerow(
            (
                urns[place], f"Family{number}", f"Given{number}", f"B{number}",
                f"list{number}@merrowdale.example", _TITLES[number % len(_TITLES)], start, hours,
                f"B{place}" if managers and number >= len(urns) else "",
                "Y" if number % 2 else "N", "QQ123456C", "30000",
            )
        )  # fmt: skip
    return buffer.getvalue().encode()
