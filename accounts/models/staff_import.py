"""The staff import: one file or paste, what it would change, what it changed, and its undoing."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.enums import ImportMode, ImportState
from accounts.querysets import StaffImportQuerySet


class StaffImport(models.Model):
    """One list of staff on its way from preview to commit, and back again if need be.

    `rows` are the cells as read (kept only until committed or discarded); `plan` says row by
    row what would happen and what is wrong; `changes` is what was done, enough to undo it.
    Their shapes are described in `accounts.staffing`.
    """

    local_area = models.ForeignKey(
        "accounts.LocalArea", on_delete=models.PROTECT, related_name="staff_imports"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="staff_imports",
        help_text="The employer whose list it is; empty where the file names employers.",
    )
    mode = models.CharField(max_length=10, choices=ImportMode)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.PREVIEW)
    source_name = models.CharField(max_length=200, blank=True)
    fingerprint = models.CharField(max_length=64)
    rows = models.JSONField(default=list, blank=True)
    plan = models.JSONField(default=dict, blank=True)
    changes = models.JSONField(default=dict, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()
    committed_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = StaffImportQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"Staff import {self.pk} ({self.get_state_display()})"
