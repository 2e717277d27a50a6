"""The page of a lesson, below its course."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.validators import MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from core import clock
from core.pages import GuardedPage
from courses.blocks.lessons import LessonBody
from courses.querysets import LessonPageManager

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from courses.models import CoursePage


class LessonPageForm(WagtailAdminPageForm):
    """Offers the modules of this lesson's course, and no other's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        modules = self.fields.get("module")
        if modules is not None and self.parent_page is not None:
            modules.queryset = modules.queryset.filter(page_id=self.parent_page.pk)


class LessonPage(GuardedPage):
    """One sitting of reading and doing. Whether it is open to everyone, its course decides."""

    module = models.ForeignKey(
        "courses.CourseModule",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="lessons",
        help_text="Modules are made on the course's own page, and appear here once it is saved.",
    )
    summary = models.CharField(max_length=200, blank=True, help_text="What this lesson is about.")
    minutes = models.PositiveSmallIntegerField(
        "length in minutes", default=10, validators=[MinValueValidator(1)]
    )
    required = models.BooleanField(
        default=True, help_text="Must be done to finish the course. Extra reading need not be."
    )
    body = StreamField(LessonBody(), blank=True)

    objects = LessonPageManager()
    base_form_class = LessonPageForm

    content_panels = [
        *GuardedPage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("module"),
                FieldPanel("summary"),
                FieldRowPanel([FieldPanel("minutes"), FieldPanel("required")]),
            ],
            heading="In the course",
        ),
        FieldPanel("body"),
    ]
    settings_panels = Page.settings_panels

    # Found through its course: a lesson on its own says too little, and no list of pages shows it.
    search_fields = [*Page.search_fields, index.FilterField("pk")]

    parent_page_types = ["courses.CoursePage"]
    subpage_types: list[str] = []
    template = "pages/courses/lesson.html"

    class Meta:
        verbose_name = "lesson"

    @cached_property
    def course_page(self) -> CoursePage | None:
        """The page of its course, with the course and its version; one query."""
        from courses.models import CoursePage

        pages = CoursePage.objects.filter(path=self.path[: -self.steplen])
        return pages.select_related("course__current_version").first()

    def can_view(self, user: User | AnonymousUser) -> bool:
        """Whether `visible_to` would list this lesson: the course decides."""
        return bool(self.live and self.course_page and self.course_page.can_view(user))

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the lesson, and move the learner's bookmark to it."""
        from courses.services.enrolments import keep_place

        response = super().serve(request, *args, **kwargs)
        enrolment = (getattr(response, "context_data", None) or {}).get("enrolment")
        if enrolment is not None and not getattr(request, "is_preview", False):
            keep_place(enrolment=enrolment, lesson=self, at=clock.now())
        return response

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what the lesson screen shows to this person."""
        from courses.selectors.lesson_screen import lesson_screen

        return super().get_context(request, *args, **kwargs) | lesson_screen(self, request)
