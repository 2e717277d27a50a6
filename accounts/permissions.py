"""Pure predicates of accounts: what someone may do with an object they can see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from accounts import access
from accounts.enums import Role
from accounts.models import LocalArea, Organisation, Post, RoleGrant, RoleProposal, User
from accounts.querysets import RoleGrantQuerySet


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


def can_keep_directory(user: User, local_area: LocalArea, *, on: dt.date) -> bool:
    """Whether the person keeps the area's organisations: adds, closes, converts, clusters."""
    areas = access.areas_with_role(user, (Role.TRAINING_ADMIN, Role.SYSTEM_ADMIN), on)
    return user.is_authenticated and areas.filter(pk=local_area.pk).exists()


def can_decide_sharing(user: User, employer: Organisation, *, on: dt.date) -> bool:
    """Whether the person decides for the employer, as controller, who sees its people's names.

    Its own lead or manager; a team decides nothing apart from its employer, and an
    administrator of the area does not decide for an employer, nor does whoever stands in for its
    lead for a while.
    """
    return (
        employer.parent_id is None
        and user.is_authenticated
        and access.grants_in_force(user, on)
        .filter(
            role__in=(Role.SETTING_LEAD, Role.TEAM_MANAGER),
            organisation=employer,
            delegated_from__isnull=True,
        )
        .exists()
    )


# What each role may hand on: never above one's own (design: security, "Roles").
GRANTABLE: dict[str, frozenset[str]] = {
    Role.SETTING_LEAD: frozenset({Role.SETTING_LEAD}),
    Role.TEAM_MANAGER: frozenset({Role.TEAM_MANAGER}),
    Role.TRAINING_ADMIN: frozenset({Role.SETTING_LEAD, Role.TEAM_MANAGER}),
    Role.SYSTEM_ADMIN: frozenset(set(Role.values) - {Role.SYSTEM_ADMIN}),
}


@dataclass(frozen=True)
class Giving:
    """One of the person's own grants, as far as it lets them grant: what, where and until when."""

    roles: frozenset[str]
    organisation_ids: frozenset[int] | None
    ends_on: dt.date | None

    def covers(self, role: str, organisation_id: int | None) -> bool:
        """Whether the role may be granted there; None as organisation is the whole area."""
        if role not in self.roles:
            return False
        if self.organisation_ids is None:
            return True
        return organisation_id is not None and organisation_id in self.organisation_ids


def givings_of(user: User, *, local_area: LocalArea, on: dt.date) -> list[Giving]:
    """Return what the person may grant in the area; at most two queries.

    A role held by delegation grants nothing: it cannot be handed on.
    """
    if not user.is_authenticated:
        return []
    own = list(
        access.grants_in_force(user, on)
        .filter(role__in=GRANTABLE, local_area=local_area, delegated_from__isnull=True)
        .values_list("role", "organisation_id", "ends_on")
    )
    return [
        Giving(
            roles=GRANTABLE[role],
            organisation_ids=None
            if organisation_id is None
            else frozenset(access.with_teams_below([organisation_id])),
            ends_on=ends_on,
        )
        for role, organisation_id, ends_on in own
    ]


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
    if organisation is not None and organisation.local_area_id != local_area.pk:
        return False
    place = organisation.pk if organisation is not None else None
    return any(
        giving.covers(role, place) for giving in givings_of(user, local_area=local_area, on=on)
    )


def beyond_reach(user: User, person_ids: Collection[int], *, on: dt.date) -> set[int]:
    """Return those of the people whose accounts open more than the user could grant.

    Whoever decides where such an account's address or card goes could come in with it. Roles that
    begin later count, and so does being proposed as a system administrator.
    """
    grants = (
        RoleGrant.objects.filter(person__in=person_ids)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
        .select_related("local_area")
        .order_by()
    )
    proposed = RoleProposal.objects.filter(person__in=person_ids, decided_at__isnull=True)
    found = set(proposed.order_by().values_list("person_id", flat=True))
    givings: dict[LocalArea, list[Giving]] = {}
    for grant in grants:
        area = grant.local_area
        if area not in givings:
            givings[area] = givings_of(user, local_area=area, on=on)
        if not any(giving.covers(grant.role, grant.organisation_id) for giving in givings[area]):
            found.add(grant.person_id)
    return found


def can_end_grant(user: User, grant: RoleGrant, *, on: dt.date) -> bool:
    """Whether the person may end the grant: its holder, who delegated it, or who could grant it.

    A system administrator's is ended by another one.
    """
    if not user.is_authenticated:
        return False
    if grant.person_id == user.pk or _delegated(user, grant):
        return True
    if grant.role == Role.SYSTEM_ADMIN:
        return is_administrator(user, grant.local_area, on)
    return can_grant_role(
        user, grant.role, local_area=grant.local_area, organisation=grant.organisation, on=on
    )


def _delegated(user: User, grant: RoleGrant) -> bool:
    return grant.delegated_from is not None and grant.delegated_from.person_id == user.pk


def can_delegate(user: User, grant: RoleGrant, *, on: dt.date) -> bool:
    """Whether the holder may hand the grant on for a while.

    Not a grant that was itself handed on, nor system administration, nor one that has ended.
    """
    return (
        grant.person_id == user.pk
        and grant.delegated_from_id is None
        and grant.role != Role.SYSTEM_ADMIN
        and (grant.ends_on is None or grant.ends_on >= on)
    )


def administrators(local_area: LocalArea, on: dt.date) -> RoleGrantQuerySet:
    """Return the grants of those who can administer the whole area on the day."""
    return RoleGrant.objects.in_force(on).filter(
        role=Role.SYSTEM_ADMIN,
        local_area=local_area,
        organisation__isnull=True,
        person__is_active=True,
        person__suspended_at__isnull=True,
    )


def is_administrator(person: User, local_area: LocalArea, on: dt.date) -> bool:
    """Whether the person administers the whole area on the day."""
    return administrators(local_area, on).filter(person=person.pk).exists()


def is_last_administrator(person: User, local_area: LocalArea, on: dt.date) -> bool:
    """Whether nobody would administer the area on the day without this person.

    Ask under the area's lock (`LocalArea.objects.select_for_update()`) before taking somebody out.
    """
    standing = administrators(local_area, on)
    if not standing.filter(person=person.pk).exists():
        return False
    return not standing.exclude(person=person.pk).exists()


def can_decide_proposal(user: User, proposal: RoleProposal, *, on: dt.date) -> bool:
    """Whether the person may decide: another administrator or, where the proposer is the only
    one, a director of the area; never the candidate nor the proposer.
    """
    if user.pk in (proposal.person_id, proposal.proposed_by_id) or not user.is_authenticated:
        return False
    others = administrators(proposal.local_area, on).exclude(
        person__in=(proposal.person_id, proposal.proposed_by_id)
    )
    if others.exists():
        return others.filter(person=user.pk).exists()
    directs = access.areas_with_role(user, (Role.DIRECTOR,), on)
    return directs.filter(pk=proposal.local_area_id).exists()
