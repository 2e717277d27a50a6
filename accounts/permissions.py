"""Pure predicates of accounts: what someone may do with an object they can see."""

from __future__ import annotations

import datetime as dt

from accounts import access
from accounts.enums import Role
from accounts.models import LocalArea, Organisation, Post, User


def can_view_person(user: User, person: User, *, on: dt.date) -> bool:
    """Whether the viewer sees the person by name; agrees with `User.objects.visible_to`."""
    return User.objects.filter(pk=person.pk).visible_to(user, on).exists()


def can_view_post(user: User, post: Post, *, on: dt.date) -> bool:
    """Whether the viewer sees the post; agrees with `Post.objects.visible_to`."""
    return Post.objects.filter(pk=post.pk).visible_to(user, on).exists()


def can_manage_posts(user: User, organisation: Organisation, *, on: dt.date) -> bool:
    """Whether the person may add and end posts there: its lead, its manager or an administrator."""
    return access.has_role(
        user,
        Role.SETTING_LEAD,
        Role.TEAM_MANAGER,
        Role.TRAINING_ADMIN,
        on=on,
        organisation=organisation,
    )


# What each role may hand on: never above one's own (design: security, "Roles").
GRANTABLE: dict[str, frozenset[str]] = {
    Role.SETTING_LEAD: frozenset({Role.SETTING_LEAD}),
    Role.TEAM_MANAGER: frozenset({Role.TEAM_MANAGER}),
    Role.TRAINING_ADMIN: frozenset({Role.SETTING_LEAD, Role.TEAM_MANAGER}),
    Role.SYSTEM_ADMIN: frozenset(set(Role.values) - {Role.SYSTEM_ADMIN}),
}


def can_grant_role(
    user: User,
    role: str,
    *,
    local_area: LocalArea,
    organisation: Organisation | None,
    on: dt.date,
) -> bool:
    """Whether the person may grant the role there: within their own scope and not above it.

    Making another system administrator takes two people and is not done by one grant.
    """
    givers = [own for own, may in GRANTABLE.items() if role in may]
    if organisation is None:
        areas = access.areas_with_role(user, givers, on)
        return areas.filter(pk=local_area.pk).exists()
    return access.has_role(user, *givers, on=on, local_area=local_area, organisation=organisation)
