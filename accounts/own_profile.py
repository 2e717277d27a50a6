"""What somebody sees of themselves: posts, whom to ask, and how they sign in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from accounts.enums import Role
from accounts.models import Post, RoleGrant, User
from accounts.querysets import in_force
from accounts.services.addresses import has_own_mailbox

_SHOWN_LEADS = 3


@dataclass(frozen=True)
class OwnPost:
    """One of one's own posts, and who there can put it right."""

    post: Post
    leads: list[str]

    @property
    def ask(self) -> str:
        """Name who to ask: "Ask Nadia Ferreira or Jo Marsh"."""
        if not self.leads:
            return ""
        *others, last = self.leads
        return f"{', '.join(others)} or {last}" if others else last


@dataclass(frozen=True)
class Profile:
    """One's own profile. `needs_address`: nothing of one's own opens the account yet."""

    person: User
    present: list[OwnPost]
    past: list[OwnPost]
    roles: list[RoleGrant]
    signs_in_with_own: bool

    @property
    def has_left(self) -> bool:
        """Whether there is neither a post nor a role now: only the own record is open."""
        return not self.present and not self.roles

    @property
    def needs_address(self) -> bool:
        """Whether one's own address is still to be given."""
        return not self.person.personal_email and not self.signs_in_with_own

    @property
    def waits_for_own(self) -> bool:
        """Whether the employer's address signs in although the last post has ended."""
        return self.has_left and bool(self.past) and not self._is_own

    @property
    def _is_own(self) -> bool:
        own = (self.person.personal_email or "").lower()
        return self.signs_in_with_own or (self.person.email or "").lower() == own


def profile_of(person: User, on: dt.date) -> Profile:
    """Return one's own profile; three queries."""
    posts = list(
        Post.objects.filter(person=person)
        .select_related("organisation", "line_manager")
        .order_by("-starts_on", "-pk")
    )
    present = [post for post in posts if post.ends_on is None or post.ends_on >= on]
    leads = _leads_of({post.organisation_id for post in present}, person, on)
    shown = [OwnPost(post, leads.get(post.organisation_id, [])) for post in present]
    return Profile(
        person=person,
        present=shown,
        past=[OwnPost(post, []) for post in posts if post not in present],
        roles=list(
            RoleGrant.objects.in_force(on)
            .filter(person=person)
            .select_related("organisation", "local_area")
        ),
        signs_in_with_own=has_own_mailbox(person),
    )


def _leads_of(organisations: set[int], person: User, on: dt.date) -> dict[int, list[str]]:
    """Return who keeps the posts of each organisation: colleagues of whoever asks."""
    grants = (
        RoleGrant.objects.filter(
            in_force(on),
            Q(role=Role.SETTING_LEAD) | Q(role=Role.TEAM_MANAGER),
            organisation__in=organisations,
            person__is_active=True,
        )
        .exclude(person=person)
        .select_related("person")
        .order_by("person__family_name", "person__given_name", "pk")
    )
    found: dict[int, list[str]] = {}
    for grant in grants:
        names = found.setdefault(grant.organisation_id or 0, [])
        name = grant.person.get_full_name()
        if name not in names and len(names) < _SHOWN_LEADS:
            names.append(name)
    return found
