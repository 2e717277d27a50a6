"""Open a local area: its home page, its site and the pages every site must have."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.template.loader import render_to_string
from wagtail.models import Page

from accounts.models import LocalArea
from accounts.services.local_areas import set_up_local_area
from courses.services.catalogues import set_up_catalogue
from networks.services.rooms import set_up_networks
from resources_repo.services.library import set_up_library
from website.models import HomePage, StandardPage


@dataclass(frozen=True)
class StandardText:
    """One page every area begins with; its words come from templates/pages/website/standard/."""

    slug: str
    title: str
    introduction: str


STANDARD_TEXTS = (
    StandardText(
        "accessibility",
        "Accessibility statement",
        "How usable this site is, what does not work yet, and who to tell.",
    ),
    StandardText(
        "privacy",
        "Privacy notice",
        "What we hold about you, why, who sees it and for how long.",
    ),
    StandardText("cookies", "Cookies", "Two small files, both needed for signing in."),
    StandardText("contact", "Help and contact", "Who to ask, and what about."),
)


@transaction.atomic
def open_local_area(
    *,
    name: str,
    slug: str,
    code: str,
    product_name: str,
    hostname: str,
    port: int | None = None,
    is_default_site: bool = False,
    introduction: str = "",
    **fields: str | bool,
) -> LocalArea:
    """Create an area with its home, rooms and standard pages, or complete them; idempotent.

    Pages that exist are left as their editors made them.
    """
    home = HomePage.objects.filter(slug=slug, depth=2).first()
    if home is None:
        home = HomePage(title=name, slug=slug, is_public=True, introduction=introduction)
        Page.get_first_root_node().add_child(instance=home)
    area = set_up_local_area(
        name=name,
        slug=slug,
        code=code,
        product_name=product_name,
        root_page=home,
        hostname=hostname,
        port=port,
        is_default_site=is_default_site,
        **fields,
    )
    add_standard_pages(home=home, area=area)
    set_up_catalogue(local_area=area)
    set_up_library(local_area=area)
    set_up_networks(local_area=area)
    return area


def add_standard_pages(*, home: HomePage, area: LocalArea) -> None:
    """Add the standard pages that are missing below an area's home."""
    there = set(home.get_children().values_list("slug", flat=True))
    for text in STANDARD_TEXTS:
        if text.slug in there:
            continue
        home.add_child(
            instance=StandardPage(
                title=text.title,
                slug=text.slug,
                introduction=text.introduction,
                is_public=True,
                body=render_to_string(f"pages/website/standard/{text.slug}.html", {"area": area}),
            )
        )
