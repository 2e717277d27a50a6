"""What the list of networks and a network's home show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Min, Q

from accounts.models import LocalArea, User
from accounts.querysets import in_force
from core import clock
from networks import permissions
from networks.enums import LEADING_ROLES, MODERATING_ROLES, MembershipRole, ReplyAnswer, Visibility
from networks.home_slots import Slot, slots_for
from networks.models import Meeting, Membership, Message, Network, Reply, Thread
from networks.selectors.members import SettingGroup, members_by_setting
from networks.selectors.registers import SettingAttendance, settings_that_never_attend

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

SHOWN = 5


@dataclass(frozen=True)
class NetworkCard:
    """A network in a list; `next_at` is None without a meeting or without the right to know."""

    name: str
    url: str
    kind: str
    purpose: str
    role: str
    people: int
    settings: int
    next_at: dt.datetime | None
    is_members_only: bool
    is_hidden: bool
    parent_id: int | None


@dataclass
class NetworkHome:
    """Everything a network's home shows one person. Lists are empty where they may not look."""

    role: str | None
    inside: bool
    may_lead: bool
    may_take_register: bool
    may_moderate: bool
    may_discuss: bool
    may_join: bool
    leads: list[Membership]
    groups: list[Network]
    next_meeting: Meeting | None = None
    own_reply: str = ""
    coming: int = 0
    later: list[Meeting] = field(default_factory=list)
    past: list[Meeting] = field(default_factory=list)
    threads: list[Thread] = field(default_factory=list)
    questions: list[Thread] = field(default_factory=list)
    settings: list[SettingGroup] = field(default_factory=list)
    people: int = 0
    never_attend: list[SettingAttendance] = field(default_factory=list)
    held: int = 0
    slots: list[Slot] = field(default_factory=list)

    @property
    def sees_names(self) -> bool:
        """Whether names of ordinary members are shown: to members and to the steward."""
        return self.role is not None or self.may_lead


def network_cards(
    user: User | AnonymousUser, *, local_area: LocalArea, at: dt.datetime
) -> list[NetworkCard]:
    """Return the networks the person may know of, by name; three queries for any number."""
    today = clock.london_date(at)
    current = in_force(today, "memberships__")
    networks = (
        Network.objects.in_area(local_area)
        .open()
        .visible_to(user, today)
        .annotate(
            people=Count("memberships__person", filter=current, distinct=True),
            settings=Count("memberships__organisation", filter=current, distinct=True),
        )
    )
    next_at = dict(
        Network.objects.in_area(local_area)
        .inside_visible_to(user, today)
        .values_list("pk")
        .annotate(
            next_at=Min(
                "meetings__starts_at",
                filter=Q(meetings__ends_at__gte=at, meetings__cancelled_at__isnull=True),
            )
        )
    )
    roles = dict(
        Membership.objects.in_force(today).filter(person=user.pk).values_list("network", "role")
    )
    return [
        NetworkCard(
            name=network.name,
            url=network.get_absolute_url(),
            kind=network.get_kind_display(),
            purpose=network.purpose,
            role=MembershipRole(roles[network.pk]).label if network.pk in roles else "",
            people=network.people,
            settings=network.settings,
            next_at=next_at.get(network.pk),
            is_members_only=network.visibility == Visibility.MEMBERS,
            is_hidden=network.visibility == Visibility.HIDDEN,
            parent_id=network.parent_id,
        )
        for network in networks
    ]


def network_home(network: Network, user: User | AnonymousUser, *, at: dt.datetime) -> NetworkHome:
    """Return what the home shows this person; about a dozen queries, whatever the size."""
    today = clock.london_date(at)
    role = permissions.role_in(user, network, on=today)
    steward = permissions.is_steward(user, network.local_area_id, on=today)
    may_join = role is None and permissions.can_join(user, network, on=today)
    home = NetworkHome(
        role=role,
        inside=role is not None or steward or permissions.can_look_inside(user, network, on=today),
        may_lead=role in LEADING_ROLES or steward,
        may_take_register=role in LEADING_ROLES,
        may_moderate=role in MODERATING_ROLES,
        may_discuss=role is not None and network.has_discussion,
        may_join=may_join,
        leads=list(
            Membership.objects.in_force(today)
            .leading()
            .filter(network=network)
            .select_related("person", "organisation")
            .order_by("-role", "starts_on")
        ),
        groups=list(Network.objects.filter(parent=network).open().visible_to(user, today)),
    )
    if not home.inside or not isinstance(user, User):
        return home
    _add_meetings(home, network, user, at)
    home.settings = members_by_setting(network, today)
    home.people = sum(len(group.people) for group in home.settings)
    if home.may_discuss:
        _add_discussion(home, network, user, today)
    if home.may_moderate:
        home.held = Message.objects.held().filter(thread__network=network).count()
    if home.may_lead:
        home.never_attend = settings_that_never_attend(network, at=at)
    home.slots = slots_for(network, user)
    return home


def _add_meetings(home: NetworkHome, network: Network, user: User, at: dt.datetime) -> None:
    upcoming = list(network.meetings.upcoming(at)[: SHOWN + 1])  # type: ignore[attr-defined]
    home.past = list(network.meetings.held(at)[:3])  # type: ignore[attr-defined]
    for meeting in (*upcoming, *home.past):
        meeting.network = network
    if not upcoming:
        return
    home.next_meeting, *home.later = upcoming
    replies = list(
        Reply.objects.filter(meeting=home.next_meeting).values_list("person_id", "answer")
    )
    home.coming = sum(answer == ReplyAnswer.YES for _, answer in replies)
    home.own_reply = dict(replies).get(user.pk, "")


def _add_discussion(home: NetworkHome, network: Network, user: User, today: dt.date) -> None:
    threads = (
        Thread.objects.filter(network=network)
        .visible_to(user, today)
        .select_related("started_by")
        .annotate(
            number=Count("messages", filter=Q(messages__status="published")),
        )
        .order_by("-last_message_at", "-pk")
    )
    home.threads = list(threads[:SHOWN])
    home.questions = list(threads.unanswered().order_by("started_at")[:3])
    for thread in (*home.threads, *home.questions):
        thread.network = network
