"""News of networks for the rooms above. Sent inside the writer's transaction, never robustly."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.dispatch import Signal


@dataclass(frozen=True)
class AttendanceNews:
    """Somebody was at a meeting; `source_uid` is stable, so the same news twice changes nothing.

    `occurred_on` is the day in London; `hours` are hours of learning; `course_id` names the
    course of which the meeting was a session, if it was one.
    """

    person_id: int
    meeting_id: int
    organisation_id: int | None
    occurred_on: dt.date
    hours: Decimal
    source_uid: str
    title: str
    network_name: str
    is_supervision: bool
    course_id: int | None = None


# kwargs: attendance (AttendanceNews), at (instant). Sent again when hours change.
attendance_recorded = Signal()
# kwargs: source_uid (str), at (instant): the line now says the person was not there.
attendance_withdrawn = Signal()
