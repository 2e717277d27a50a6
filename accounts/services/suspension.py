"""Suspend somebody, so that no door opens for them, and let them back in.

`is_active` is what every door asks: the session, the password, passkeys, sign-in services, links
in mails, invitations and codes. Sessions are ended at once as well.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from accounts import access, audit, sessions
from accounts.models import LocalArea, Post, RoleGrant, User
from accounts.permissions import is_administrator, is_last_administrator
from accounts.querysets import UserQuerySet, in_force
from core import clock


class UnableToSuspend(Exception):
    """The person cannot be suspended; the message says why."""


class UnableToRestore(Exception):
    """The person cannot be let back in; the message says why."""


def people_of(local_area: LocalArea, on: dt.date) -> UserQuerySet:
    """Return the people whose sign-in the area's administrators answer for.

    Those with a post or a role in the area on the day; and those who have left it and hold
    neither anywhere, since somebody must be able to close the door on a stolen account.
    """
    here = Post.objects.filter(organisation__local_area=local_area).order_by()
    grants_here = RoleGrant.objects.filter(local_area=local_area).order_by()
    posts_anywhere = Post.objects.filter(in_force(on)).order_by()
    grants_anywhere = RoleGrant.objects.in_force(on).order_by()
    now_here = Q(pk__in=here.filter(in_force(on)).values("person")) | Q(
        pk__in=grants_here.in_force(on).values("person")
    )
    once_here = Q(pk__in=here.values("person")) | Q(pk__in=grants_here.values("person"))
    gone = ~Q(pk__in=posts_anywhere.values("person")) & ~Q(pk__in=grants_anywhere.values("person"))
    return User.objects.filter(now_here | (once_here & gone))


def can_decide_sign_in(by: User, person: User, *, local_area: LocalArea, at: dt.datetime) -> bool:
    """Whether `by` administers the area and answers for the person's sign-in."""
    on = clock.london_date(at)
    if not is_administrator(by, local_area, on):
        return False
    return people_of(local_area, on).filter(pk=person.pk).exists()


@transaction.atomic
def suspend_person(
    *, by: User, person: User, local_area: LocalArea, reason: str, at: dt.datetime
) -> User:
    """Close every door to the person, now.

    Raises PermissionDenied, or UnableToSuspend for oneself, somebody suspended already, and the
    last administrator of any area.
    """
    if by.pk == person.pk:
        raise UnableToSuspend("You cannot suspend yourself. Ask another administrator.")
    if not can_decide_sign_in(by, person, local_area=local_area, at=at):
        raise PermissionDenied
    on = clock.london_date(at)
    administered = access.areas_of(person, on).order_by("pk")
    for area in LocalArea.objects.select_for_update().filter(pk__in=administered).order_by("pk"):
        if is_last_administrator(person, area, on):
            raise UnableToSuspend(
                f"{person} is the last system administrator of {area}. Propose another first."
            )
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.suspended_at is not None:
        raise UnableToSuspend(f"{person} is suspended already.")
    person.is_active = False
    person.suspended_at = at
    person.save(update_fields=["is_active", "suspended_at"])
    ended = sessions.end_all(person)
    audit.record(
        actor=by,
        verb="person.suspended",
        obj=person,
        subject=person,
        local_area=local_area,
        reason=reason,
        data={"sessions_ended": ended},
        at=at,
    )
    return person


@transaction.atomic
def restore_person(
    *, by: User, person: User, local_area: LocalArea, reason: str, at: dt.datetime
) -> User:
    """Let somebody suspended back in; raises PermissionDenied or UnableToRestore."""
    if by.pk == person.pk or not can_decide_sign_in(by, person, local_area=local_area, at=at):
        raise PermissionDenied
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.suspended_at is None:
        raise UnableToRestore(f"{person} is not suspended.")
    if person.erased_at is not None or person.merged_into_id is not None:
        raise UnableToRestore("This account was erased, or is part of another one now.")
    person.is_active = True
    person.suspended_at = None
    person.save(update_fields=["is_active", "suspended_at"])
    audit.record(
        actor=by,
        verb="person.restored",
        obj=person,
        subject=person,
        local_area=local_area,
        reason=reason,
        at=at,
    )
    return person
