"""What is new for a person: resources and courses published lately, talk in their networks."""

from __future__ import annotations

import datetime as dt

from accounts.models import LocalArea, User
from courses.models import CoursePage
from networks.models import Thread
from resources_repo.models import ResourcePage
from website.home.parts import News

LATELY = dt.timedelta(days=60)
SHOWN = 5
# What a line of news takes of a page, with what its address takes.
_SHOWN = ("title", "summary", "first_published_at", "path", "url_path", "locale", "translation_key")


def whats_new(user: User, *, local_area: LocalArea, at: dt.datetime) -> list[News]:
    """Return at most SHOWN new things the person may read, latest first; three queries."""
    since = at - LATELY
    found: list[tuple[dt.datetime, News]] = []
    resources = (
        ResourcePage.objects.in_area(local_area)
        .visible_to(user)
        .filter(first_published_at__gte=since)
        .only(*_SHOWN)
        .order_by("-first_published_at")[:3]
    )
    found += [
        (page.first_published_at, News(page.title, page.url, "New resource", page.summary))
        for page in resources
    ]
    courses = (
        CoursePage.objects.in_area(local_area)
        .visible_to(user)
        .filter(first_published_at__gte=since, course__current_version__isnull=False)
        .only(*_SHOWN)
        .order_by("-first_published_at")[:2]
    )
    found += [
        (page.first_published_at, News(page.title, page.url, "New course", page.summary))
        for page in courses
    ]
    threads = (
        Thread.objects.visible_to(user)
        .filter(last_message_at__gte=since)
        .select_related("network")
        .order_by("-last_message_at")[:3]
    )
    found += [
        (
            thread.last_message_at,
            News(thread.title, thread.get_absolute_url(), f"Discussion in {thread.network.name}"),
        )
        for thread in threads
    ]
    found.sort(key=lambda pair: pair[0], reverse=True)
    return [news for _, news in found[:SHOWN]]
