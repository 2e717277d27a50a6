"""Organisations: schools, settings, teams, trusts, boards; and how one became another."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.enums import LinkType, OrganisationKind, OrganisationStatus, Phase
from accounts.querysets import OrganisationQuerySet


class Organisation(models.Model):
    """An employer, setting or team. Called a *setting* on screen where children are.

    `local_area` is null for schools no area here serves: they are reference data. `parent` is
    the tree of teams within one employer; `trust` the multi-academy trust; the two never mix.
    """

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=30, choices=OrganisationKind)
    urn = models.PositiveIntegerField("URN", null=True, blank=True, unique=True)
    la_code = models.CharField("local authority code", max_length=3, blank=True)
    establishment_number = models.CharField(max_length=4, blank=True)
    gias_type = models.CharField("GIAS establishment type", max_length=100, blank=True)
    phase = models.CharField(max_length=20, choices=Phase, default=Phase.NOT_APPLICABLE)
    status = models.CharField(
        max_length=10, choices=OrganisationStatus, default=OrganisationStatus.OPEN
    )
    local_area = models.ForeignKey(
        "accounts.LocalArea",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="teams"
    )
    trust = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="academies"
    )
    ward = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    pupils = models.PositiveIntegerField(null=True, blank=True)
    demands_second_step = models.BooleanField(
        default=False, help_text="Everyone with a post here signs in with a second step."
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="not_its_own_parent"
            ),
            models.CheckConstraint(
                condition=Q(opened_on__isnull=True)
                | Q(closed_on__isnull=True)
                | Q(closed_on__gte=F("opened_on")),
                name="organisation_closes_after_it_opens",
            ),
        ]
        indexes = [models.Index(fields=["local_area", "kind"], name="organisation_by_area_kind")]

    def __str__(self) -> str:
        return self.name


class OrganisationLink(models.Model):
    """One link of GIAS between two URNs; either end may be a school we do not know (yet).

    GIAS's links are not symmetric and some schools have several: both sides are kept as read.
    `accounts.selectors.lineage_of` reads them as one family.
    """

    urn = models.PositiveIntegerField("URN")
    linked_urn = models.PositiveIntegerField("linked URN")
    linked_name = models.CharField(max_length=200)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.SET_NULL, null=True, blank=True, related_name="links"
    )
    linked = models.ForeignKey(
        Organisation, on_delete=models.SET_NULL, null=True, blank=True, related_name="linked_from"
    )
    link_type = models.CharField(max_length=30, choices=LinkType)
    established_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["urn", "established_on", "linked_urn"]
        constraints = [
            models.UniqueConstraint(
                fields=["urn", "linked_urn", "link_type"], name="one_link_of_a_type"
            )
        ]
        indexes = [models.Index(fields=["linked_urn"], name="link_by_other_end")]

    def __str__(self) -> str:
        return f"{self.urn}: {self.get_link_type_display()} {self.linked_name}"
