"""Pure predicates of networks: what someone may do with a network they can see."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from accounts import access
from accounts.enums import Role
from accounts.models import LocalArea, User
from networks.enums import LEADING_ROLES, MODERATING_ROLES, MessageStatus, Visibility
from networks.models import Membership, Message, Network

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Viewer = User | AnonymousUser


def role_in(user: Viewer, network: Network, *, on: dt.date) -> str | None:
    """Return the person's role in the network on the day, or None."""
    if not user.is_authenticated:
        return None
    roles = set(
        Membership.objects.in_force(on)
        .filter(network=network, person=user)
        .values_list("role", flat=True)
    )
    return next((role for role in (*MODERATING_ROLES, "member") if role in roles), None)


def is_steward(user: Viewer, local_area: LocalArea | int, *, on: dt.date) -> bool:
    """Whether the person is steward of the whole area on the day."""
    if not isinstance(user, User):
        return False
    key = local_area.pk if isinstance(local_area, LocalArea) else local_area
    return access.areas_with_role(user, (Role.STEWARD,), on).filter(pk=key).exists()


def can_look_inside(user: Viewer, network: Network, *, on: dt.date) -> bool:
    """Whether the person sees members and meetings; agrees with `inside_visible_to`."""
    return Network.objects.filter(pk=network.pk).inside_visible_to(user, on).exists()


def can_lead(user: Viewer, network: Network, *, on: dt.date) -> bool:
    """Whether the person runs the network: its lead or deputy, or the area's steward."""
    return role_in(user, network, on=on) in LEADING_ROLES or is_steward(
        user, network.local_area_id, on=on
    )


def can_take_register(user: Viewer, network: Network, *, on: dt.date) -> bool:
    """Whether the person takes registers and schedules meetings: lead and deputy."""
    return role_in(user, network, on=on) in LEADING_ROLES


def can_moderate(user: Viewer, network: Network, *, on: dt.date) -> bool:
    """Whether the person reads held messages and decides on them; a steward does not."""
    return role_in(user, network, on=on) in MODERATING_ROLES


def can_discuss(user: Viewer, network: Network, *, on: dt.date) -> bool:
    """Whether the person reads and writes messages: members, where there is a discussion."""
    return (
        network.has_discussion
        and network.closed_on is None
        and role_in(user, network, on=on) is not None
    )


def can_edit_message(user: Viewer, message: Message) -> bool:
    """Whether the person may change the text: its author, while it is held."""
    return message.author_id == user.pk and message.status == MessageStatus.HELD


def can_join(user: Viewer, network: Network, *, on: dt.date) -> bool:
    """Whether the person may join by themselves: open networks of their area with room."""
    if not isinstance(user, User) or network.visibility != Visibility.AREA:
        return False
    if network.closed_on is not None or role_in(user, network, on=on) is not None:
        return False
    return access.areas_of(user, on).filter(pk=network.local_area_id).exists()
