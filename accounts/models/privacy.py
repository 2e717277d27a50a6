"""What people ask about their data, what the law holds, and how long things are kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.enums import PrivacyRequestKind, PrivacyRequestState, RetentionState
from accounts.querysets import LegalHoldQuerySet, PrivacyRequestQuerySet, RetentionRunQuerySet


class PrivacyRequest(models.Model):
    """A person asks for a full copy or for erasure; the data protection officer decides.

    Source: UK GDPR, articles 15 and 17; one month to answer (article 12).
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="privacy_requests"
    )
    local_area = models.ForeignKey(
        "accounts.LocalArea", on_delete=models.PROTECT, related_name="privacy_requests"
    )
    kind = models.CharField(max_length=10, choices=PrivacyRequestKind)
    state = models.CharField(
        max_length=10, choices=PrivacyRequestState, default=PrivacyRequestState.ASKED
    )
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision = models.CharField(max_length=500, blank=True, help_text="Why, told to the person.")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PrivacyRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(state__in=["asked", "approved"]),
                name="one_open_request_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("person")),
                name="nobody_decides_their_own_request",
            ),
            models.CheckConstraint(
                condition=~Q(kind="erasure")
                | Q(done_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(done_by=F("decided_by")),
                name="erasure_takes_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk} ({self.get_state_display()})"


class LegalHold(models.Model):
    """Nothing about this person is erased or disposed of while the hold stands."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="legal_holds"
    )
    local_area = models.ForeignKey(
        "accounts.LocalArea", on_delete=models.PROTECT, related_name="legal_holds"
    )
    basis = models.CharField(max_length=300, help_text="Such as the reference of a claim.")
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at", "-pk"]

    def __str__(self) -> str:
        return f"Legal hold {self.pk}"


class Erasure(models.Model):
    """That a person was erased: by pseudonym only, so that the row itself tells nothing.

    The same line is written to the file of settings.ERASURE_LEDGER, which outlives the database:
    a restored backup is erased again from it.
    """

    public_id = models.UUIDField(unique=True)
    erased_at = models.DateTimeField()
    rows = models.JSONField(default=dict, help_text="Numbers of rows deleted, cleared and kept.")

    class Meta:
        ordering = ["-erased_at"]

    def __str__(self) -> str:
        return f"Erasure of {self.public_id}"


class RetentionRule(models.Model):
    """This installation's own figure for a kind of record (core.registry.Retained.key)."""

    key = models.SlugField(max_length=60, unique=True)
    months = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(condition=Q(months__gte=1), name="kept_for_a_month_at_least")
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.months} months"


class RetentionRun(models.Model):
    """A disposal: counted in a dry run, approved by a second person, then carried out.

    `counts` maps each key to [number of rows, fingerprint of their keys]; a run whose rows
    have changed since it was proposed is not carried out.
    """

    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=RetentionState, default=RetentionState.PROPOSED)
    counts = models.JSONField(default=dict)
    disposed = models.JSONField(default=dict)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = RetentionRunQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="disposal_has_a_second_approver",
            )
        ]

    def __str__(self) -> str:
        return f"Disposal {self.pk} ({self.get_state_display()})"
