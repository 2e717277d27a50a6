"""The audit event: append-only, written in the same transaction as what it tells of."""

from __future__ import annotations

from typing import Any

from django.db import models

from accounts.querysets import AuditEventQuerySet


class AuditEvent(models.Model):
    """Who did what to what, when and why; people appear by pseudonymous public id only.

    Written unsealed. Rows are never changed or deleted by the application: save() refuses an
    existing row and delete() always refuses.
    """

    at = models.DateTimeField()
    local_area = models.ForeignKey(
        "accounts.LocalArea", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    actor = models.UUIDField(null=True, blank=True)
    verb = models.CharField(max_length=80)
    object_type = models.CharField(max_length=80, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    subject = models.UUIDField(null=True, blank=True)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict, blank=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["subject", "-at"], name="audit_by_subject"),
            models.Index(fields=["actor", "-at"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.object_type} {self.object_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; refuse to change what was written (integrity, not a business rule)."""
        if self.pk is not None:
            raise TypeError("Audit events are append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse."""
        raise TypeError("Audit events are append-only.")
