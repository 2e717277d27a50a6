"""Parts of a course page that come in lists: modules, outcomes, needs, audiences, citations."""

from __future__ import annotations

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, PageChooserPanel
from wagtail.models import Orderable

from courses.enums import Audience
from resources_repo.enums import Need


class CourseModule(Orderable):
    """A titled group of lessons. Lessons without one come last, without a heading."""

    page = ParentalKey("courses.CoursePage", on_delete=models.CASCADE, related_name="modules")
    title = models.CharField(max_length=150)

    panels = [FieldPanel("title")]

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.title


class CourseOutcome(Orderable):
    """One thing a learner will be able to do."""

    page = ParentalKey("courses.CoursePage", on_delete=models.CASCADE, related_name="outcomes")
    text = models.CharField(
        max_length=250, help_text="Begins with a verb: “write a review that a parent can follow”."
    )

    panels = [FieldPanel("text")]

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.text


class CourseNeed(Orderable):
    """A need the course is about."""

    page = ParentalKey("courses.CoursePage", on_delete=models.CASCADE, related_name="needs")
    need = models.CharField(max_length=20, choices=Need)

    panels = [FieldPanel("need")]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(fields=["page", "need"], name="one_need_once_a_course")
        ]

    def __str__(self) -> str:
        return self.get_need_display()


class CourseAudience(Orderable):
    """A group the course is for."""

    page = ParentalKey("courses.CoursePage", on_delete=models.CASCADE, related_name="audiences")
    audience = models.CharField(max_length=20, choices=Audience)

    panels = [FieldPanel("audience")]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(fields=["page", "audience"], name="one_audience_once_a_course")
        ]

    def __str__(self) -> str:
        return self.get_audience_display()


class CourseCitation(Orderable):
    """A page the course draws on: a resource, a toolkit, another course."""

    page = ParentalKey("courses.CoursePage", on_delete=models.CASCADE, related_name="citations")
    cited = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")

    panels = [PageChooserPanel("cited")]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(fields=["page", "cited"], name="one_citation_once_a_course")
        ]

    def __str__(self) -> str:
        return str(self.cited)
