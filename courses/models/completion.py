"""The completion: one person finished one version of a course. It never changes."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from core.append_only import AppendOnly
from courses.enums import Evidence
from courses.querysets import CompletionQuerySet


class Completion(AppendOnly):
    """What is told to the rooms above, kept here as it was told."""

    unchanging = "A completion never changes."

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.OneToOneField(
        "courses.Enrolment", on_delete=models.PROTECT, related_name="completion"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="completions"
    )
    version = models.ForeignKey(
        "courses.CourseVersion", on_delete=models.PROTECT, related_name="completions"
    )
    occurred_at = models.DateTimeField()
    hours = models.DecimalField(max_digits=5, decimal_places=2)
    score_scaled = models.FloatField(null=True, blank=True)
    evidence = models.CharField(max_length=20, choices=Evidence)

    objects = CompletionQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_at", "-pk"]
        indexes = [models.Index(fields=["person", "-occurred_at"], name="completion_by_person")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(score_scaled__isnull=True)
                | models.Q(score_scaled__gte=0, score_scaled__lte=1),
                name="completion_score_between_0_and_1",
            )
        ]

    def __str__(self) -> str:
        return f"Completion {self.uid}"

    @property
    def source_uid(self) -> str:
        """Return the unique name under which records keep it."""
        return f"completion:{self.uid}"
