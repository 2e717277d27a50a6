"""Models of the ground floor: media with a house shape, and the outbox."""

from __future__ import annotations

from django.db import models
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class HouseImage(AbstractImage):
    """An image with the alternative text that publishing insists on."""

    default_alt_text = models.CharField(
        "alternative text",
        max_length=250,
        blank=True,
        help_text="What the picture tells someone who cannot see it. Empty only if decorative.",
    )

    admin_form_fields = (*Image.admin_form_fields, "default_alt_text")

    class Meta(AbstractImage.Meta):
        verbose_name = "image"
        permissions = [("choose_houseimage", "Can choose image")]

    @property
    def default_alt(self) -> str:
        """The text used for `alt` where a page gives none of its own."""
        return self.default_alt_text


class HouseRendition(AbstractRendition):
    """A resized copy of an image."""

    image = models.ForeignKey(HouseImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_per_filter"
            )
        ]


class HouseDocument(AbstractDocument):
    """A file people download; always served by a view that checks who asks."""

    admin_form_fields = Document.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = "document"
        permissions = [("choose_housedocument", "Can choose document")]


class Outbox(models.Model):
    """Work promised in the same transaction as the change that caused it (see core.outbox).

    `key` makes the promise idempotent: the same work is promised once.
    """

    kind = models.CharField(max_length=80)
    key = models.CharField(max_length=200, unique=True)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    available_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "outbox"
        indexes = [
            models.Index(
                fields=["available_at"],
                condition=models.Q(done_at__isnull=True),
                name="outbox_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
