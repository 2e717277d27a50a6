"""Clusters of settings: made, named, joined and left with dates, ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import audit
from accounts.models import Cluster, ClusterMembership, LocalArea, Organisation, User
from accounts.permissions import can_keep_directory
from core import clock


class UnableToChangeCluster(Exception):
    """The cluster cannot be so; the message says why, `field` where."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def add_cluster(
    *, by: User, local_area: LocalArea, name: str, lead: Organisation | None, at: dt.datetime
) -> Cluster:
    """Make a cluster in the area; raises PermissionDenied or UnableToChangeCluster."""
    area = _locked_area(by, local_area, at)
    cluster = Cluster(local_area=area)
    _name(cluster, name, lead)
    audit.record(actor=by, verb="cluster.added", obj=cluster, local_area=area, at=at)
    return cluster


@transaction.atomic
def change_cluster(
    *, by: User, cluster: Cluster, name: str, lead: Organisation | None, at: dt.datetime
) -> Cluster:
    """Rename a cluster or change who leads it; raises as `add_cluster`."""
    area = _locked_area(by, cluster.local_area, at)
    _name(cluster, name, lead)
    audit.record(actor=by, verb="cluster.changed", obj=cluster, local_area=area, at=at)
    return cluster


def _name(cluster: Cluster, name: str, lead: Organisation | None) -> None:
    twins = Cluster.objects.filter(local_area=cluster.local_area_id, name__iexact=name)
    if twins.exclude(pk=cluster.pk).exists():
        raise UnableToChangeCluster("There is a cluster of this name already.", "name")
    if lead is not None and lead.local_area_id != cluster.local_area_id:
        raise UnableToChangeCluster("Choose a setting of this local area.", "lead")
    cluster.name, cluster.lead = name, lead
    cluster.save()


@transaction.atomic
def add_settings(
    *,
    by: User,
    cluster: Cluster,
    organisations: Collection[Organisation],
    starts_on: dt.date,
    at: dt.datetime,
) -> int:
    """Let settings join from a day on, and return how many are new.

    Those that belong already stay as they are. Raises PermissionDenied or UnableToChangeCluster.
    """
    cluster, area = _locked(by, cluster, at)
    if any(each.local_area_id != area.pk for each in organisations):
        raise UnableToChangeCluster("Choose settings of this local area.", "organisations")
    there = dict(
        cluster.memberships.filter(ends_on__isnull=True).values_list("organisation_id", "pk")
    )
    over = cluster.memberships.filter(
        organisation__in=organisations, ends_on__gte=starts_on
    ).select_related("organisation")
    for membership in over:
        raise UnableToChangeCluster(
            f"{membership.organisation} belonged until {membership.ends_on:%-d %B %Y}. "
            "Choose a later day.",
            "starts_on",
        )
    made = ClusterMembership.objects.bulk_create(
        ClusterMembership(cluster=cluster, organisation=each, starts_on=starts_on)
        for each in organisations
        if each.pk not in there
    )
    audit.record(
        actor=by,
        verb="cluster.settings_added",
        obj=cluster,
        local_area=area,
        data={"organisations": [row.organisation_id for row in made]},
        at=at,
    )
    return len(made)


@transaction.atomic
def end_membership(
    *, by: User, membership: ClusterMembership, ends_on: dt.date, at: dt.datetime
) -> ClusterMembership:
    """Let a setting leave on its last day; raises PermissionDenied or UnableToChangeCluster."""
    cluster, area = _locked(by, membership.cluster, at)
    membership = cluster.memberships.select_for_update(of=("self",)).get(pk=membership.pk)
    if ends_on < membership.starts_on:
        raise UnableToChangeCluster(
            f"The last day is before the first, {membership.starts_on:%-d %B %Y}.", "ends_on"
        )
    membership.ends_on = ends_on
    membership.save(update_fields=["ends_on"])
    audit.record(
        actor=by,
        verb="cluster.setting_left",
        obj=cluster,
        local_area=area,
        data={"organisation": membership.organisation_id},
        at=at,
    )
    return membership


@transaction.atomic
def end_cluster(*, by: User, cluster: Cluster, ends_on: dt.date, at: dt.datetime) -> int:
    """End the cluster: every setting leaves on the day; returns how many did.

    A setting that would have joined later never does.
    """
    cluster, area = _locked(by, cluster, at)
    standing = cluster.memberships.exclude(ends_on__lte=ends_on)
    standing.filter(starts_on__gt=ends_on).delete()
    left = standing.update(ends_on=ends_on)
    audit.record(actor=by, verb="cluster.ended", obj=cluster, local_area=area, at=at)
    return left


def _locked_area(by: User, local_area: LocalArea, at: dt.datetime) -> LocalArea:
    if not can_keep_directory(by, local_area, on=clock.london_date(at)):
        raise PermissionDenied
    return LocalArea.objects.select_for_update(of=("self",)).get(pk=local_area.pk)


def _locked(by: User, cluster: Cluster, at: dt.datetime) -> tuple[Cluster, LocalArea]:
    if not can_keep_directory(by, cluster.local_area, on=clock.london_date(at)):
        raise PermissionDenied
    locked = Cluster.objects.select_for_update(of=("self",)).get(pk=cluster.pk)
    return locked, cluster.local_area
