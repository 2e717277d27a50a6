"""Pages of networks: the list below the area's root, and one home for each network."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.fields import StreamField
from wagtail.models import PageManager
from wagtail.search import index

from core import clock
from core.pages import GuardedPage
from networks.querysets import NetworkPageQuerySet

NetworkPageManager = PageManager.from_queryset(NetworkPageQuerySet)


class NetworkIndexPage(GuardedPage):
    """The list of networks at /networks/."""

    introduction = models.TextField(blank=True, max_length=400)

    content_panels = [*GuardedPage.content_panels, FieldPanel("introduction")]
    parent_page_types = ["website.HomePage"]
    subpage_types = ["networks.NetworkPage"]
    max_count_per_parent = 1
    template = "pages/networks/index.html"

    class Meta:
        verbose_name = "list of networks"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the networks the person may know of, their own first."""
        from networks.selectors import network_cards

        context = super().get_context(request, *args, **kwargs)
        cards = network_cards(
            request.user,  # type: ignore[arg-type]
            local_area=request.local_area,  # type: ignore[attr-defined]
            at=clock.now(),
        )
        context |= {
            "page_title": self.title,
            "page_lede": self.introduction,
            "own": [card for card in cards if card.role],
            # Groups are found on the home of their network.
            "others": [card for card in cards if not card.role and card.parent_id is None],
        }
        return context


class NetworkPage(GuardedPage):
    """The home of one network. Networks are begun by a service, so editors cannot add this page."""

    network = models.OneToOneField(
        "networks.Network", on_delete=models.PROTECT, related_name="page"
    )
    introduction = StreamField(
        [
            (
                "text",
                blocks.RichTextBlock(features=["bold", "italic", "link", "ul", "ol", "h2", "h3"]),
            )
        ],
        blank=True,
        help_text="Shown on the network's home below its purpose.",
    )

    objects = NetworkPageManager()

    content_panels = [
        HelpPanel("The network's name and purpose are changed from its own settings screen."),
        FieldPanel("introduction"),
    ]
    promote_panels: list[Any] = []
    parent_page_types = ["networks.NetworkIndexPage"]
    subpage_types: list[str] = []
    is_creatable = False
    template = "pages/networks/home.html"
    search_fields = [*GuardedPage.search_fields, index.SearchField("purpose_text")]

    class Meta:
        verbose_name = "home of a network"

    def purpose_text(self) -> str:
        """Return the network's purpose for the search index."""
        return self.network.purpose

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what the home shows; see networks.selectors.network_home."""
        from networks.selectors import network_home

        context = super().get_context(request, *args, **kwargs)
        home = network_home(
            self.network,
            request.user,  # type: ignore[arg-type]
            at=clock.now(),
        )
        context |= {
            "network": self.network,
            "home": home,
            "page_title": self.network.name,
            "breadcrumbs": [{"label": "Networks", "url": "/networks/"}],
        }
        return context
