"""Exemption, extension and pause: three different things, each a dated row of its own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cpd_tracking.enums import ExemptionReason


class _Adjustment(models.Model):
    """What all three have: who it is for, who recorded it and when."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="%(class)ss"
    )
    post = models.ForeignKey(
        "accounts.Post",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        help_text="Empty: whatever the post.",
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True


class Exemption(_Adjustment):
    """Somebody need not, from a day to a day. It has an end and a second approver."""

    requirement = models.ForeignKey(
        "cpd_tracking.TrainingRequirement", on_delete=models.PROTECT, related_name="exemptions"
    )
    reason = models.CharField(max_length=20, choices=ExemptionReason)
    note = models.CharField(max_length=500, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="exemption_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("recorded_by")) & ~Q(approved_by=F("person"))),
                name="exemption_has_a_second_approver",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(approved_at__isnull=False),
                name="approved_exemption_has_instant",
            ),
        ]
        indexes = [models.Index(fields=["person", "requirement"], name="exemption_by_person")]

    def __str__(self) -> str:
        return f"Exemption {self.pk}, {self.starts_on} to {self.ends_on}"


class Pause(_Adjustment):
    """A stopped clock during an absence. Why somebody is away is nobody's business here."""

    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="The last day away.")

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="pause_ends_after_it_starts",
            )
        ]
        indexes = [models.Index(fields=["person", "starts_on"], name="pause_by_person")]

    def __str__(self) -> str:
        return f"Pause {self.pk} from {self.starts_on}"


class Extension(_Adjustment):
    """One due date moved, with a reason. It names the period by its natural key."""

    requirement = models.ForeignKey(
        "cpd_tracking.TrainingRequirement", on_delete=models.PROTECT, related_name="extensions"
    )
    period_starts_on = models.DateField()
    due_on = models.DateField("new due date")
    reason = models.CharField(max_length=500)

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gt=F("period_starts_on")), name="extension_is_later"
            ),
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=True) | ~Q(recorded_by=F("person")),
                name="nobody_extends_for_themselves",
            ),
        ]
        indexes = [models.Index(fields=["person", "requirement"], name="extension_by_person")]

    def __str__(self) -> str:
        return f"Extension {self.pk} to {self.due_on}"
