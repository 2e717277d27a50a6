"""Geography as published: local authorities, regions, England. Apart from LocalArea, the tenant."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from impact.enums import AreaKind
from impact.querysets import AreaQuerySet


class Area(models.Model):
    """A local authority, a region or the country, by DfE's number. Harrow is data, not a tenant.

    `region` of a region is the wider one that continues it: Outer London has London.
    """

    code = models.CharField("DfE number", max_length=9, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=AreaKind)
    region = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="members"
    )

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(region__isnull=True) | ~Q(region=F("id")), name="area_not_in_itself"
            )
        ]

    def __str__(self) -> str:
        return self.name


class StatisticalNeighbour(models.Model):
    """One of the ten authorities most like another, as one file of a year gives them."""

    version = models.ForeignKey(
        "impact.DataSetVersion", on_delete=models.CASCADE, related_name="neighbours"
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="neighbours")
    neighbour = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()
    closeness = models.CharField(max_length=30)

    class Meta:
        ordering = ["area", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "area", "rank"], name="one_neighbour_a_rank"
            ),
            models.CheckConstraint(
                condition=~Q(neighbour=F("area")), name="nobody_is_their_own_neighbour"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.rank}. {self.neighbour}"
