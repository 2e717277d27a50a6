"""The course as an identity that outlives revisions of its page, and its published versions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property

from core.append_only import Permanent
from courses.outline import Outline
from courses.querysets import CourseQuerySet, CourseVersionQuerySet


class Course(models.Model):
    """What requirements name and records point to. It has exactly one page.

    `title` and `key` are those of the page when it was last and first published.
    """

    local_area = models.ForeignKey(
        "accounts.LocalArea", on_delete=models.PROTECT, related_name="courses"
    )
    page = models.OneToOneField(
        "courses.CoursePage", on_delete=models.PROTECT, related_name="course"
    )
    key = models.SlugField(max_length=255)
    title = models.CharField(max_length=255)
    current_version = models.OneToOneField(
        "courses.CourseVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="current_of",
    )

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["local_area", "key"], name="one_course_a_key_and_area")
        ]

    def __str__(self) -> str:
        return self.title


class CourseVersion(Permanent):
    """One published state of a course; never changed, and its page revision is protected.

    `major` is the edition the owner chose; `minor` counts publishings within it.
    """

    unchanging = "A published version is never changed or deleted."

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="versions")
    major = models.PositiveSmallIntegerField()
    minor = models.PositiveSmallIntegerField()
    revision = models.ForeignKey("wagtailcore.Revision", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=255)
    mode = models.CharField(max_length=20)
    duration_minutes = models.PositiveIntegerField()
    cpd_hours = models.DecimalField(max_digits=5, decimal_places=2)
    contents = models.JSONField(help_text="The outline: modules, lessons, activities.")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CourseVersionQuerySet.as_manager()

    class Meta:
        ordering = ["course", "-major", "-minor"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "major", "minor"], name="one_version_a_number_and_course"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    @property
    def number(self) -> str:
        """Return the number as people write it, such as 2.1."""
        return f"{self.major}.{self.minor}"

    @cached_property
    def outline(self) -> Outline:
        """Return the structure this version froze."""
        return Outline.from_json(self.contents)
