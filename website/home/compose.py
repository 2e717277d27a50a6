"""Puts the home together: the person's next action first, then what their roles add."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils import timezone

from accounts.models import LocalArea, User
from core import clock
from website.home.duties import duties_of
from website.home.learning import ToDo, explore, own_learning
from website.home.meetings import next_meetings
from website.home.news import whats_new
from website.home.parts import Action, Duty, Event, News
from website.home.visitor import Card, open_courses, open_resources
from website.navigation import roles_of

if TYPE_CHECKING:
    from website.models import HomePage


@dataclass(frozen=True)
class SignedInHome:
    """The home of somebody signed in, in the order in which it is read."""

    greeting: str
    action: Action
    to_do: ToDo
    duties: tuple[Duty, ...]
    meetings: list[Event]
    news: list[News]


@dataclass(frozen=True)
class PublicHome:
    """The home of a visitor."""

    introduction: str
    courses: list[Card] = field(default_factory=list)
    resources: list[Card] = field(default_factory=list)


def home_of(request: HttpRequest, *, home_page: HomePage) -> SignedInHome | PublicHome:
    """Return what this person's home shows; a constant number of queries for each role."""
    area: LocalArea | None = request.local_area or None  # type: ignore[attr-defined]
    user = request.user
    if area is None or not isinstance(user, User) or getattr(request, "is_preview", False):
        return _public(home_page, area)
    at = clock.now()
    today = clock.london_date(at)
    roles = roles_of(request, user, today)
    own, todo = own_learning(user, local_area=area, today=today)
    duties = duties_of(user, roles=roles, local_area=area, at=at)
    meetings = next_meetings(user, at=at, today=today)
    asked = [duty.action for duty in duties if duty.action is not None]
    return SignedInHome(
        greeting=f"{_time_of_day(at)}, {user.given_name}",
        action=own or (asked[0] if asked else _meeting(meetings) or explore(todo)),
        to_do=todo,
        duties=duties,
        meetings=meetings,
        news=whats_new(user, local_area=area, at=at),
    )


def _meeting(meetings: list[Event]) -> Action | None:
    """The next meeting, for somebody of whom nothing else is asked."""
    for event in meetings:
        return Action(
            title=event.title,
            url=event.url,
            label="See the meeting",
            eyebrow="Your next meeting",
            detail=event.when,
            meta=event.place,
        )
    return None


def _public(home_page: HomePage, area: LocalArea | None) -> PublicHome:
    if area is None:
        return PublicHome(home_page.introduction)
    return PublicHome(
        home_page.introduction,
        courses=open_courses(local_area=area),
        resources=open_resources(local_area=area),
    )


def _time_of_day(at: dt.datetime) -> str:
    hour = timezone.localtime(at).hour
    return "Good morning" if hour < 12 else "Good afternoon" if hour < 18 else "Good evening"
