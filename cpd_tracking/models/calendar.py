"""The local area's school calendar, and how far ahead fixed periods are written."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Term(models.Model):
    """One school term of the local area, with its half-term holiday."""

    local_area = models.ForeignKey(
        "accounts.LocalArea", on_delete=models.CASCADE, related_name="terms"
    )
    name = models.CharField(max_length=40)
    starts_on = models.DateField()
    ends_on = models.DateField()
    half_term_starts_on = models.DateField(null=True, blank=True)
    half_term_ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["local_area", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="term_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(half_term_starts_on__isnull=True, half_term_ends_on__isnull=True)
                | Q(
                    half_term_starts_on__gt=F("starts_on"),
                    half_term_ends_on__gte=F("half_term_starts_on"),
                    half_term_ends_on__lt=F("ends_on"),
                ),
                name="half_term_inside_its_term",
            ),
            models.UniqueConstraint(fields=["local_area", "starts_on"], name="one_term_a_start"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.local_area})"


class Horizon(models.Model):
    """The day up to which periods of fixed-calendar rules exist; a task moves it."""

    local_area = models.OneToOneField(
        "accounts.LocalArea", on_delete=models.CASCADE, related_name="cpd_horizon"
    )
    day = models.DateField()

    def __str__(self) -> str:
        return f"{self.local_area}: {self.day}"
