"""Complete a course, and bring in past completions as a set; each tells the rooms above."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts import audit
from accounts.models import User
from courses.enums import ActivityKind, AttemptStatus, Evidence
from courses.models import Attempt, Completion, Course, CourseVersion, Enrolment, LessonPage
from courses.outline import Outline
from courses.signals import CourseCompletion, course_completed, course_completions_imported


@dataclass(frozen=True)
class PastCompletion:
    """A completion that happened before Waymark or outside it, as it will be kept."""

    person_id: int
    occurred_at: dt.datetime
    score_scaled: float | None = None
    evidence: str = Evidence.SERVER_SCORED


def news_of(completion: Completion, version: CourseVersion) -> CourseCompletion:
    """Return the completion as the signals carry it."""
    return CourseCompletion(
        person_id=completion.person_id,
        course_id=version.course_id,
        course_version_id=version.pk,
        occurred_at=completion.occurred_at,
        hours=completion.hours,
        score_scaled=completion.score_scaled,
        evidence=completion.evidence,
        source_uid=completion.source_uid,
        completion_uid=completion.uid,
    )


def complete_course_if_done(*, enrolment: Enrolment, at: dt.datetime) -> Completion | None:
    """Complete the course when everything its version requires is done; return the completion.

    Call inside the transaction that holds the enrolment's lock. Sends `course_completed` in the
    same transaction: if a receiver fails, nothing is completed. A lesson withdrawn since the
    version was published is not asked for.
    """
    version = enrolment.version
    outline = version.outline
    if enrolment.finished_at is not None or not outline.completes_online:
        return None
    required = {lesson.id for lesson in outline.required_lessons}
    still_there = set(
        LessonPage.objects.live().filter(pk__in=required).values_list("pk", flat=True)
    )
    done = set(enrolment.lessons.values_list("lesson_id", flat=True))
    if not still_there or still_there - done:
        return None
    score, evidence = judge_evidence(enrolment, outline)
    completion = Completion.objects.create(
        enrolment=enrolment,
        person_id=enrolment.person_id,
        version=version,
        occurred_at=at,
        hours=version.cpd_hours,
        score_scaled=score,
        evidence=evidence,
    )
    enrolment.finished_at = at
    enrolment.save(update_fields=["finished_at"])
    audit.record(
        actor=enrolment.person,
        verb="course.completed",
        obj=completion,
        subject=enrolment.person,
        data={"version": version.pk, "evidence": evidence},
        at=at,
    )
    course_completed.send(sender=Completion, completion=news_of(completion, version))
    return completion


def judge_evidence(enrolment: Enrolment, outline: Outline) -> tuple[float | None, str]:
    """Return the score (0 to 1, or None) and the evidence that a finished enrolment rests on.

    With a required quiz: the mean of the best tries, SERVER_SCORED, if every one was passed.
    Otherwise what packages said is CLIENT_ASSERTED and carries no score; mere reading, and
    content that was only viewed, is SELF_DECLARED.
    """
    activities = outline.required_activities
    quizzes = {activity.id for activity in activities if activity.kind == ActivityKind.QUIZ}
    best: dict[int, float] = {}
    passed = Attempt.objects.filter(
        enrolment=enrolment,
        activity__in=quizzes,
        status=AttemptStatus.COMPLETED,
        success=True,
        evidence=Evidence.SERVER_SCORED,
    )
    for activity, scaled in passed.values_list("activity_id", "scaled"):
        best[activity] = max(best.get(activity, 0.0), scaled or 0.0)
    if quizzes and set(best) == quizzes:
        return sum(best.values()) / len(best), Evidence.SERVER_SCORED
    asserted = Attempt.objects.fulfilling().filter(
        enrolment=enrolment,
        activity__in=[activity.id for activity in activities],
        evidence=Evidence.CLIENT_ASSERTED,
    )
    return None, Evidence.CLIENT_ASSERTED if asserted.exists() else Evidence.SELF_DECLARED


@transaction.atomic
def import_past_completions(
    *,
    by: User | None,
    version: CourseVersion,
    completions: Iterable[PastCompletion],
    at: dt.datetime,
) -> Sequence[CourseCompletion]:
    """Keep many past completions of one version in a few statements, and return them.

    For set-up and the demo (`by` is None there). A person may appear several times, on different
    days. Sends one `course_completions_imported` for the whole set, in this transaction.
    """
    rows = [row for row in completions if row.occurred_at <= at]
    enrolments = Enrolment.objects.bulk_create(
        [
            Enrolment(
                person_id=row.person_id,
                course_id=version.course_id,
                version=version,
                started_at=row.occurred_at - dt.timedelta(minutes=version.duration_minutes),
                last_active_at=row.occurred_at,
                finished_at=row.occurred_at,
            )
            for row in rows
        ],
        batch_size=1000,
    )
    made = Completion.objects.bulk_create(
        [
            Completion(
                uid=uuid.uuid4(),
                enrolment=enrolment,
                person_id=row.person_id,
                version=version,
                occurred_at=row.occurred_at,
                hours=version.cpd_hours,
                score_scaled=row.score_scaled,
                evidence=row.evidence,
            )
            for row, enrolment in zip(rows, enrolments, strict=True)
        ],
        batch_size=1000,
    )
    news = tuple(news_of(completion, version) for completion in made)
    audit.record(
        actor=by,
        verb="course.completions_imported",
        obj=Course(pk=version.course_id),
        data={"version": version.pk, "count": len(news)},
        at=at,
    )
    course_completions_imported.send(sender=Completion, completions=news)
    return news
