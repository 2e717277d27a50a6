"""Pages of the roof."""

from __future__ import annotations

from django.db import models
from wagtail.admin.panels import FieldPanel

from core.pages import GuardedPage


class HomePage(GuardedPage):
    """The public home of a local area; signed-in people begin with their next action instead."""

    introduction = models.TextField(
        blank=True, help_text="Two or three sentences: what this place is, and for whom."
    )

    content_panels = [*GuardedPage.content_panels, FieldPanel("introduction")]

    parent_page_types = ["wagtailcore.Page"]
    template = "pages/website/home.html"

    class Meta:
        verbose_name = "home page of a local area"
