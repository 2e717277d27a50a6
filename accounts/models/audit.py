"""The audit event: append-only, written in the same transaction as what it tells of."""

from __future__ import annotations

from django.db import models

from accounts.querysets import AuditEventQuerySet, AuditSealQuerySet
from core.append_only import Permanent


class AuditEvent(Permanent):
    """Who did what to what, when and why; people appear by pseudonymous public id only.

    Written unsealed; the sealer chains events each minute (AuditSeal). What is hashed holds a
    salted digest of `reason` in its place, so that erasing somebody may empty a reason that
    tells of them and the chain still holds. Rows are never changed or deleted by the application:
    the model refuses it, and so does its queryset, but for empty_reasons_of.
    """

    unchanging = "Audit events are append-only."

    at = models.DateTimeField()
    # Its index is audit_by_area.
    local_area = models.ForeignKey(
        "accounts.LocalArea",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    actor = models.UUIDField(null=True, blank=True)
    verb = models.CharField(max_length=80)
    object_type = models.CharField(max_length=80, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    subject = models.UUIDField(null=True, blank=True)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(blank=True)
    reason_salt = models.CharField(max_length=32, blank=True)
    reason_digest = models.CharField(max_length=64, blank=True)
    shown_from = models.DateTimeField(
        null=True, blank=True, help_text="A lawful investigation may delay the notice until then."
    )
    data = models.JSONField(default=dict, blank=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["subject", "-at"], name="audit_by_subject"),
            models.Index(fields=["actor", "-at"], name="audit_by_actor"),
            models.Index(fields=["local_area", "-at", "-id"], name="audit_by_area"),
            models.Index(fields=["local_area", "verb", "-at", "-id"], name="audit_by_verb"),
            models.Index(fields=["object_type", "object_id"], name="audit_by_object"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.object_type} {self.object_id}"


class AuditSeal(Permanent):
    """One link of the chain: `digest` is the SHA-256 of the link before, this place and instant,
    and the event (accounts.audit.chain).

    The event is named by number and not by a foreign key, so that a missing event is found and
    not forgotten with its seal. `position` counts from 1 without gaps.
    """

    unchanging = "Seals are append-only."

    position = models.PositiveBigIntegerField(unique=True)
    event_id = models.PositiveBigIntegerField(unique=True)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    objects = AuditSealQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["position"]

    def __str__(self) -> str:
        return f"Seal {self.position}"
