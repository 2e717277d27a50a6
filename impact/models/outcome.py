"""What happened in a school in a year: counts over a headcount."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from impact.querysets import SchoolOutcomeQuerySet


class SchoolOutcome(models.Model):
    """A school's yearly counts. Raw figures: only suppressed ones leave this room.

    `year` is the calendar year in which the academic year began: 2021 for 2021/22. Counts are of
    the whole year; `headcount` is the spring census.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="outcomes"
    )
    version = models.ForeignKey(
        "impact.DataSetVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="outcomes",
        help_text="The file or return the row came with.",
    )
    year = models.PositiveSmallIntegerField()
    headcount = models.PositiveIntegerField()
    suspensions = models.PositiveIntegerField()
    pupils_suspended = models.PositiveIntegerField()
    permanent_exclusions = models.PositiveIntegerField()
    persistent_absentees = models.PositiveIntegerField(null=True, blank=True)

    objects = SchoolOutcomeQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "year"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="one_outcome_a_year"),
            models.CheckConstraint(
                condition=Q(pupils_suspended__lte=F("suspensions")),
                name="suspended_pupils_within_suspensions",
            ),
            models.CheckConstraint(condition=Q(headcount__gt=0), name="a_school_has_pupils"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.period}"

    @property
    def period(self) -> str:
        """Return the academic year as people write it, such as 2021/22."""
        return academic_year(self.year)


def academic_year(year: int) -> str:
    """Write the academic year that began in `year`: 2021 gives 2021/22."""
    return f"{year}/{(year + 1) % 100:02d}"
