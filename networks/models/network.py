"""The network: a lasting group of people and settings, apart from the page that shows it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from networks.enums import NetworkKind, Visibility
from networks.querysets import NetworkQuerySet


class Network(models.Model):
    """A forum, cluster, circle or supervision group of one local area.

    `parent` holds groups of one network together (five supervision groups, six ward clusters).
    `slug` is the address below /networks/ and the slug of its page; it never changes.
    """

    local_area = models.ForeignKey(
        "accounts.LocalArea", on_delete=models.PROTECT, related_name="networks"
    )
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80)
    kind = models.CharField(max_length=20, choices=NetworkKind)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.AREA)
    purpose = models.TextField(max_length=400, help_text="What it is for, in one or two sentences.")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="groups"
    )
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)
    has_discussion = models.BooleanField(default=True)
    standing_items = models.TextField(
        blank=True, help_text="Agenda items of every meeting, one a line."
    )
    closed_on = models.DateField(null=True, blank=True)

    objects = NetworkQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["local_area", "slug"], name="one_network_per_address"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="network_not_its_own_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of its home: the page below the area's /networks/."""
        return f"/networks/{self.slug}/"

    @property
    def is_supervision(self) -> bool:
        """Whether it is a supervision group: attendance is kept, notes never are."""
        return self.kind == NetworkKind.SUPERVISION
