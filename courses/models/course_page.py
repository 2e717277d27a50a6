"""The page of a course: what it is, for whom, how long, why; its lessons lie below it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.search import index

from core.pages import GuardedPage
from courses.enums import Level, Mode
from courses.querysets import CoursePageManager
from resources_repo.enums import Tier


class CoursePage(GuardedPage):
    """One to one with a Course, which is made when the page is first published.

    Copying the page copies the words, not the identity: the copy becomes a course of its own.
    """

    summary = models.CharField(max_length=250, help_text="One sentence for the catalogue.")
    introduction = models.TextField(blank=True, help_text="A paragraph or two, in plain words.")
    audience_note = models.CharField(
        "who it is for",
        max_length=150,
        blank=True,
        help_text="In words, such as “every post that handles personal data”.",
    )
    tier = models.CharField(max_length=20, choices=Tier)
    level = models.CharField(max_length=20, choices=Level, default=Level.AWARENESS)
    mode = models.CharField(max_length=20, choices=Mode, default=Mode.SELF_PACED)
    duration_minutes = models.PositiveIntegerField(
        "length in minutes", default=0, help_text="All of it, for someone who does it all."
    )
    cpd_hours = models.DecimalField(
        "hours of CPD",
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
    )
    pattern = models.CharField(
        "when and where",
        max_length=150,
        blank=True,
        help_text="For live courses: “two twilights, 4 to 5.30 pm”.",
    )
    external_url = models.URLField(
        "provider's page", blank=True, help_text="For courses taken somewhere else."
    )
    assessment = models.CharField(
        max_length=250,
        blank=True,
        help_text="How learning is checked where no quiz or activity does it.",
    )
    evaluation_question = models.CharField(
        max_length=250,
        blank=True,
        help_text="What should be different for children if this course works?",
    )
    basis = models.CharField(
        max_length=250, blank=True, help_text="On what it rests: statute, guidance and edition."
    )
    basis_url = models.URLField("link to the basis", blank=True)
    made_by = models.CharField(max_length=150, blank=True, help_text="The team or provider.")
    review_by = models.DateField(null=True, blank=True)
    edition = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1)],
        help_text=(
            "Raise it when a change is so large that people part-way through should finish the "
            "edition they began. Small changes keep the edition."
        ),
    )

    objects = CoursePageManager()

    content_panels = [
        *GuardedPage.content_panels,
        FieldPanel("summary"),
        FieldPanel("introduction"),
        InlinePanel("outcomes", label="outcome", heading="You will be able to…", max_num=5),
        InlinePanel("modules", label="module", heading="Modules: groups of lessons, in order"),
        MultiFieldPanel(
            [FieldPanel("assessment"), FieldPanel("evaluation_question")], heading="Worth"
        ),
        InlinePanel("citations", label="page", heading="Related resources"),
    ]
    facts_panels = [
        MultiFieldPanel(
            [
                FieldPanel("audience_note"),
                InlinePanel("audiences", label="audience"),
                InlinePanel("needs", label="need"),
                FieldRowPanel([FieldPanel("tier"), FieldPanel("level")]),
            ],
            heading="For whom and about what",
        ),
        MultiFieldPanel(
            [
                FieldPanel("mode"),
                FieldRowPanel([FieldPanel("duration_minutes"), FieldPanel("cpd_hours")]),
                FieldPanel("pattern"),
                FieldPanel("external_url"),
            ],
            heading="How it is taken",
        ),
        MultiFieldPanel(
            [
                FieldPanel("basis"),
                FieldPanel("basis_url"),
                FieldPanel("made_by"),
                FieldPanel("review_by"),
                FieldPanel("edition"),
            ],
            heading="Keeping it right",
        ),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading="Content"),
            ObjectList(facts_panels, heading="Facts"),
            ObjectList(GuardedPage.promote_panels, heading="Promote"),
            ObjectList(GuardedPage.settings_panels, heading="Settings"),
        ]
    )

    search_fields = [
        *GuardedPage.search_fields,
        index.SearchField("summary", boost=2),
        index.SearchField("introduction"),
        index.SearchField("audience_note"),
        index.RelatedFields("outcomes", [index.SearchField("text")]),
        index.RelatedFields("needs", [index.SearchField("get_need_display")]),
        index.FilterField("pk"),
    ]

    parent_page_types = ["courses.CourseIndexPage"]
    subpage_types = ["courses.LessonPage"]
    template = "pages/courses/course.html"

    class Meta:
        verbose_name = "course"

    @property
    def completes_online(self) -> bool:
        """Whether doing its lessons completes it; live courses complete by a register."""
        return self.mode == Mode.SELF_PACED

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what the course screen shows to this person."""
        from courses.selectors.course_screen import course_screen

        return super().get_context(request, *args, **kwargs) | course_screen(self, request)
