"""The one line of navigation: what a person's roles open, read on each request in two queries."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict

from django.http import HttpRequest

from accounts import access
from accounts.enums import Role
from accounts.models import User
from core import clock

_EDITORS = {Role.TRAINING_ADMIN, Role.SYSTEM_ADMIN, Role.REVIEWER}
_TEAM = {Role.SETTING_LEAD, Role.TEAM_MANAGER, Role.TRAINING_ADMIN}
_IMPACT = {Role.EVALUATOR, Role.DIRECTOR}
_AUDIT = {Role.SYSTEM_ADMIN, Role.AUDITOR}


class Link(TypedDict):
    """One link of the navigation; `current` marks the room the person is in."""

    label: str
    url: str
    current: bool


def navigation_of(request: HttpRequest) -> list[Link]:
    """Return the links for this person; a visitor gets what is open to everyone."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_active:
        rooms = [("Courses", "/courses/"), ("Resources", "/resources/"), ("Search", "/search/")]
        return [_link(request, *room) for room in rooms]
    on = getattr(request, "today", None) or clock.today()
    roles = roles_of(request, user, on)
    rooms = [
        ("My learning", "/my-learning/"),
        ("Courses", "/courses/"),
        ("Resources", "/resources/"),
        ("Networks", "/networks/"),
    ]
    if roles & _TEAM or _manages_someone(user, on):
        rooms.append(("Team", "/team/"))
    if Role.SETTING_LEAD in roles:
        rooms.append(("Setting", "/setting/"))
    if roles & _IMPACT:
        rooms.append(("Impact", "/impact/"))
    if roles & _EDITORS:
        rooms.append(("Editing", "/cms/"))
    if roles & _AUDIT:
        rooms.append(("Audit log", "/audit-log/"))
    return [_link(request, *room) for room in rooms]


def roles_of(request: HttpRequest, user: User, on: dt.date) -> set[str]:
    """Return the roles the person holds on the day; one query a request, kept on the request.

    The home and the navigation of one page ask for the same; the next request asks anew.
    """
    kept: dict[tuple[int, dt.date], set[str]] = request.__dict__.setdefault("_roles_held", {})
    if (user.pk, on) not in kept:
        kept[user.pk, on] = set(access.grants_in_force(user, on).values_list("role", flat=True))
    return kept[user.pk, on]


def account_links_of(request: HttpRequest) -> list[dict[str, str]]:
    """Return the links of the account menu that are ours; allauth's follow them."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    return [
        {"label": "My record", "url": "/my-record/"},
        {"label": "Search", "url": "/search/"},
    ]


def _manages_someone(user: User, on: dt.date) -> bool:
    """Whether the person is the line manager of a post held today."""
    return user.managed_posts.held_on(on).exists()


def _link(request: HttpRequest, label: str, url: str) -> Link:
    return {"label": label, "url": url, "current": request.path.startswith(url)}
