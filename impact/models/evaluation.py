"""A question, locked before its data are seen, and the runs that answer it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from impact.enums import (
    AnalysisStatus,
    Comparator,
    Outcome,
    PlanStatus,
    PupilGroup,
    SchoolGroup,
    Threshold,
)
from impact.models.outcome import academic_year
from impact.querysets import AnalysisQuerySet, EvaluationPlanQuerySet


class EvaluationPlan(models.Model):
    """One version of a question. Once locked it is immutable; a change is a new version.

    `question_id` is shared by the versions. `seen_before` says that an earlier version had been
    answered when this one was written.
    """

    question_id = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    version = models.PositiveSmallIntegerField(default=1)
    local_area = models.ForeignKey(
        "accounts.LocalArea", on_delete=models.PROTECT, related_name="evaluation_plans"
    )
    question = models.CharField(max_length=200)
    reason = models.TextField("why you ask", max_length=1000, blank=True)
    course = models.ForeignKey(
        "courses.Course", on_delete=models.PROTECT, related_name="evaluation_plans"
    )
    threshold = models.CharField(max_length=20, choices=Threshold)
    outcome = models.CharField(max_length=30, choices=Outcome)
    school_group = models.CharField(max_length=20, choices=SchoolGroup)
    pupil_group = models.CharField(max_length=20, choices=PupilGroup, default=PupilGroup.ALL)
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()
    comparator = models.CharField(max_length=20, choices=Comparator, default=Comparator.NOT_YET)
    status = models.CharField(max_length=10, choices=PlanStatus, default=PlanStatus.DRAFT)
    seen_before = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = EvaluationPlanQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["question_id", "version"], name="one_plan_a_question_and_version"
            ),
            models.CheckConstraint(
                condition=Q(last_year__gt=F("first_year")), name="plan_years_in_order"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", locked_at__isnull=True)
                | (~Q(status="draft") & Q(locked_at__isnull=False)),
                name="locked_plan_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def years(self) -> range:
        """Return the first calendar years of its academic years."""
        return range(self.first_year, self.last_year + 1)

    @property
    def years_in_words(self) -> str:
        """Return the span of academic years."""
        return f"{academic_year(self.first_year)} to {academic_year(self.last_year)}"


class Analysis(models.Model):
    """One run of a locked plan. The finished result is frozen: immutable, with what it used."""

    plan = models.ForeignKey(EvaluationPlan, on_delete=models.PROTECT, related_name="analyses")
    status = models.CharField(max_length=10, choices=AnalysisStatus, default=AnalysisStatus.WAITING)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    seed = models.PositiveIntegerField()
    grade = models.CharField(max_length=30, blank=True)
    answer = models.TextField(blank=True)
    result = models.JSONField(default=dict)
    failure = models.TextField(blank=True)
    data_versions = models.ManyToManyField("impact.DataSetVersion", related_name="analyses")

    objects = AnalysisQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        verbose_name_plural = "analyses"
        constraints = [
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(status__in=["waiting", "running"]),
                name="one_open_run_a_plan",
            ),
            models.CheckConstraint(
                condition=~Q(status="done") | (~Q(grade="") & Q(finished_at__isnull=False)),
                name="done_analysis_has_a_grade",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan}, {self.get_status_display()}"
