"""Start a course, keep the learner's place, and tick lessons off."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import User
from courses.models import Attempt, Completion, Course, Enrolment, LessonPage, LessonProgress
from courses.outline import OutlineLesson
from courses.services.completions import complete_course_if_done

# A bookmark is moved at most this often while the learner stays on one lesson.
PLACE_KEPT_FOR = dt.timedelta(minutes=1)


class UnableToEnrol(Exception):
    """The course cannot be started; the message says why."""


class UnableToFinishLesson(Exception):
    """The lesson is not done yet; the message says what is left."""


@transaction.atomic
def enrol_learner(*, person: User, course: Course, at: dt.datetime) -> Enrolment:
    """Return the person's open enrolment, starting one on the current version if there is none.

    Twice at once is one enrolment. Raises PermissionDenied for a course the person cannot see,
    UnableToEnrol for one that cannot be taken here.
    """
    if not Course.objects.filter(pk=course.pk).visible_to(person).exists():
        raise PermissionDenied
    found = Enrolment.objects.open().filter(person=person, course=course).first()
    if found is not None:
        return found
    version = course.current_version
    if version is None or not any(version.outline.lessons()):
        raise UnableToEnrol("This course has no lessons to take here.")
    try:
        with transaction.atomic():
            return Enrolment.objects.create(
                person=person,
                course=course,
                version=version,
                started_at=at,
                last_active_at=at,
            )
    except IntegrityError:
        return Enrolment.objects.open().get(person=person, course=course)


def lock_enrolment(enrolment_id: int) -> Enrolment:
    """Return the enrolment, locked for this transaction and brought up to its minor version."""
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("version", "course__current_version", "person")
        .get(pk=enrolment_id)
    )
    current = enrolment.course.current_version
    if (
        enrolment.finished_at is None
        and current is not None
        and current.pk != enrolment.version_id
        and current.major == enrolment.version.major
    ):
        enrolment.version = current
        enrolment.save(update_fields=["version"])
    return enrolment


def keep_place(*, enrolment: Enrolment, lesson: LessonPage, at: dt.datetime) -> None:
    """Remember where the learner is; writes only when it changed or a minute has passed."""
    moved = enrolment.last_lesson_id != lesson.pk
    if enrolment.finished_at is not None:
        return
    if moved or at - enrolment.last_active_at > PLACE_KEPT_FOR:
        Enrolment.objects.open().filter(pk=enrolment.pk).update(
            last_lesson=lesson, last_active_at=at
        )


@transaction.atomic
def finish_lesson(*, person: User, lesson: LessonPage, at: dt.datetime) -> Completion | None:
    """Mark a lesson done in the person's open enrolment; return the completion if it was the last.

    Raises Enrolment.DoesNotExist without an open enrolment, UnableToFinishLesson while a required
    activity is left. Doing it twice changes nothing.
    """
    found = Enrolment.objects.open().get(person=person, course__page__path=lesson.path[:-4])
    enrolment = lock_enrolment(found.pk)
    if enrolment.finished_at is not None:
        return None
    frozen = enrolment.version.outline.lesson(lesson.pk)
    if frozen is not None:
        left = outstanding_activities(enrolment, frozen)
        if left:
            raise UnableToFinishLesson(f"Finish “{left[0]}” first.")
    return tick_lesson(enrolment=enrolment, lesson_id=lesson.pk, at=at)


def tick_lesson(*, enrolment: Enrolment, lesson_id: int, at: dt.datetime) -> Completion | None:
    """Record a lesson as done under the enrolment's lock; the last one completes the course."""
    LessonProgress.objects.get_or_create(
        enrolment=enrolment, lesson_id=lesson_id, defaults={"done_at": at}
    )
    enrolment.last_active_at = at
    enrolment.save(update_fields=["last_active_at"])
    return complete_course_if_done(enrolment=enrolment, at=at)


def outstanding_activities(enrolment: Enrolment, lesson: OutlineLesson) -> list[str]:
    """Return the titles of the lesson's required activities that are not fulfilled yet."""
    required = {activity.id: activity.title for activity in lesson.required_activities}
    if not required:
        return []
    fulfilled = set(
        Attempt.objects.fulfilling()
        .filter(enrolment=enrolment, activity__in=required)
        .values_list("activity_id", flat=True)
    )
    return [title for activity, title in required.items() if activity not in fulfilled]


def lesson_fulfilled(
    *, attempt: Attempt, enrolment: Enrolment, at: dt.datetime
) -> Completion | None:
    """Tick the attempt's lesson off if this attempt was the last thing it required.

    Call under the enrolment's lock, after the attempt is saved.
    """
    for lesson in enrolment.version.outline.lessons():
        if any(activity.id == attempt.activity_id for activity in lesson.activities):
            if outstanding_activities(enrolment, lesson):
                return None
            return tick_lesson(enrolment=enrolment, lesson_id=lesson.id, at=at)
    return None
