"""The catalogue of a local area."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.url_routing import RouteResult

from core.pages import GuardedPage


class CourseIndexPage(GuardedPage):
    """Lists the courses below it, with facets and a search; one a local area, at /courses/."""

    introduction = models.TextField(blank=True, help_text="A sentence or two above the list.")

    content_panels = [*GuardedPage.content_panels, FieldPanel("introduction")]

    subpage_types = ["courses.CoursePage"]
    max_count_per_parent = 1
    template = "pages/courses/catalogue.html"

    class Meta:
        verbose_name = "course catalogue"

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find a course or lesson in one query instead of two for each step of the path."""
        from courses.models.course_page import CoursePage
        from courses.models.lesson_page import LessonPage

        kinds: dict[int, type[CoursePage] | type[LessonPage]] = {1: CoursePage, 2: LessonPage}
        kind = kinds.get(len(path_components))
        if kind is None:
            return super().route(request, path_components)
        url_path = f"{self.url_path}{'/'.join(path_components)}/"
        page = kind.objects.filter(url_path=url_path).first()
        if page is None:
            raise Http404
        return page.route(request, [])

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the courses that match the filters in the address."""
        from courses.selectors.catalogue import catalogue_screen

        return super().get_context(request, *args, **kwargs) | catalogue_screen(self, request)
