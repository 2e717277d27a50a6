"""Reminders: nudges by a manager, the weekly digest, and who wants it."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Nudge(models.Model):
    """A manager reminded somebody of one obligation; at most once a day for each.

    It names the period by its natural key (person, requirement, period start).
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="nudges"
    )
    requirement = models.ForeignKey(
        "cpd_tracking.TrainingRequirement", on_delete=models.PROTECT, related_name="nudges"
    )
    post = models.ForeignKey(
        "accounts.Post", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    period_starts_on = models.DateField()
    sent_on = models.DateField()
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="nudges_sent"
    )

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "requirement", "period_starts_on", "sent_on"],
                name="one_nudge_a_day_and_period",
            )
        ]

    def __str__(self) -> str:
        return f"Nudge {self.pk} of {self.sent_on}"


class DigestSent(models.Model):
    """The weekly digest of one person and ISO week: the row is the promise to send it once."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="digests"
    )
    iso_year = models.PositiveSmallIntegerField()
    iso_week = models.PositiveSmallIntegerField()
    promised_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-promised_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "iso_year", "iso_week"], name="one_digest_a_person_and_week"
            )
        ]

    def __str__(self) -> str:
        return f"Digest of {self.iso_year}-W{self.iso_week:02} for {self.person_id}"


class ReminderPreference(models.Model):
    """Whether somebody wants the weekly digest; without a row they get it."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminder_preference"
    )
    weekly_digest = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Reminders of {self.person_id}"
