"""Pages of the roof."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

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

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find the page with this whole address at once, not page by page down the tree.

        An address that is no page's own goes the long way: a page may answer for parts below it.
        """
        if not path_components:
            return super().route(request, path_components)
        found = (
            Page.objects.filter(url_path=f"{self.url_path}{'/'.join(path_components)}/")
            .order_by()
            .values_list("pk", "content_type_id")
            .first()
        )
        kind = found and ContentType.objects.get_for_id(found[1]).model_class()
        if not kind:
            return super().route(request, path_components)
        page: Page = kind._default_manager.get(pk=found[0])
        return page.route(request, [])

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add `home`: what this person begins with (website.home)."""
        from website.home import home_of

        return {
            **super().get_context(request, *args, **kwargs),
            "home": home_of(request, home_page=self),
        }

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        """Return the template for a visitor or for someone signed in."""
        if request.user.is_authenticated and not getattr(request, "is_preview", False):
            return "pages/website/home_signed_in.html"
        return str(self.template)


class StandardPage(GuardedPage):
    """A page of words: accessibility statement, privacy notice, cookies, contact."""

    introduction = models.CharField(max_length=250, blank=True, help_text="One sentence.")
    body = RichTextField(features=["h2", "h3", "bold", "link", "ol", "ul", "document-link"])

    content_panels = [
        *GuardedPage.content_panels,
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]
    search_fields = [
        *GuardedPage.search_fields,
        index.SearchField("introduction"),
        index.SearchField("body"),
        index.FilterField("is_public"),
    ]

    parent_page_types = ["website.HomePage", "website.StandardPage"]
    subpage_types = ["website.StandardPage"]
    template = "pages/website/standard_page.html"

    class Meta:
        verbose_name = "page of words"
