"""“I used this”: who used a resource, for which setting, and whether it helped."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from resources_repo.enums import Helped
from resources_repo.querysets import ResourceUseQuerySet


class ResourceUse(models.Model):
    """A person's word on a resource they used; one a person, the last one counts."""

    page = models.ForeignKey(
        "resources_repo.ResourcePage", on_delete=models.CASCADE, related_name="uses"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="resource_uses"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="resource_uses",
    )
    helped = models.CharField(max_length=10, choices=Helped, blank=True)
    used_on = models.DateField()

    objects = ResourceUseQuerySet.as_manager()

    class Meta:
        ordering = ["page", "-used_on"]
        constraints = [
            models.UniqueConstraint(fields=["page", "person"], name="one_word_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.person} used {self.page}"
