"""The certificate: a promise about one learning record that anyone can check by its code."""

from __future__ import annotations

import datetime as dt
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q

from cpd_tracking.enums import NameOnCertificate
from cpd_tracking.querysets import CertificateQuerySet

# 32 letters and figures that nobody mistakes for each other; 20 of them are 100 bits.
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE_LENGTH = 20


def new_code() -> str:
    """Return a code nobody can guess."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))


class Certificate(models.Model):
    """One certificate of a record. Re-issue keeps history: the old one is revoked and replaced."""

    code = models.CharField(max_length=_CODE_LENGTH, unique=True, default=new_code, editable=False)
    record = models.ForeignKey(
        "cpd_tracking.LearningRecord", on_delete=models.PROTECT, related_name="certificates"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="certificates"
    )
    name_shown = models.CharField(
        max_length=10, choices=NameOnCertificate, default=NameOnCertificate.INITIALS
    )
    issued_at = models.DateTimeField()
    expires_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_because = models.CharField(max_length=200, blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(revoked_at__isnull=True),
                name="one_standing_certificate_a_record",
            )
        ]
        indexes = [models.Index(fields=["person", "-issued_at"], name="certificate_by_person")]

    def __str__(self) -> str:
        return f"Certificate {self.code}"

    def state_on(self, day: dt.date) -> str:
        """Return "current", "expired" or "revoked"."""
        if self.revoked_at is not None:
            return "revoked"
        if self.expires_on is not None and self.expires_on < day:
            return "expired"
        return "current"

    @property
    def spaced_code(self) -> str:
        """The code in groups of five, as people read it out."""
        return " ".join(self.code[start : start + 5] for start in range(0, len(self.code), 5))
