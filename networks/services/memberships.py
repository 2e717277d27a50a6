"""Join, leave, lead: memberships, and the succession of leads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, Q

from accounts import audit
from accounts.enums import Role
from accounts.models import Organisation, Post, RoleGrant, User
from accounts.querysets import in_force
from core import clock
from networks.enums import MembershipRole
from networks.models import Membership, Network
from networks.permissions import can_join, can_lead


class UnableToAddMember(Exception):
    """The person or setting cannot be added; the message says why."""


class UnableToChangeMember(Exception):
    """The membership cannot be changed; the message says why."""


@transaction.atomic
def add_member(
    *,
    by: User | None,
    network: Network,
    person: User | None = None,
    organisation: Organisation | None = None,
    role: str = MembershipRole.MEMBER,
    starts_on: dt.date,
    at: dt.datetime,
) -> Membership:
    """Add a person (for a setting, or for themselves) or a setting that has named nobody yet.

    `by` is None at set-up. Raises PermissionDenied, or UnableToAddMember: already a member,
    full, or the person holds no post at the setting.
    """
    network = _locked(network)
    if by is not None and not can_lead(by, network, on=clock.london_date(at)):
        raise PermissionDenied
    _check_room(network, starts_on)
    if person is not None and organisation is not None:
        _check_post(person, organisation, starts_on)
    already = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on), network=network, person=person
    )
    if person is None:
        already = already.filter(organisation=organisation)
    if already.exists():
        raise UnableToAddMember(f"{person or organisation} already belongs to {network}.")
    membership = Membership(
        network=network,
        person=person,
        organisation=organisation,
        role=role,
        starts_on=starts_on,
    )
    membership.full_clean()
    membership.save()
    _record(by, "membership.added", membership, at)
    return membership


@transaction.atomic
def join_network(
    *, by: User, network: Network, organisation: Organisation | None, at: dt.datetime
) -> Membership:
    """Join an open network oneself; raises PermissionDenied or UnableToAddMember."""
    today = clock.london_date(at)
    if not can_join(by, network, on=today):
        raise PermissionDenied
    return add_member(
        by=None, network=network, person=by, organisation=organisation, starts_on=today, at=at
    )


@transaction.atomic
def end_membership(
    *, by: User | None, membership: Membership, ends_on: dt.date, at: dt.datetime
) -> Membership:
    """End a membership on its last day; a leaving lead is followed by the deputy.

    One may leave oneself; leads end others' memberships; `by` is None when a post has ended.
    """
    network = _locked(membership.network)
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    today = clock.london_date(at)
    if by is not None and membership.person_id != by.pk and not can_lead(by, network, on=today):
        raise PermissionDenied
    membership.ends_on = max(ends_on, membership.starts_on)
    membership.save(update_fields=["ends_on"])
    _record(by, "membership.ended", membership, at)
    fill_vacant_lead(network=network, on=ends_on + dt.timedelta(days=1), at=at)
    return membership


@transaction.atomic
def change_role(*, by: User, membership: Membership, role: str, at: dt.datetime) -> Membership:
    """Give a member another role; a network is never left without a lead.

    Raises PermissionDenied, or UnableToChangeMember when there would be no lead.
    """
    network = _locked(membership.network)
    today = clock.london_date(at)
    if not can_lead(by, network, on=today):
        raise PermissionDenied
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.person_id is None:
        raise UnableToChangeMember("Name a person for the setting first.")
    if membership.role == MembershipRole.LEAD and role != MembershipRole.LEAD:
        others = Membership.objects.in_force(today).filter(
            network=network, role=MembershipRole.LEAD
        )
        if not others.exclude(pk=membership.pk).exists():
            raise UnableToChangeMember("A network needs a lead. Make someone else lead first.")
    membership.role = role
    membership.save(update_fields=["role"])
    _record(by, "membership.role_changed", membership, at)
    return membership


@transaction.atomic
def fill_vacant_lead(*, network: Network, on: dt.date, at: dt.datetime) -> Membership | None:
    """Promote the longest-serving deputy if nobody leads on the day; else the area's steward.

    Returns the new lead's membership, or None if there is a lead, the vacancy lies in the
    future (the daily task fills it then), or nobody can be found. Source: design, product.
    """
    today = clock.london_date(at)
    if on > today + dt.timedelta(days=1):
        return None
    members = Membership.objects.in_force(on).filter(network=network, person__is_active=True)
    if members.filter(role=MembershipRole.LEAD).exists():
        return None
    heir = members.filter(role=MembershipRole.DEPUTY).order_by("starts_on", "pk").first()
    if heir is None:
        heir = _steward_as_member(network, on)
    if heir is None:
        return None
    heir.role = MembershipRole.LEAD
    heir.save()
    _record(None, "membership.promoted", heir, at)
    return heir


def _steward_as_member(network: Network, on: dt.date) -> Membership | None:
    grant = (
        RoleGrant.objects.in_force(on)
        .filter(
            role=Role.STEWARD,
            local_area=network.local_area_id,
            organisation__isnull=True,
            person__is_active=True,
        )
        .order_by("starts_on", "pk")
        .first()
    )
    if grant is None:
        return None
    existing = Membership.objects.filter(
        network=network, person=grant.person_id, ends_on__isnull=True
    ).first()
    return existing or Membership(network=network, person_id=grant.person_id, starts_on=on)


@transaction.atomic
def end_memberships_without_post(*, person_ids: Iterable[int], at: dt.datetime) -> int:
    """End memberships that speak for a setting where the person holds no post any more.

    The last day is the last day of the last post there; returns how many were ended.
    """
    ended = 0
    standing = Membership.objects.filter(
        person__in=set(person_ids), organisation__isnull=False, ends_on__isnull=True
    ).select_related("network")
    for membership in standing:
        posts = Post.objects.filter(
            person=membership.person_id, organisation=membership.organisation_id
        )
        if posts.filter(ends_on__isnull=True).exists():
            continue
        last = posts.aggregate(last=Max("ends_on"))["last"]
        if last is not None:
            end_membership(by=None, membership=membership, ends_on=last, at=at)
            ended += 1
    return ended


def _locked(network: Network) -> Network:
    return Network.objects.select_for_update().get(pk=network.pk)


def _check_room(network: Network, on: dt.date) -> None:
    if network.closed_on is not None:
        raise UnableToAddMember(f"{network} has closed.")
    if network.capacity is None:
        return
    people = Membership.objects.in_force(on).people().filter(network=network)
    if people.filter(role=MembershipRole.MEMBER).count() >= network.capacity:
        raise UnableToAddMember(f"{network} is full: it takes {network.capacity} people.")


def _check_post(person: User, organisation: Organisation, on: dt.date) -> None:
    if not Post.objects.filter(in_force(on), person=person, organisation=organisation).exists():
        raise UnableToAddMember(f"{person} holds no post at {organisation}.")


def _record(by: User | None, verb: str, membership: Membership, at: dt.datetime) -> None:
    audit.record(
        actor=by,
        verb=verb,
        obj=membership,
        subject=membership.person,
        local_area=membership.network.local_area,
        data={"role": membership.role, "network": membership.network_id},
        at=at,
    )
