"""The obligation: one period of a rule for a subject, as dates. Its status is asked, not stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from cpd_tracking.enums import HowClosed
from cpd_tracking.querysets import ObligationQuerySet


class Obligation(models.Model):
    """One period of a requirement for exactly one of a person, a post or an organisation.

    Rows are worked out by the engine and rewritten when facts change; (subject, requirement,
    starts_on) stays, and extensions and nudges refer to that. `learner` is the person, or the
    post's holder, so that one index answers "what is mine". `held_until` is the last day on
    which the previous completion still counts; `closed_on` the first day it is over.
    """

    requirement = models.ForeignKey(
        "cpd_tracking.TrainingRequirement", on_delete=models.PROTECT, related_name="obligations"
    )
    version = models.ForeignKey(
        "cpd_tracking.RequirementVersion", on_delete=models.PROTECT, related_name="obligations"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="personal_obligations",
    )
    post = models.ForeignKey(
        "accounts.Post",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="obligations",
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="obligations",
    )
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="obligations",
    )
    starts_on = models.DateField()
    trigger_on = models.DateField()
    window_opens_on = models.DateField()
    first_due_on = models.DateField(help_text="Before a pause or an extension moved it.")
    due_on = models.DateField()
    held_until = models.DateField(null=True, blank=True)
    satisfied_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    grace_until = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    how_closed = models.CharField(max_length=12, choices=HowClosed, blank=True)
    exempt_because = models.CharField(max_length=20, blank=True)
    satisfied_by = models.ManyToManyField(
        "cpd_tracking.LearningRecord",
        through="cpd_tracking.SatisfyingRecord",
        related_name="satisfies",
    )

    if TYPE_CHECKING:  # added by ObligationQuerySet.with_status
        status: str
        is_valid: bool

    objects = ObligationQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "requirement", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    person__isnull=False,
                    post__isnull=True,
                    organisation__isnull=True,
                    learner__isnull=False,
                )
                | Q(
                    person__isnull=True,
                    post__isnull=False,
                    organisation__isnull=True,
                    learner__isnull=False,
                )
                | Q(
                    person__isnull=True,
                    post__isnull=True,
                    organisation__isnull=False,
                    learner__isnull=True,
                ),
                name="obligation_has_one_subject",
            ),
            *(
                models.UniqueConstraint(
                    fields=["requirement", subject, "starts_on"],
                    condition=Q(**{f"{subject}__isnull": False}),
                    name=f"one_period_a_start_and_{subject}",
                )
                for subject in ("person", "post", "organisation")
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, how_closed="")
                | (Q(closed_on__isnull=False) & ~Q(how_closed="")),
                name="closed_obligation_says_how",
            ),
            models.CheckConstraint(
                condition=Q(satisfied_on__isnull=False) | Q(expires_on__isnull=True),
                name="only_what_is_satisfied_expires",
            ),
        ]
        indexes = [
            models.Index(fields=["learner", "requirement"], name="obligation_by_learner"),
            models.Index(
                fields=["requirement", "starts_on", "closed_on"], name="obligation_by_requirement"
            ),
        ]

    def __str__(self) -> str:
        return f"Obligation {self.pk}, due {self.due_on}"

    @property
    def is_late(self) -> bool:
        """Whether it was satisfied after it was due (complete, marked late)."""
        return self.satisfied_on is not None and self.satisfied_on > self.due_on


class SatisfyingRecord(models.Model):
    """A learning record that satisfied, or with others helped to satisfy, an obligation."""

    obligation = models.ForeignKey(Obligation, on_delete=models.CASCADE, related_name="evidence")
    record = models.ForeignKey(
        "cpd_tracking.LearningRecord", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "record"], name="one_line_a_record_and_obligation"
            )
        ]

    def __str__(self) -> str:
        return f"Record {self.record_id} for obligation {self.obligation_id}"
