"""The post: a person, an organisation, a job role and dates. Rules and access follow posts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from accounts.enums import JobRole
from accounts.querysets import PostQuerySet


class Post(models.Model):
    """What someone does where, from when to when. `ends_on` is the last day in the post."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="posts"
    )
    job_role = models.CharField(max_length=30, choices=JobRole)
    title = models.CharField("job title", max_length=120, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    line_manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="managed_posts",
    )
    staff_number = models.CharField(max_length=40, blank=True)
    weekly_hours = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    term_time_only = models.BooleanField(default=False)
    handles_personal_data = models.BooleanField(default=True)
    is_employment = models.BooleanField(
        default=True, help_text="Not for governors and volunteers: they have no employer here."
    )

    objects = PostQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["organisation", "person", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="post_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["person", "organisation", "job_role"],
                condition=Q(ends_on__isnull=True),
                name="one_open_post_of_a_role",
            ),
            models.UniqueConstraint(
                fields=["organisation", "staff_number"],
                condition=~Q(staff_number="") & Q(ends_on__isnull=True),
                name="staff_number_unique_per_employer",
            ),
            models.CheckConstraint(
                condition=Q(line_manager__isnull=True) | ~Q(line_manager=F("person")),
                name="nobody_manages_themselves",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "ends_on"], name="post_by_organisation"),
            models.Index(fields=["job_role", "ends_on"], name="post_by_role"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_job_role_display()} at {self.organisation}"
