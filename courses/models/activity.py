"""The activity: something to do in a lesson, whose identity survives edits of the lesson."""

from __future__ import annotations

from django.db import models

from courses.enums import ActivityKind


class Activity(models.Model):
    """A package or quiz at one place of one course.

    `block_id` is the id of its block in the lesson: the editor may move, rename or replace it, and
    attempts still belong to the same activity. Rows are made when a course is published.
    """

    course = models.ForeignKey(
        "courses.Course", on_delete=models.PROTECT, related_name="activities"
    )
    lesson = models.ForeignKey(
        "courses.LessonPage", on_delete=models.PROTECT, related_name="activities"
    )
    block_id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=ActivityKind)
    title = models.CharField(max_length=255)
    package = models.ForeignKey(
        "courses.ContentPackage",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
    )
    quiz = models.ForeignKey(
        "courses.Quiz", on_delete=models.PROTECT, null=True, blank=True, related_name="activities"
    )

    class Meta:
        verbose_name_plural = "activities"
        ordering = ["course", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "block_id"], name="one_activity_a_block_and_course"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind=ActivityKind.PACKAGE, package__isnull=False, quiz__isnull=True
                )
                | models.Q(kind=ActivityKind.QUIZ, quiz__isnull=False, package__isnull=True),
                name="activity_is_package_or_quiz",
            ),
        ]

    def __str__(self) -> str:
        return self.title
