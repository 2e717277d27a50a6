"""Grant and end roles; editors' rights in the CMS follow from them."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import access, audit
from accounts.enums import Role
from accounts.models import LocalArea, Organisation, RoleGrant, User
from accounts.permissions import can_grant_role


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
    at: dt.datetime,
) -> RoleGrant:
    """Grant a role; `by` is None only at set-up and in the demo.

    Raises PermissionDenied when the giver's own roles do not reach so far, UnableToGrantRole
    when the grant makes no sense.
    """
    if by is not None:
        if by == person:
            raise UnableToGrantRole("You cannot grant a role to yourself. Ask a colleague.")
        if not can_grant_role(
            by, role, local_area=local_area, organisation=organisation, on=at.date()
        ):
            raise PermissionDenied
    if organisation is not None and organisation.local_area_id != local_area.pk:
        raise UnableToGrantRole(f"{organisation} does not belong to {local_area}.")
    if ends_on is not None and ends_on < starts_on:
        raise UnableToGrantRole("The last day is before the first.")
    grant = RoleGrant.objects.create(
        person=person,
        role=role,
        local_area=local_area,
        organisation=organisation,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by=by,
    )
    audit.record(
        actor=by,
        verb="role.granted",
        obj=grant,
        subject=person,
        local_area=local_area,
        data={"role": role, "organisation": organisation.pk if organisation else None},
        at=at,
    )
    project_editor_rights(person=person, local_area=local_area, on=at.date())
    return grant


@transaction.atomic
def end_role(*, by: User, grant: RoleGrant, ends_on: dt.date, at: dt.datetime) -> RoleGrant:
    """End a grant; the last system administrator of an area cannot go."""
    LocalArea.objects.select_for_update().get(pk=grant.local_area_id)
    grant = RoleGrant.objects.select_for_update().select_related("person").get(pk=grant.pk)
    if not can_grant_role(
        by,
        grant.role,
        local_area=grant.local_area,
        organisation=grant.organisation,
        on=at.date(),
    ) and not (grant.role == Role.SYSTEM_ADMIN and _is_admin(by, grant.local_area, at)):
        raise PermissionDenied
    if grant.role == Role.SYSTEM_ADMIN:
        others = (
            RoleGrant.objects.in_force(at.date())
            .filter(role=Role.SYSTEM_ADMIN, local_area=grant.local_area, person__is_active=True)
            .exclude(pk=grant.pk)
        )
        if not others.exists():
            raise UnableToEndRole("This is the last system administrator. Grant another first.")
    grant.ends_on = ends_on
    grant.save(update_fields=["ends_on"])
    audit.record(
        actor=by,
        verb="role.ended",
        obj=grant,
        subject=grant.person,
        local_area=grant.local_area,
        at=at,
    )
    project_editor_rights(person=grant.person, local_area=grant.local_area, on=at.date())
    return grant


def _is_admin(user: User, local_area: LocalArea, at: dt.datetime) -> bool:
    return access.has_role(user, Role.SYSTEM_ADMIN, on=at.date(), local_area=local_area)


def project_editor_rights(*, person: User, local_area: LocalArea, on: dt.date) -> None:
    """Put the person into, or take them out of, the area's Wagtail groups as their grants say."""
    for group, roles in (
        (local_area.editors, (Role.TRAINING_ADMIN, Role.SYSTEM_ADMIN)),
        (local_area.reviewers, (Role.REVIEWER,)),
    ):
        if group is None:
            continue
        entitled = access.areas_with_role(person, roles, on).filter(pk=local_area.pk).exists()
        if entitled:
            person.groups.add(group)
        else:
            person.groups.remove(group)
