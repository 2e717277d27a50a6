"""The role grant: what someone may do, where and from when to when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from accounts.enums import Role
from accounts.querysets import RoleGrantQuerySet, RoleProposalQuerySet


class RoleGrant(models.Model):
    """A role with a scope and dates. `organisation` null means the whole local area.

    A grant on an organisation covers it and the teams below it (Organisation.parent).
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="role_grants"
    )
    role = models.CharField(max_length=20, choices=Role)
    local_area = models.ForeignKey(
        "accounts.LocalArea", on_delete=models.PROTECT, related_name="role_grants"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="role_grants",
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="grants_given",
    )
    delegated_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="delegations",
        help_text="The grant whose holder hands this on for a while; it ends with that one.",
    )
    reason = models.CharField(max_length=200, blank=True)

    objects = RoleGrantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["local_area", "role", "person"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="grant_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("person")),
                name="nobody_grants_themselves",
            ),
            models.CheckConstraint(
                condition=Q(delegated_from__isnull=True) | Q(ends_on__isnull=False),
                name="delegation_has_an_end",
            ),
        ]
        indexes = [models.Index(fields=["person", "role"], name="grant_by_person_role")]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()} of {self.organisation or self.local_area}"


class RoleProposal(models.Model):
    """One system administrator proposes another; somebody else decides."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="role_proposals"
    )
    local_area = models.ForeignKey(
        "accounts.LocalArea", on_delete=models.PROTECT, related_name="role_proposals"
    )
    role = models.CharField(max_length=20, choices=Role)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    grant = models.OneToOneField(
        RoleGrant, on_delete=models.PROTECT, null=True, blank=True, related_name="proposal"
    )

    objects = RoleProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | (~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("person"))),
                name="proposal_is_decided_by_somebody_else",
            ),
            models.UniqueConstraint(
                fields=["person", "local_area", "role"],
                condition=Q(decided_at__isnull=True),
                name="one_open_proposal",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()} of {self.local_area}, proposed"
