"""The quiz: a bank of questions from which the server deals papers, and marks them."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from courses.blocks.questions import QuestionBlock
from courses.querysets import AreaOwnedQuerySet


class Quiz(index.Indexed, models.Model):
    """A quiz of one local area, usable in several lessons."""

    local_area = models.ForeignKey(
        "accounts.LocalArea", on_delete=models.PROTECT, related_name="quizzes", editable=False
    )
    title = models.CharField(max_length=200)
    introduction = models.TextField(
        blank=True, help_text="What the quiz covers, in a sentence or two."
    )
    questions = StreamField(
        [("question", QuestionBlock())],
        blank=True,
        help_text="The question bank. Learners never see which answers are right.",
    )
    pass_mark = models.PositiveSmallIntegerField(
        "pass mark (%)",
        default=80,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    questions_asked = models.PositiveSmallIntegerField(
        "questions asked",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="How many are drawn from the bank for each try. Empty: all of them.",
    )
    random_order = models.BooleanField(
        "random order", default=False, help_text="Questions and answers in a new order each time."
    )
    most_attempts = models.PositiveSmallIntegerField(
        "tries allowed",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Within one run through the course. Empty: as many as needed.",
    )

    objects = AreaOwnedQuerySet.as_manager()

    panels = [
        FieldPanel("title"),
        FieldPanel("introduction"),
        FieldPanel("questions"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("pass_mark"), FieldPanel("most_attempts")]),
                FieldRowPanel([FieldPanel("questions_asked"), FieldPanel("random_order")]),
            ],
            heading="How it is taken",
        ),
    ]

    search_fields = [
        index.SearchField("title"),
        index.AutocompleteField("title"),
        index.FilterField("local_area"),
    ]

    class Meta:
        verbose_name_plural = "quizzes"
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title
