"""Clusters of settings, and what an employer has decided to share with who oversees it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.querysets import ClusterQuerySet, SharingDecisionQuerySet


class Cluster(models.Model):
    """A named group of settings in a local area: a ward cluster, a locality, a partnership."""

    local_area = models.ForeignKey(
        "accounts.LocalArea", on_delete=models.PROTECT, related_name="clusters"
    )
    name = models.CharField(max_length=120)
    lead = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="clusters_led",
    )

    objects = ClusterQuerySet.as_manager()

    class Meta:
        ordering = ["local_area", "name"]
        constraints = [
            models.UniqueConstraint(fields=["local_area", "name"], name="one_cluster_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class ClusterMembership(models.Model):
    """A setting in a cluster, from a day to a day."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="cluster_memberships"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["cluster", "organisation"]
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "organisation"],
                condition=Q(ends_on__isnull=True),
                name="in_a_cluster_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="cluster_membership_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.cluster}"


class SharingDecision(models.Model):
    """An employer, as controller, lets an overseeing organisation see names, for a purpose.

    Without one, a trust, a parent team or an NHS trust sees counts only (design: security).
    """

    employer = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="sharing_decisions"
    )
    overseer = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="shared_with_us"
    )
    purpose = models.CharField(max_length=300)
    starts_on = models.DateField()
    ends_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = SharingDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(employer=F("overseer")), name="shared_with_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="sharing_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employer} shares with {self.overseer}"


class OrganisationConversion(models.Model):
    """A school that became another: what moved, enough to say so and to move it back."""

    predecessor = models.OneToOneField(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="conversion"
    )
    successor = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="conversions_from"
    )
    converted_on = models.DateField()
    changes = models.JSONField(default=list)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-converted_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="converts_into_another"
            )
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} became {self.successor}"
