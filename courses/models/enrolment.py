"""One run of one person through one course, and where they are in it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from courses.querysets import EnrolmentQuerySet


class Enrolment(models.Model):
    """A person takes a course. Taking it again later is another enrolment.

    `version` is what they must finish: it follows minor versions while it is open and is fixed
    by the completion. At most one enrolment of a person and course is open.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments"
    )
    course = models.ForeignKey(
        "courses.Course", on_delete=models.PROTECT, related_name="enrolments"
    )
    version = models.ForeignKey(
        "courses.CourseVersion", on_delete=models.PROTECT, related_name="enrolments"
    )
    started_at = models.DateTimeField()
    last_active_at = models.DateTimeField()
    last_lesson = models.ForeignKey(
        "courses.LessonPage", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["-last_active_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "course"],
                condition=models.Q(finished_at__isnull=True),
                name="one_open_enrolment_a_person_and_course",
            )
        ]
        indexes = [
            models.Index(fields=["person", "course", "-started_at"], name="enrolment_by_person")
        ]

    def __str__(self) -> str:
        return f"Enrolment {self.uid}"


class LessonProgress(models.Model):
    """A lesson that is done within an enrolment."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="lessons")
    lesson = models.ForeignKey("courses.LessonPage", on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "lesson progress"
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "lesson"], name="one_progress_a_lesson_and_enrolment"
            )
        ]

    def __str__(self) -> str:
        return f"Lesson {self.lesson_id} of enrolment {self.enrolment_id}"
