"""Hand a role on for a while: to a colleague, with the same scope or a narrower one."""

from __future__ import annotations

import calendar
import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from accounts import access
from accounts.models import LocalArea, Organisation, Post, RoleGrant, User
from accounts.permissions import can_delegate
from accounts.querysets import OrganisationQuerySet, UserQuerySet, in_force
from accounts.role_words import wrong_place
from accounts.services.roles import write_grant
from core import clock

MOST_MONTHS = 12


class UnableToDelegate(Exception):
    """The role cannot be handed on like that; the message says why."""


@transaction.atomic
def delegate_role(
    *,
    by: User,
    grant: RoleGrant,
    to: User,
    organisation: Organisation | None = None,
    starts_on: dt.date,
    ends_on: dt.date,
    reason: str,
    at: dt.datetime,
) -> RoleGrant:
    """Hand the grant on to a colleague from one day to another; `organisation` narrows its scope.

    The holder keeps the role. The delegation ends with theirs at the latest, lasts 12 months at
    most and cannot be handed on. Asked for again, the same one is returned. Raises
    PermissionDenied or UnableToDelegate. Either side ends it with `end_role`.
    """
    LocalArea.objects.select_for_update().get(pk=grant.local_area_id)
    grant = RoleGrant.objects.select_related("local_area", "organisation").get(pk=grant.pk)
    on = clock.london_date(at)
    if not by.is_active or not can_delegate(by, grant, on=on):
        raise PermissionDenied
    organisation = organisation or grant.organisation
    _check_days(grant, starts_on, ends_on, on)
    _check_scope(grant, organisation)
    if to == by or not colleagues_for(grant, starts_on).filter(pk=to.pk).exists():
        raise UnableToDelegate("Choose a colleague with a post at the same employer.")
    standing = RoleGrant.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=ends_on),
        person=to,
        role=grant.role,
        local_area=grant.local_area,
        organisation=organisation,
        starts_on__lte=starts_on,
    ).first()
    if standing is not None and standing.delegated_from_id == grant.pk:
        return standing
    if standing is not None:
        raise UnableToDelegate(f"{to} holds this role on these days already.")
    return write_grant(
        by=by,
        person=to,
        role=grant.role,
        local_area=grant.local_area,
        organisation=organisation,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        delegated_from=grant,
        verb="role.delegated",
        at=at,
    )


def _check_days(grant: RoleGrant, starts_on: dt.date, ends_on: dt.date, on: dt.date) -> None:
    if starts_on < on:
        raise UnableToDelegate("The first day is in the past. Choose today or later.")
    if starts_on < grant.starts_on:
        raise UnableToDelegate("Your own role has not begun by then.")
    if ends_on < starts_on:
        raise UnableToDelegate("The last day is before the first.")
    if ends_on > months_later(starts_on, MOST_MONTHS):
        raise UnableToDelegate("Hand the role on for 12 months at most.")
    if grant.ends_on is not None and ends_on > grant.ends_on:
        raise UnableToDelegate(
            f"Your own role ends on {grant.ends_on.day} {grant.ends_on:%B %Y}. "
            "Choose a last day up to then."
        )


def _check_scope(grant: RoleGrant, organisation: Organisation | None) -> None:
    if organisation is None:
        return
    if not scope_of(grant).filter(pk=organisation.pk).exists():
        raise UnableToDelegate("Choose a setting or team within your own role.")
    wrong = wrong_place(grant.role, whole_area=False)
    if wrong:
        raise UnableToDelegate(wrong)


def scope_of(grant: RoleGrant) -> OrganisationQuerySet:
    """Return the organisations the grant covers."""
    if grant.organisation_id is None:
        return Organisation.objects.filter(local_area=grant.local_area_id)
    return Organisation.objects.filter(pk__in=access.with_teams_below([grant.organisation_id]))


def colleagues_for(grant: RoleGrant, on: dt.date) -> UserQuerySet:
    """Return whom the grant may be handed on to: people with a post on the day at the same
    employer (whatever team of it), or anywhere in the area for a role over the area.
    """
    posts = Post.objects.filter(in_force(on), organisation__local_area=grant.local_area_id)
    if grant.organisation_id is not None:
        employer = employer_of(grant.organisation_id)
        posts = posts.filter(organisation__in=access.with_teams_below([employer]))
    return (
        User.objects.filter(pk__in=posts.values("person"), is_active=True)
        .filter(suspended_at__isnull=True)
        .exclude(pk=grant.person_id)
    )


def employer_of(organisation_id: int) -> int:
    """Return the organisation at the top of the tree of teams; one query."""
    parents = dict(
        Organisation.objects.filter(parent__isnull=False).order_by().values_list("pk", "parent_id")
    )
    seen = {organisation_id}
    while (above := parents.get(organisation_id)) is not None and above not in seen:
        organisation_id = above
        seen.add(above)
    return organisation_id


def months_later(day: dt.date, months: int) -> dt.date:
    """Return the day so many months on; the last of a shorter month where it has no such day."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
