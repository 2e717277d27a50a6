"""What CPD tracking holds about people."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from core.identity import Identity, take_out
from core.registry import (
    Carried,
    Column,
    OnErase,
    OnMerge,
    PersonalData,
    Trace,
    acted,
    declare,
    moving,
)
from cpd_tracking.models import AttestedSession, LearningRecord

_DUTY = (
    "An employer must be able to show the training its staff had, safeguarding above all, until "
    "the time for keeping it has passed. Your name goes from it."
)


def _standing_records(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(superseded_by__isnull=True, is_withdrawal=False)


def _standing_certificates(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(revoked_at__isnull=True)


def in_sessions(identity: Identity) -> int:
    """Take the person's name off sessions they led, and out of titles of what was learned."""
    led = take_out(AttestedSession.objects.all(), "led_by", identity)
    titles = take_out(AttestedSession.objects.all(), "title", identity)
    return len(led + titles + take_out(LearningRecord.objects.all(), "title", identity))


declare(
    # Derived: worked out again from the posts and records that stay.
    *(
        PersonalData(
            model="cpd_tracking.Obligation",
            field=field,
            title="Training asked of you",
            columns=columns,
            on_merge=OnMerge.STAY,
            on_erase=OnErase.DELETE,
        )
        for field, columns in (
            ("person", ()),
            (
                "learner",
                (
                    "requirement__title",
                    "starts_on",
                    "due_on",
                    "satisfied_on",
                    "expires_on",
                    "closed_on",
                    "exempt_because",
                ),
            ),
        )
    ),
    PersonalData(
        model="cpd_tracking.Certificate",
        field="person",
        title="Certificates",
        columns=(
            "record__title",
            "code",
            "name_shown",
            "issued_at",
            "expires_on",
            "revoked_at",
            "revoked_because",
        ),
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.CLEAR,
        clears=("revoked_because",),
        because=_DUTY,
        carried=Carried(
            key="certificates",
            place=3,
            order=("-issued_at", "-pk"),
            standing=_standing_certificates,
            columns=(
                Column("title", "record__title", "For"),
                Column("completed_on", "record__occurred_on", "Completed"),
                Column("hours", "record__hours", "Hours"),
                Column("issued_at", "issued_at"),
                Column("expires_on", "expires_on", "Valid until"),
                Column("code", "code", "Code"),
            ),
            links={"verify_at": "/certificates/{code}/"},
        ),
    ),
    PersonalData(
        model="cpd_tracking.LearningRecord",
        field="person",
        title="Learning records",
        columns=(
            "title",
            "kind",
            "occurred_on",
            "began_on",
            "hours",
            "source",
            "score_scaled",
            "is_reviewed",
            "valid_until",
            "organisation__name",
            "recorded_at",
            "is_withdrawal",
        ),
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.KEEP,
        because=_DUTY,
        carried=Carried(
            key="learning_records",
            place=2,
            order=("-occurred_on", "-pk"),
            standing=_standing_records,
            columns=(
                Column("title", "title", "What"),
                Column("kind", "kind", "Kind"),
                Column("completed_on", "occurred_on", "Completed"),
                Column("began_on", "began_on"),
                Column("hours", "hours", "Hours"),
                Column("known_from", "source", "How it is known"),
                Column("score", "score_scaled"),
                Column("valid_until", "valid_until"),
                Column("confirmed_by", "organisation__name"),
                Column("course_version_major", "course_version__major"),
                Column("course_version_minor", "course_version__minor"),
            ),
            total="hours",
        ),
    ),
    acted("cpd_tracking.LearningRecord", "recorded_by", "Learning you recorded"),
    acted("cpd_tracking.AttestedSession", "attested_by", "Sessions you confirmed"),
    PersonalData(
        model="cpd_tracking.Exemption",
        field="person",
        title="Exemptions",
        columns=("requirement__title", "reason", "note", "starts_on", "ends_on", "approved_at"),
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.CLEAR,
        clears=("note",),
        because=_DUTY,
    ),
    # An exemption that waits must not be approved by whoever asked for it under another account.
    acted(
        "cpd_tracking.Exemption",
        "recorded_by",
        "Exemptions you recorded",
        on_merge=moving("cpd_tracking.Exemption", "recorded_by", approved_at__isnull=True),
    ),
    acted("cpd_tracking.Exemption", "approved_by", "Exemptions you approved"),
    PersonalData(
        model="cpd_tracking.Extension",
        field="person",
        title="Extensions",
        columns=("requirement__title", "period_starts_on", "due_on", "reason", "recorded_at"),
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.CLEAR,
        clears=("reason",),
        because=_DUTY,
    ),
    acted("cpd_tracking.Extension", "recorded_by", "Extensions you recorded"),
    PersonalData(
        model="cpd_tracking.Pause",
        field="person",
        title="Pauses during absence",
        columns=("starts_on", "ends_on", "recorded_at"),
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.KEEP,
        because=_DUTY,
    ),
    acted("cpd_tracking.Pause", "recorded_by", "Pauses you recorded"),
    PersonalData(
        model="cpd_tracking.Nudge",
        field="person",
        title="Reminders your manager sent",
        columns=("requirement__title", "period_starts_on", "sent_at"),
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.DELETE,
    ),
    acted("cpd_tracking.Nudge", "sent_by", "Reminders you sent"),
    PersonalData(
        model="cpd_tracking.DigestSent",
        field="person",
        title="Weekly mails to you",
        columns=("iso_year", "iso_week", "promised_at", "mailed_at"),
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.DELETE,
    ),
    PersonalData(
        model="cpd_tracking.ReminderPreference",
        field="person",
        title="Choice of reminders",
        columns=("weekly_digest", "changed_at"),
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.DELETE,
    ),
    PersonalData(
        model="cpd_tracking.CalendarFeed",
        field="person",
        title="Calendar address",
        columns=("made_at",),
        # Each account keeps its own: a secret address must not come to mean somebody else's.
        on_merge=OnMerge.STAY,
        on_erase=OnErase.DELETE,
    ),
    Trace("cpd_tracking.sessions", "Who led a session", in_sessions),
)
