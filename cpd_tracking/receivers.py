"""News from the rooms below: one service call each, inside the writer's transaction."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.dispatch import receiver

from accounts.models import User
from accounts.signals import posts_changed, sign_in_handed_over
from core import clock
from courses.models import CourseVersion
from courses.signals import CourseCompletion, course_completed
from cpd_tracking.building import build_obligations
from cpd_tracking.enums import RecordKind, RecordSource
from cpd_tracking.services.feeds import close_feed
from cpd_tracking.services.records import (
    Learned,
    record_learning,
    withdraw_record,
)
from networks.signals import AttendanceNews, attendance_recorded, attendance_withdrawn

_SOURCE_OF_EVIDENCE = {
    "server-scored": RecordSource.SERVER_SCORED,
    "attested": RecordSource.ATTESTED_BY_TRAINER,
    "client-asserted": RecordSource.CLIENT_SCORED,
    "self-declared": RecordSource.CLIENT_SCORED,
}


def _learned(completion: CourseCompletion, title: str) -> Learned:
    return Learned(
        person_id=completion.person_id,
        kind=RecordKind.COURSE,
        title=title,
        course_id=completion.course_id,
        course_version_id=completion.course_version_id,
        occurred_on=clock.london_date(completion.occurred_at),
        hours=completion.hours,
        source=_SOURCE_OF_EVIDENCE[completion.evidence],
        score_scaled=completion.score_scaled,
        source_uid=completion.source_uid,
    )


@receiver(course_completed)
def on_course_completed(sender: Any, completion: CourseCompletion, **kwargs: Any) -> None:
    """Record the completion."""
    title = CourseVersion.objects.values_list("title", flat=True).get(
        pk=completion.course_version_id
    )
    record_learning(learned=_learned(completion, title), at=completion.occurred_at)


@receiver(attendance_recorded)
def on_attendance_recorded(
    sender: Any, attendance: AttendanceNews, at: dt.datetime, **kwargs: Any
) -> None:
    """Record that somebody was at a meeting."""
    record_learning(
        learned=Learned(
            person_id=attendance.person_id,
            kind=RecordKind.SUPERVISION if attendance.is_supervision else RecordKind.MEETING,
            title=f"{attendance.network_name}: {attendance.title}"[:255],
            meeting_id=attendance.meeting_id,
            course_id=attendance.course_id,
            organisation_id=attendance.organisation_id,
            occurred_on=attendance.occurred_on,
            hours=attendance.hours,
            source=RecordSource.ATTESTED_BY_TRAINER,
            source_uid=attendance.source_uid,
        ),
        at=at,
    )


@receiver(attendance_withdrawn)
def on_attendance_withdrawn(sender: Any, source_uid: str, at: dt.datetime, **kwargs: Any) -> None:
    """Withdraw what a register no longer says."""
    withdraw_record(source_uid=source_uid, at=at)


@receiver(posts_changed)
def on_posts_changed(sender: Any, person_ids: set[int], at: dt.datetime, **kwargs: Any) -> None:
    """Work out again what these people's posts ask of them."""
    build_obligations(person_ids=person_ids, at=clock.london_date(at))


@receiver(sign_in_handed_over)
def on_sign_in_handed_over(sender: Any, person_id: int, at: dt.datetime, **kwargs: Any) -> None:
    """Close the calendar address: the former employer's calendar program may hold it."""
    close_feed(person=User.objects.get(pk=person_id), at=at)
