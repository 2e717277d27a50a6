"""Meetings, replies to their invitations, and registers."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from networks.enums import Presence, ReplyAnswer
from networks.querysets import AttendanceQuerySet, MeetingQuerySet

_HOURS = [MinValueValidator(Decimal("0.25")), MaxValueValidator(Decimal("12"))]


class MeetingSeries(models.Model):
    """Meetings that were scheduled together."""

    network = models.ForeignKey("networks.Network", on_delete=models.PROTECT, related_name="series")
    title = models.CharField(max_length=120)

    class Meta:
        ordering = ["network", "title"]
        verbose_name_plural = "meeting series"

    def __str__(self) -> str:
        return self.title


class Meeting(models.Model):
    """One meeting. `sequence` grows with each change, as calendars ask (RFC 5545, 3.8.7.4).

    `carries_course_id` names a course (courses.Course) of which this meeting is a session; it
    is a plain number because courses stand above networks.
    """

    network = models.ForeignKey(
        "networks.Network", on_delete=models.PROTECT, related_name="meetings"
    )
    series = models.ForeignKey(
        MeetingSeries, on_delete=models.SET_NULL, null=True, blank=True, related_name="meetings"
    )
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    online_url = models.URLField("online link", blank=True)
    agenda = models.TextField(blank=True, help_text="One item a line.")
    hours = models.DecimalField(
        "hours of learning", max_digits=4, decimal_places=2, validators=_HOURS
    )
    carries_course_id = models.BigIntegerField(null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    register_saved_at = models.DateTimeField(null=True, blank=True)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_it_starts"
            )
        ]
        indexes = [models.Index(fields=["network", "starts_at"], name="meeting_by_network")]

    def __str__(self) -> str:
        return f"{self.title}, {self.starts_at:%d %B %Y}"

    def get_absolute_url(self) -> str:
        """Return the meeting's own page (needs `network`)."""
        return reverse("networks:meeting", args=[self.network.slug, self.pk])

    @property
    def agenda_items(self) -> list[str]:
        """The agenda, item by item."""
        return [line.strip() for line in self.agenda.splitlines() if line.strip()]

    @property
    def where(self) -> str:
        """The place in words: an address, "Online", or both."""
        parts = [self.place] if self.place else []
        if self.online_url:
            parts.append("online")
        return " and ".join(parts).capitalize() if not self.place else " and ".join(parts)

    def has_started(self, at: dt.datetime) -> bool:
        """Whether it has begun, so that a register can be taken."""
        return self.starts_at <= at


class Reply(models.Model):
    """A person's answer to an invitation; the last one counts."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="replies")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="meeting_replies"
    )
    answer = models.CharField(max_length=5, choices=ReplyAnswer)
    replied_at = models.DateTimeField()

    class Meta:
        ordering = ["meeting", "person"]
        verbose_name_plural = "replies"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="one_reply_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_answer_display()}"


class Attendance(models.Model):
    """One line of a register; `organisation` is the setting the person came for, as it was then.

    A line is never deleted: a mistake is changed to another presence, and the learning record
    follows through the signals.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="meeting_attendances"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="meeting_attendances",
    )
    presence = models.CharField(max_length=10, choices=Presence)
    hours = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "organisation", "person"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="one_line_per_person"),
            models.CheckConstraint(
                condition=~Q(presence=Presence.PRESENT) | Q(hours__gt=0),
                name="presence_has_hours",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "presence"], name="attendance_by_setting")]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_presence_display()}"

    @property
    def source_uid(self) -> str:
        """The name under which a learning record remembers this line."""
        return f"network-attendance:{self.pk}"
