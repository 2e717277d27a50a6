"""News of courses for the rooms above. Sent inside the writer's transaction, never robustly."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.dispatch import Signal


@dataclass(frozen=True)
class CourseCompletion:
    """One person finished one version of a course.

    `hours` of CPD; `score_scaled` 0 to 1, or None where nothing was scored; `evidence` is a
    value of `courses.enums.Evidence`; `source_uid` ("completion:<uuid>") never comes twice.
    """

    person_id: int
    course_id: int
    course_version_id: int
    occurred_at: dt.datetime
    hours: Decimal
    score_scaled: float | None
    evidence: str
    source_uid: str
    completion_uid: UUID


# kwargs: completion (CourseCompletion)
course_completed = Signal()
