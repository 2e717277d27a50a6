"""Versions of a resource's file: made once, never changed; and how often each was taken."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from core.append_only import AppendOnly
from resources_repo.querysets import ResourceVersionQuerySet


class ResourceVersion(AppendOnly):
    """One file of a resource with the note of what changed; the database row is immutable.

    `published_at` is the one thing set later: when a revision that carries it first went live.
    """

    unchanging = "Versions of a resource do not change: add a new one."

    page = models.ForeignKey(
        "resources_repo.ResourcePage", on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveIntegerField()
    document = models.ForeignKey(
        "core.HouseDocument", on_delete=models.PROTECT, related_name="resource_versions"
    )
    filename = models.CharField(max_length=150)
    size = models.PositiveBigIntegerField("size in bytes")
    sha256 = models.CharField(max_length=64)
    change_note = models.CharField(max_length=300)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ResourceVersionQuerySet.as_manager()

    class Meta:
        ordering = ["page", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="one_version_of_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.filename}, version {self.number}"

    @property
    def extension(self) -> str:
        """The kind of file, in lower case and without a dot."""
        return self.filename.rpartition(".")[2].lower()


class DownloadCount(models.Model):
    """How often the files of a resource were downloaded; a number, never a list of people."""

    page = models.OneToOneField(
        "resources_repo.ResourcePage", on_delete=models.CASCADE, related_name="download_count"
    )
    downloads = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.downloads} downloads"
