"""Complete a course, and tell the rooms above."""

from __future__ import annotations

import datetime as dt

from accounts import audit
from courses.enums import ActivityKind, AttemptStatus, Evidence
from courses.models import Attempt, Completion, CourseVersion, Enrolment, LessonPage
from courses.outline import Outline
from courses.signals import CourseCompletion, course_completed


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
