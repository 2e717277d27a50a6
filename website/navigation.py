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
_TEAM = set(access.ROLES_THAT_READ_PEOPLE)
_IMPACT = {Role.EVALUATOR, Role.DIRECTOR}
_STAFFROOM = {Role.SETTING_LEAD, Role.TEAM_MANAGER}
_KEEPERS: set[str] = {Role.TRAINING_ADMIN, Role.SYSTEM_ADMIN, Role.DPO, Role.AUDITOR}
_ADMINISTRATION = ("Administration", "/administration/")
# The rooms kept from Administration, and whose they are there.
_KEPT: dict[str, set[str]] = {
    "/people/": {Role.TRAINING_ADMIN},
    "/people/sign-in/": {Role.SYSTEM_ADMIN},
    "/organisations/": {Role.TRAINING_ADMIN, Role.SYSTEM_ADMIN},
    "/clusters/": {Role.TRAINING_ADMIN, Role.SYSTEM_ADMIN},
    "/roles/": {Role.TRAINING_ADMIN, Role.SYSTEM_ADMIN},
    "/roles/mine/": set(),
    "/sign-in-services/": {Role.SYSTEM_ADMIN},
    "/privacy/requests/": _KEEPERS - {Role.TRAINING_ADMIN},
    "/privacy/holds/": _KEEPERS - {Role.TRAINING_ADMIN},
    "/privacy/retention/": _KEEPERS - {Role.TRAINING_ADMIN},
    "/audit-log/": {Role.SYSTEM_ADMIN, Role.AUDITOR},
    "/audit-log/setting/": set(),
    "/records/": {Role.SYSTEM_ADMIN, Role.AUDITOR},
}


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
    if roles & _STAFFROOM:
        rooms.append(("People", "/people/"))
    over_the_area = roles_of(request, user, on, whole_area=True)
    if over_the_area & _IMPACT:
        rooms.append(("Impact", "/impact/"))
    if over_the_area & _EDITORS:
        rooms.append(("Editing", "/cms/"))
    links = [_link(request, *room) for room in rooms]
    if over_the_area & _KEEPERS:
        administration = _link(request, *_ADMINISTRATION)
        if not any(link["current"] for link in links):
            administration["current"] = bool(administration["current"] or way_up_of(request))
        links.append(administration)
    return links


def way_up_of(request: HttpRequest) -> dict[str, str] | None:
    """Return the link to Administration for who keeps the room they are in from there.

    A setting lead opens some of the same rooms from the line of navigation: not they.
    """
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_active:
        return None
    if not request.path.startswith(tuple(_KEPT)):
        return None
    on = getattr(request, "today", None) or clock.today()
    held = roles_of(request, user, on, whole_area=True)
    address = max((kept for kept in _KEPT if request.path.startswith(kept)), key=len)
    if not held & _KEPT[address]:
        return None
    label, url = _ADMINISTRATION
    return {"label": label, "url": url}


def roles_of(
    request: HttpRequest, user: User, on: dt.date, *, whole_area: bool = False
) -> set[str]:
    """Return the roles the person holds here on the day; one query a request, kept on the request.

    Rooms whose figures are the whole area's ask for `whole_area`. The home and the navigation of
    one page ask for the same; the next request asks anew.
    """
    kept: dict[tuple[int, dt.date], list[tuple[str, int | None]]]
    kept = request.__dict__.setdefault("_roles_held", {})
    if (user.pk, on) not in kept:
        grants = access.grants_in_force(user, on)
        area = getattr(request, "local_area", None)
        if area:
            grants = grants.filter(local_area=area.pk)
        kept[user.pk, on] = list(grants.values_list("role", "organisation"))
    return {role for role, place in kept[user.pk, on] if place is None or not whole_area}


def account_links_of(request: HttpRequest) -> list[dict[str, str]]:
    """Return the links of the account menu that are ours; allauth's follow them."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    links = [
        {"label": "My profile", "url": "/profile/"},
        {"label": "My record", "url": "/my-record/"},
    ]
    if roles_of(request, user, getattr(request, "today", None) or clock.today()):
        links.append({"label": "My roles", "url": "/roles/mine/"})
    return [*links, {"label": "Search", "url": "/search/"}]


def _manages_someone(user: User, on: dt.date) -> bool:
    """Whether the person is the line manager of a post held today."""
    return user.managed_posts.held_on(on).exists()


def _link(request: HttpRequest, label: str, url: str) -> Link:
    return {"label": label, "url": url, "current": request.path.startswith(url)}
