"""Grant and end roles; editors' rights in the CMS follow from them."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.enums import Role
from accounts.models import LocalArea, Organisation, RoleGrant, User
from accounts.permissions import administrators, can_end_grant, givings_of
from accounts.role_words import wrong_place
from accounts.services.editor_rights import project_editor_rights
from core import clock

__all__ = [
    "UnableToEndRole",
    "UnableToGrantRole",
    "end_role",
    "grant_role",
    "project_editor_rights",
    "write_grant",
]


class UnableToGrantRole(Exception):
    """The role cannot be granted; the message says why."""


class UnableToEndRole(Exception):
    """The grant cannot be ended; the message says why."""


@transaction.atomic
def grant_role(
    *,
    by: User | None,
    person: User,
    role: str,
    local_area: LocalArea,
    organisation: Organisation | None = None,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    reason: str = "",
    at: dt.datetime,
) -> RoleGrant:
    """Grant a role, or return the grant that says the same; `by` is None at set-up and in the demo.

    Raises PermissionDenied when the giver's own roles do not reach so far, UnableToGrantRole
    when the grant makes no sense. Nobody grants a role for longer than they hold their own.
    """
    LocalArea.objects.select_for_update().get(pk=local_area.pk)
    on = clock.london_date(at)
    if by is not None:
        _check_giver(by, person, role, local_area, organisation, starts_on, ends_on, on)
    if organisation is not None and organisation.local_area_id != local_area.pk:
        raise UnableToGrantRole(f"{organisation} does not belong to {local_area}.")
    if ends_on is not None and ends_on < starts_on:
        raise UnableToGrantRole("The last day is before the first.")
    standing = _the_same(person, role, local_area, organisation, starts_on, ends_on)
    if standing is not None:
        return standing
    return write_grant(
        by=by,
        person=person,
        role=role,
        local_area=local_area,
        organisation=organisation,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        at=at,
    )


def _check_giver(
    by: User,
    person: User,
    role: str,
    local_area: LocalArea,
    organisation: Organisation | None,
    starts_on: dt.date,
    ends_on: dt.date | None,
    on: dt.date,
) -> None:
    if by == person:
        raise UnableToGrantRole("You cannot grant a role to yourself. Ask a colleague.")
    place = organisation.pk if organisation is not None else None
    foreign = organisation is not None and organisation.local_area_id != local_area.pk
    givings = [
        giving
        for giving in givings_of(by, local_area=local_area, on=on)
        if not foreign and giving.covers(role, place)
    ]
    if not givings:
        raise PermissionDenied
    wrong = wrong_place(role, whole_area=organisation is None)
    if wrong:
        raise UnableToGrantRole(wrong)
    if not person.is_active and person.erased_at is not None:
        raise UnableToGrantRole("This account is closed.")
    if starts_on < on:
        raise UnableToGrantRole("The first day is in the past. Choose today or later.")
    if not any(_lasts(giving.ends_on, ends_on) for giving in givings):
        latest = max(giving.ends_on for giving in givings if giving.ends_on is not None)
        raise UnableToGrantRole(
            f"Your own role ends on {_day(latest)}. Choose a last day up to then."
        )


def _lasts(own: dt.date | None, asked: dt.date | None) -> bool:
    return own is None or (asked is not None and asked <= own)


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _the_same(
    person: User,
    role: str,
    local_area: LocalArea,
    organisation: Organisation | None,
    starts_on: dt.date,
    ends_on: dt.date | None,
) -> RoleGrant | None:
    """Return a grant of one's own that already covers these days in this place."""
    lasting = Q(ends_on__isnull=True)
    if ends_on is not None:
        lasting |= Q(ends_on__gte=ends_on)
    return (
        RoleGrant.objects.filter(
            lasting,
            person=person,
            role=role,
            local_area=local_area,
            organisation=organisation,
            delegated_from__isnull=True,
            starts_on__lte=starts_on,
        )
        .order_by("pk")
        .first()
    )


def write_grant(
    *,
    by: User | None,
    person: User,
    role: str,
    local_area: LocalArea,
    organisation: Organisation | None,
    starts_on: dt.date,
    ends_on: dt.date | None,
    reason: str = "",
    delegated_from: RoleGrant | None = None,
    verb: str = "role.granted",
    at: dt.datetime,
) -> RoleGrant:
    """Write a grant that was judged, with its audit event; the caller holds the area's lock."""
    grant = RoleGrant.objects.create(
        person=person,
        role=role,
        local_area=local_area,
        organisation=organisation,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by=by,
        delegated_from=delegated_from,
        reason=reason,
    )
    audit.record(
        actor=by,
        verb=verb,
        obj=grant,
        subject=person,
        local_area=local_area,
        reason=reason,
        data={
            "role": role,
            "organisation": organisation.pk if organisation else None,
            "starts_on": starts_on.isoformat(),
            "ends_on": ends_on.isoformat() if ends_on else None,
            "delegated_from": delegated_from.pk if delegated_from else None,
        },
        at=at,
    )
    project_editor_rights(person=person, local_area=local_area, on=clock.london_date(at))
    return grant


@transaction.atomic
def end_role(
    *,
    by: User | None,
    grant: RoleGrant,
    ends_on: dt.date,
    reason: str = "",
    at: dt.datetime,
) -> RoleGrant:
    """Set the last day of a grant; yesterday ends it at once. What was delegated from it ends too.

    `by` is None where an account ends with everything it held. The last system administrator of
    an area cannot go. Raises PermissionDenied or UnableToEndRole.
    """
    LocalArea.objects.select_for_update().get(pk=grant.local_area_id)
    grant = RoleGrant.objects.select_related(
        "person", "local_area", "organisation", "delegated_from"
    ).get(pk=grant.pk)
    on = clock.london_date(at)
    if by is not None and not can_end_grant(by, grant, on=on):
        raise PermissionDenied
    _check_last_day(grant, ends_on, on)
    if grant.role == Role.SYSTEM_ADMIN and not _others_remain(grant, ends_on, on):
        raise UnableToEndRole(
            "This is the last system administrator. Propose another first, and wait for the "
            "decision."
        )
    ended = [grant]
    if grant.delegated_from_id is None:
        ended += RoleGrant.objects.filter(delegated_from=grant, ends_on__gt=ends_on).select_related(
            "person", "local_area", "organisation"
        )
    for each in ended:
        _trim(each, ends_on, on)
        audit.record(
            actor=by,
            verb="role.ended" if each.delegated_from_id is None else "role.delegation_ended",
            obj=each,
            subject=each.person,
            local_area=each.local_area,
            reason=reason,
            data={"role": each.role, "ends_on": ends_on.isoformat()},
            at=at,
        )
        project_editor_rights(person=each.person, local_area=each.local_area, on=on)
    return grant


def _check_last_day(grant: RoleGrant, ends_on: dt.date, on: dt.date) -> None:
    if grant.ends_on is not None and grant.ends_on < on:
        raise UnableToEndRole("This role has ended already.")
    if ends_on < on - dt.timedelta(days=1):
        raise UnableToEndRole("The last day is in the past. End the role at once, or choose a day.")
    if grant.ends_on is not None and ends_on > grant.ends_on:
        raise UnableToEndRole(
            f"The role ends on {_day(grant.ends_on)} already. To extend it, grant it again."
        )


def _others_remain(grant: RoleGrant, ends_on: dt.date, on: dt.date) -> bool:
    """Whether somebody administers the area on the first day without this grant."""
    first_day_without = max(ends_on, on - dt.timedelta(days=1)) + dt.timedelta(days=1)
    others = administrators(grant.local_area, first_day_without).exclude(pk=grant.pk)
    if others.exists():
        return True
    # A grant that holds for nobody (suspended, over one setting) leaves the area no poorer.
    return not administrators(grant.local_area, on).filter(pk=grant.pk).exists()


def _trim(grant: RoleGrant, ends_on: dt.date, on: dt.date) -> None:
    """Write the last day. What has not begun by then never holds: both its days lie in the past,
    and its history keeps what was meant.
    """
    if grant.starts_on > ends_on:
        grant.starts_on = ends_on = min(ends_on, on - dt.timedelta(days=1))
    grant.ends_on = ends_on
    grant.save(update_fields=["starts_on", "ends_on"])
