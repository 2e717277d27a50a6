"""Search over the rooms: one query a type, grouped, and only what the person may read.

The visible set is a subquery on the primary key, since a queryset with joins or `Exists` cannot
be handed to the search backend; so what is hidden neither appears nor counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.html import strip_tags
from django.utils.http import urlencode
from django.utils.text import Truncator

from accounts.models import LocalArea, User
from core.pages import GuardedPage
from courses.models import CoursePage
from networks.models import NetworkPage
from resources_repo.models import ResourcePage
from website.models import StandardPage

SHOWN = 10
LONGEST_QUERY = 200


@dataclass(frozen=True)
class Found:
    """One result, ready for components/result_row.html."""

    title: str
    url: str
    summary: str
    kind: str = ""


@dataclass(frozen=True)
class Group:
    """The results of one type: at most SHOWN, and where the rest is if there is more."""

    name: str
    noun: str
    results: tuple[Found, ...]
    more_url: str = ""

    @property
    def count_text(self) -> str:
        """How many, in words that stay true when there are more than are shown."""
        number = len(self.results)
        if self.more_url:
            return f"the first {number}"
        return f"{number} {self.noun}" if number == 1 else f"{number} {self.noun}s"


@dataclass(frozen=True)
class _Kind:
    model: type[GuardedPage]
    name: str
    noun: str
    summary: Callable[[Any], str]
    more: str
    related: tuple[str, ...] = ()


_KINDS = (
    _Kind(CoursePage, "Courses", "course", lambda page: page.summary, "/courses/"),
    _Kind(ResourcePage, "Resources", "resource", lambda page: page.summary, "/resources/"),
    _Kind(
        NetworkPage,
        "Networks",
        "network",
        lambda page: page.network.purpose,
        "/networks/",
        ("network",),
    ),
    _Kind(StandardPage, "Help and information", "page", lambda page: page.introduction, ""),
)


def tidy(query: str) -> str:
    """Return the query without control characters, runs of spaces and undue length."""
    printable = "".join(sign if sign.isprintable() else " " for sign in query)
    return " ".join(printable.split())[:LONGEST_QUERY]


def search_groups(query: str, *, user: User | AnonymousUser, local_area: LocalArea) -> list[Group]:
    """Return the groups that have results, in the order of the navigation; one query a type."""
    if not query:
        return []
    groups = []
    for kind in _KINDS:
        visible = kind.model.objects.in_area(local_area).visible_to(user)
        pages = kind.model.objects.filter(pk__in=visible.order_by().values("pk"))
        found = list(pages.select_related(*kind.related).search(query)[: SHOWN + 1])
        if found:
            groups.append(_group(kind, found, query, local_area.root_page.url_path))
    return groups


def _group(kind: _Kind, pages: list[Any], query: str, root_path: str) -> Group:
    more = len(pages) > SHOWN and kind.more
    return Group(
        name=kind.name,
        noun=kind.noun,
        results=tuple(
            Found(
                title=page.title,
                url="/" + page.url_path.removeprefix(root_path),
                summary=Truncator(strip_tags(kind.summary(page))).chars(180),
            )
            for page in pages[:SHOWN]
        ),
        more_url=f"{kind.more}?{urlencode({'q': query})}" if more else "",
    )
