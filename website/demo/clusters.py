"""The early years clusters of Merrowdale, one a ward."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from accounts.enums import OrganisationKind
from accounts.models import Cluster, ClusterMembership, LocalArea, Organisation


def gather_early_years(
    area: LocalArea, organisations: Iterable[Organisation], wards: Iterable[str]
) -> None:
    """Put the nurseries and childminders of each ward into its early years cluster."""
    clusters = {
        cluster.name: cluster
        for cluster in Cluster.objects.bulk_create(
            Cluster(local_area=area, name=f"{ward} early years cluster") for ward in wards
        )
    }
    ClusterMembership.objects.bulk_create(
        ClusterMembership(
            cluster=clusters[f"{each.ward} early years cluster"],
            organisation=each,
            starts_on=dt.date(2024, 9, 1),
        )
        for each in organisations
        if each.kind in (OrganisationKind.PVI_NURSERY, OrganisationKind.CHILDMINDER)
    )
