"""Where figures come from: publications, their files, and each published cell."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from impact.enums import ValueStatus
from impact.querysets import ObservationQuerySet


class DataSource(models.Model):
    """A publication that brings out files again and again."""

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    publisher = models.CharField(max_length=200)
    licence = models.CharField(max_length=200)
    url = models.URLField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DataSetVersion(models.Model):
    """One imported file. Never edited: a newer one supersedes it, and analyses name theirs."""

    source = models.ForeignKey(DataSource, on_delete=models.PROTECT, related_name="versions")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    vintage = models.CharField(max_length=40, help_text="The latest period in the file.")
    rows = models.PositiveIntegerField()
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_current = models.BooleanField(default=True)

    class Meta:
        ordering = ["source", "-imported_at"]
        constraints = [
            models.UniqueConstraint(fields=["source", "sha256"], name="a_file_is_imported_once"),
            models.UniqueConstraint(
                fields=["source"], condition=Q(is_current=True), name="one_current_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.vintage}"


class Observation(models.Model):
    """One published cell: the text as printed, its number where it has one, and what it says.

    `period` is the label as published, `year` the year in which it ends, for sorting only.
    """

    version = models.ForeignKey(
        DataSetVersion, on_delete=models.CASCADE, related_name="observations"
    )
    measure = models.CharField(max_length=40)
    area = models.ForeignKey("impact.Area", on_delete=models.PROTECT, related_name="observations")
    period = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    raw = models.CharField(max_length=40)
    value = models.FloatField(null=True, blank=True)
    status = models.CharField(max_length=20, choices=ValueStatus)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "measure", "area", "period"], name="one_cell_a_place_and_time"
            ),
            models.CheckConstraint(
                condition=Q(status="shown", value__isnull=False)
                | (~Q(status="shown") & Q(value__isnull=True)),
                name="a_shown_cell_has_a_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.area_id} {self.period}: {self.raw}"
