"""Attempts at activities: their state, what was said in them, and the paper of a quiz."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from core.append_only import AppendOnly
from courses.enums import AttemptStatus, Evidence
from courses.querysets import AttemptQuerySet, OfAttemptQuerySet


class Attempt(models.Model):
    """One person's try at one activity within an enrolment; at most one of them is open.

    A package's revision is pinned when the attempt begins. `raw`, `max`, `scaled` and `success`
    are worked out on the server; `evidence` says whose word the completion rests on.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attempts"
    )
    enrolment = models.ForeignKey(
        "courses.Enrolment", on_delete=models.PROTECT, related_name="attempts"
    )
    activity = models.ForeignKey(
        "courses.Activity", on_delete=models.PROTECT, related_name="attempts"
    )
    revision = models.ForeignKey(
        "courses.PackageRevision",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attempts",
    )
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=AttemptStatus, default=AttemptStatus.OPEN)
    started_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)
    raw = models.FloatField(null=True, blank=True)
    max = models.FloatField(null=True, blank=True)
    scaled = models.FloatField(null=True, blank=True)
    success = models.BooleanField(null=True, blank=True)
    evidence = models.CharField(max_length=20, choices=Evidence, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "activity", "number"], name="one_attempt_a_number"
            ),
            models.UniqueConstraint(
                fields=["enrolment", "activity"],
                condition=models.Q(status="open"),
                name="one_open_attempt_an_activity",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="completed") | models.Q(completed_at__isnull=False),
                name="completed_attempt_has_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"Attempt {self.uuid}"


class AttemptState(models.Model):
    """Where the learner was inside a package, as the package writes it (1 MB at most)."""

    attempt = models.OneToOneField(
        Attempt, on_delete=models.CASCADE, primary_key=True, related_name="state"
    )
    data = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    save_id = models.CharField(max_length=36, blank=True)
    saved_at = models.DateTimeField()

    objects = OfAttemptQuerySet.as_manager()

    def __str__(self) -> str:
        return f"State {self.version} of attempt {self.attempt_id}"


class Statement(AppendOnly):
    """What a package said in an attempt, rewritten under our own names and clock; append-only."""

    unchanging = "Statements are append-only."

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="statements")
    uid = models.UUIDField()
    verb = models.CharField(max_length=40)
    statement = models.JSONField()
    stored_at = models.DateTimeField()

    objects = OfAttemptQuerySet.as_manager()

    class Meta:
        ordering = ["stored_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "uid"], name="one_statement_an_id")
        ]

    def __str__(self) -> str:
        return f"{self.verb} in attempt {self.attempt_id}"


class QuizSitting(models.Model):
    """The paper dealt in an attempt at a quiz, and the answers given to it.

    The paper is kept with its right answers, so that an edit of the quiz never changes how a
    sitting is marked. Answers are the learner's own: nobody else reads them.
    """

    attempt = models.OneToOneField(
        Attempt, on_delete=models.CASCADE, primary_key=True, related_name="sitting"
    )
    paper = models.JSONField()
    answers = models.JSONField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = OfAttemptQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Sitting of attempt {self.attempt_id}"
