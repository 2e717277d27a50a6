"""Issue, re-issue and revoke certificates. None without a record; re-issue keeps history."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Count, Max, Q

from accounts import audit
from accounts.models import User
from cpd_tracking.enums import NameOnCertificate
from cpd_tracking.models import Certificate, LearningRecord, SatisfyingRecord


class UnableToIssueCertificate(Exception):
    """No certificate can be issued; the message says why."""


@transaction.atomic
def issue_certificate(*, record: LearningRecord, at: dt.datetime) -> Certificate:
    """Return the record's certificate, made now if it has none; it expires as its rules say.

    A correction's certificate replaces the one of the record it corrects, which is revoked.
    Raises UnableToIssueCertificate for a record that no longer stands.
    """
    record = LearningRecord.objects.select_for_update(of=("self",)).get(pk=record.pk)
    if record.is_withdrawal or LearningRecord.objects.filter(supersedes=record).exists():
        raise UnableToIssueCertificate("This record was corrected or withdrawn.")
    standing = record.certificates.standing().first()
    return standing or certify_new_record(record=record, at=at)


def certify_new_record(*, record: LearningRecord, at: dt.datetime) -> Certificate:
    """Make the certificate of a record that has none, within the caller's transaction."""
    replaced = None
    if record.supersedes_id is not None:
        replaced = Certificate.objects.filter(record=record.supersedes_id).standing().first()
        if replaced is not None:
            _revoke(replaced, "The record was corrected.", at)
    return Certificate.objects.create(
        record=record,
        person_id=record.person_id,
        name_shown=replaced.name_shown if replaced else NameOnCertificate.INITIALS,
        issued_at=at,
        expires_on=expiry_of(record),
        replaces=replaced,
    )


def expiry_of(record: LearningRecord) -> dt.date | None:
    """Return the last day the record satisfies one of its rules; None if it holds for good.

    Of several rules the longest counts; one that never lapses makes the certificate last.
    """
    if record.valid_until is not None:
        return record.valid_until
    days = SatisfyingRecord.objects.filter(record=record).aggregate(
        latest=Max("obligation__expires_on"),
        for_good=Count("pk", filter=Q(obligation__expires_on__isnull=True)),
    )
    latest: dt.date | None = days["latest"]
    return None if days["for_good"] else latest


@transaction.atomic
def reissue_certificate(
    *, certificate: Certificate, by: User, at: dt.datetime, name_shown: str = ""
) -> Certificate:
    """Replace a standing certificate by a new code, for instance after a change of name."""
    certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    if certificate.revoked_at is not None:
        raise UnableToIssueCertificate("This certificate was revoked. It cannot be issued again.")
    _revoke(certificate, "Replaced by a newer certificate.", at)
    fresh = Certificate.objects.create(
        record_id=certificate.record_id,
        person_id=certificate.person_id,
        name_shown=name_shown or certificate.name_shown,
        issued_at=at,
        expires_on=certificate.expires_on,
        replaces=certificate,
    )
    audit.record(
        actor=by, verb="certificate.reissued", obj=fresh, subject=certificate.person, at=at
    )
    return fresh


@transaction.atomic
def revoke_certificate(
    *, certificate: Certificate, by: User, reason: str, at: dt.datetime
) -> Certificate:
    """Revoke a certificate with a reason that the public page does not show."""
    certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    if certificate.revoked_at is None:
        _revoke(certificate, reason, at)
        audit.record(
            actor=by,
            verb="certificate.revoked",
            obj=certificate,
            subject=certificate.person,
            reason=reason,
            at=at,
        )
    return certificate


def choose_name_shown(*, certificate: Certificate, name_shown: str, by: User) -> Certificate:
    """Let the holder choose full name or initials for the public page."""
    updated = Certificate.objects.filter(pk=certificate.pk, person=by).update(
        name_shown=NameOnCertificate(name_shown)
    )
    if not updated:
        raise UnableToIssueCertificate("Only the holder chooses the name shown.")
    certificate.refresh_from_db(fields=["name_shown"])
    return certificate


def _revoke(certificate: Certificate, reason: str, at: dt.datetime) -> None:
    Certificate.objects.filter(Q(pk=certificate.pk)).update(revoked_at=at, revoked_because=reason)
    certificate.revoked_at, certificate.revoked_because = at, reason
