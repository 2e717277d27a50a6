"""The training requirement and its versions: rules as data, never code."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from cpd_tracking.enums import (
    Basis,
    DueUnit,
    RenewalAnchor,
    SubjectKind,
    Trigger,
)
from cpd_tracking.querysets import TrainingRequirementQuerySet


class TrainingRequirement(models.Model):
    """A rule of a local area, or of an organisation in it (`owner`). Its terms are its versions.

    `course` is what "Start" opens; what satisfies the rule is data of the version.
    """

    local_area = models.ForeignKey(
        "accounts.LocalArea", on_delete=models.PROTECT, related_name="training_requirements"
    )
    owner = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="training_requirements",
    )
    key = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    short_title = models.CharField(max_length=30, help_text="The head of a grid's column.")
    audience_label = models.CharField(
        max_length=120, help_text="Completes “required of …”: everyone who handles personal data."
    )
    subject_kind = models.CharField(max_length=20, choices=SubjectKind, default=SubjectKind.POST)
    course = models.ForeignKey(
        "courses.Course",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="training_requirements",
    )
    position = models.PositiveSmallIntegerField(default=100)

    objects = TrainingRequirementQuerySet.as_manager()

    class Meta:
        ordering = ["local_area", "position", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["local_area", "key"], name="one_requirement_a_key_and_area"
            )
        ]

    def __str__(self) -> str:
        return self.title


class RequirementVersion(models.Model):
    """The terms of a requirement from a day on; the numbers that guidance changes.

    `audience` and `satisfied_by` are described in cpd_tracking.engine.audience and
    .satisfaction; `exempt_if` knows {"earlier_service_months": 12}. `cycle_*` is the day a
    fixed period opens, `due_*` the day it is due.
    """

    requirement = models.ForeignKey(
        TrainingRequirement, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveSmallIntegerField(default=1)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=20, choices=Basis)
    reference = models.CharField(max_length=255, blank=True)
    reference_url = models.URLField(blank=True)
    edition = models.CharField(max_length=120, blank=True)
    edition_on = models.DateField(null=True, blank=True)
    audience = models.JSONField(default=dict, blank=True)
    trigger = models.CharField(max_length=20, choices=Trigger, default=Trigger.POST_START)
    trigger_on = models.DateField(null=True, blank=True)
    due_unit = models.CharField(max_length=10, choices=DueUnit, default=DueUnit.DAYS)
    due_count = models.PositiveSmallIntegerField(default=0)
    due_month = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    due_day = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    cycle_month = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    cycle_day = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    validity_months = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Empty: once is enough."
    )
    anchor = models.CharField(max_length=12, choices=RenewalAnchor, default=RenewalAnchor.EXPIRY)
    window_days = models.PositiveSmallIntegerField(
        default=30, help_text="How long before the due date it counts as due soon."
    )
    grace_days = models.PositiveSmallIntegerField(default=0)
    satisfied_by = models.JSONField(default=list)
    demands_score = models.BooleanField(
        default=False, help_text="Only what a server, a trainer or a reviewer vouches for counts."
    )
    earlier_records_count = models.BooleanField(default=True)
    exempt_if = models.JSONField(default=dict, blank=True)
    may_extend = models.BooleanField(default=True)
    may_pause = models.BooleanField(default=True)

    class Meta:
        ordering = ["requirement", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["requirement", "number"], name="one_version_a_number_and_requirement"
            ),
            models.UniqueConstraint(
                fields=["requirement", "valid_from"], name="one_version_a_day_and_requirement"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="version_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(due_unit=DueUnit.FIXED_DAY)
                | Q(due_month__isnull=False, due_day__isnull=False),
                name="fixed_due_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(anchor=RenewalAnchor.FIXED)
                | Q(
                    due_month__isnull=False,
                    due_day__isnull=False,
                    cycle_month__isnull=False,
                    cycle_day__isnull=False,
                ),
                name="fixed_renewal_has_its_days",
            ),
            models.CheckConstraint(
                # 28 days a month: a window never reaches back before what it renews.
                condition=Q(validity_months__isnull=True)
                | Q(window_days__lte=F("validity_months") * 28),
                name="window_inside_validity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement} (version {self.number})"
