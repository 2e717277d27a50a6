"""Who belongs to a network: a person, usually for a setting, or a setting nobody speaks for yet."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from networks.enums import MembershipRole
from networks.querysets import MembershipQuerySet


class Membership(models.Model):
    """A person's or a setting's place in a network, with dates; `ends_on` is the last day.

    `person` null: the setting belongs and has named nobody. `organisation` null: the person
    comes for nobody but themselves.
    """

    network = models.ForeignKey(
        "networks.Network", on_delete=models.PROTECT, related_name="memberships"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
    )
    role = models.CharField(max_length=10, choices=MembershipRole, default=MembershipRole.MEMBER)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["network", "organisation", "person", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(organisation__isnull=False),
                name="membership_is_of_somebody",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(role=MembershipRole.MEMBER),
                name="only_people_lead",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["network", "person"],
                condition=Q(ends_on__isnull=True, person__isnull=False),
                name="one_open_membership_per_person",
            ),
            models.UniqueConstraint(
                fields=["network", "organisation"],
                condition=Q(ends_on__isnull=True, person__isnull=True),
                name="one_open_setting_membership",
            ),
        ]
        indexes = [models.Index(fields=["person", "ends_on"], name="membership_by_person")]

    def __str__(self) -> str:
        return f"{self.person or self.organisation} in {self.network}"
