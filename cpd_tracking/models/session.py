"""The attested session: one in-house session or read-and-confirm, recorded for many people."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from cpd_tracking.enums import RecordKind
from cpd_tracking.querysets import AttestedSessionQuerySet


class AttestedSession(models.Model):
    """What a setting or trainer says took place; each person present gets a learning record.

    `token` comes with the form: the same form sent twice is one session. The sign-in sheet
    holds names, so it is only ever served by a view that asks who wants it.
    """

    token = models.UUIDField(unique=True, default=uuid.uuid4)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="attested_sessions"
    )
    kind = models.CharField(max_length=20, choices=RecordKind, default=RecordKind.SESSION)
    course = models.ForeignKey(
        "courses.Course", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    topic = models.ForeignKey(
        "cpd_tracking.Topic", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField(max_length=255)
    held_on = models.DateField()
    hours = models.DecimalField(max_digits=5, decimal_places=2, validators=[MinValueValidator(0)])
    led_by = models.CharField("who led it", max_length=120, blank=True)
    sheet = models.FileField("sign-in sheet", upload_to="private/sign-in/%Y/%m/", blank=True)
    absent = models.PositiveIntegerField(default=0)
    attested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sessions_attested"
    )
    recorded_at = models.DateTimeField()

    objects = AttestedSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(course__isnull=True) | Q(topic__isnull=True),
                name="session_course_or_topic",
            ),
            models.CheckConstraint(condition=Q(hours__gte=0), name="session_hours_not_negative"),
        ]
        indexes = [models.Index(fields=["organisation", "-held_on"], name="session_by_setting")]

    def __str__(self) -> str:
        return f"{self.title}, {self.held_on}"

    @property
    def hours_text(self) -> str:
        """Hours without needless zeros: 1.5."""
        return f"{self.hours.normalize():f}" if self.hours else "0"
