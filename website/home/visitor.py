"""What a visitor finds: courses and resources that are open to everyone."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from accounts.models import LocalArea
from courses.models import CoursePage
from courses.selectors.durations import minutes_in_words
from resources_repo.models import ResourcePage

SHOWN = 3


@dataclass(frozen=True)
class Card:
    """The variables of components/card.html."""

    title: str
    url: str
    summary: str
    eyebrow: str = ""
    meta: str = ""


def open_courses(*, local_area: LocalArea) -> list[Card]:
    """Return courses anyone can read about, latest first; one query."""
    pages = (
        CoursePage.objects.in_area(local_area)
        .visible_to(AnonymousUser())
        .filter(course__current_version__isnull=False)
        .order_by("-first_published_at", "title")[:SHOWN]
    )
    return [
        Card(
            page.title,
            page.url,
            page.summary,
            page.get_mode_display(),
            minutes_in_words(page.duration_minutes),
        )
        for page in pages
    ]


def open_resources(*, local_area: LocalArea) -> list[Card]:
    """Return resources open to everyone, latest first; one query."""
    pages = (
        ResourcePage.objects.in_area(local_area)
        .visible_to(AnonymousUser())
        .order_by("-first_published_at", "title")[:SHOWN]
    )
    return [
        Card(page.title, page.url, page.summary, page.get_resource_type_display()) for page in pages
    ]
