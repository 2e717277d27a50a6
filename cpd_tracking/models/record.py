"""The learning record: the only store of what happened. Append-only; a correction supersedes."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from core.append_only import Permanent
from cpd_tracking.enums import RecordKind, RecordSource
from cpd_tracking.querysets import LearningRecordQuerySet


class Topic(models.Model):
    """Something one can learn about or hold that is no course here: a briefing, a qualification."""

    local_area = models.ForeignKey(
        "accounts.LocalArea", on_delete=models.PROTECT, related_name="cpd_topics"
    )
    key = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(fields=["local_area", "key"], name="one_topic_a_key_and_area")
        ]

    def __str__(self) -> str:
        return self.title


class LearningRecord(Permanent):
    """One thing one person did. It never changes: a correction is a new row that supersedes it.

    `source_uid` names the fact where it happened ("completion:<uuid>", "attendance:12") and is
    unique; corrections of one fact share its `origin_uid`. A withdrawn fact is superseded by a
    row with `is_withdrawal`. `organisation` is the setting that attested it.
    """

    unchanging = "A learning record is never changed or deleted: supersede or withdraw it."

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="learning_records"
    )
    kind = models.CharField(max_length=20, choices=RecordKind)
    title = models.CharField(max_length=255)
    course = models.ForeignKey(
        "courses.Course",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="learning_records",
    )
    course_version = models.ForeignKey(
        "courses.CourseVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="learning_records",
    )
    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, null=True, blank=True, related_name="learning_records"
    )
    meeting = models.ForeignKey(
        "networks.Meeting",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="learning_records",
    )
    session = models.ForeignKey(
        "cpd_tracking.AttestedSession",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="records",
    )
    occurred_on = models.DateField()
    began_on = models.DateField(null=True, blank=True)
    hours = models.DecimalField(
        max_digits=6,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(2000)],
    )
    source = models.CharField(max_length=20, choices=RecordSource)
    score_scaled = models.FloatField(null=True, blank=True)
    is_reviewed = models.BooleanField(
        default=False, help_text="Somebody checked that the result is the person's own."
    )
    valid_until = models.DateField(
        null=True, blank=True, help_text="Where an approver set it; otherwise the rule says."
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="learning_records",
    )
    source_uid = models.CharField(max_length=120, unique=True)
    origin_uid = models.CharField(max_length=120, db_index=True)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    is_withdrawal = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = LearningRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(hours__gte=0), name="record_hours_not_negative"),
            models.CheckConstraint(
                condition=Q(score_scaled__isnull=True)
                | Q(score_scaled__gte=0, score_scaled__lte=1),
                name="record_score_between_0_and_1",
            ),
            models.CheckConstraint(
                condition=Q(began_on__isnull=True) | Q(began_on__lte=F("occurred_on")),
                name="record_begins_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(is_withdrawal=False) | Q(supersedes__isnull=False),
                name="withdrawal_supersedes_something",
            ),
            models.CheckConstraint(
                condition=Q(course_version__isnull=True) | Q(course__isnull=False),
                name="record_version_has_its_course",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-occurred_on"], name="record_by_person"),
            models.Index(fields=["course", "occurred_on"], name="record_by_course"),
            models.Index(fields=["organisation", "-occurred_on"], name="record_by_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.occurred_on}"

    @property
    def hours_text(self) -> str:
        """Hours without needless zeros: 1.5."""
        return f"{self.hours.normalize():f}" if self.hours else "0"
