"""The vocabularies of records, rules and obligations, and named groups of them."""

from __future__ import annotations

from django.db import models


class RecordKind(models.TextChoices):
    """What was done."""

    COURSE = "course", "Course"
    SESSION = "session", "Session"
    MEETING = "meeting", "Network meeting"
    SUPERVISION = "supervision", "Supervision"
    EVIDENCE = "evidence", "Learning elsewhere"
    QUALIFICATION = "qualification", "Qualification"
    ACKNOWLEDGEMENT = "acknowledgement", "Read and confirmed"


class RecordSource(models.TextChoices):
    """Who says so."""

    SERVER_SCORED = "server_scored", "Marked by Waymark"
    CLIENT_SCORED = "client_scored", "Completed in the browser"
    ATTESTED_BY_TRAINER = "attested_by_trainer", "Confirmed by the trainer"
    ATTESTED_BY_SETTING = "attested_by_setting", "Confirmed by the setting"
    APPROVED_EVIDENCE = "approved_evidence", "Approved evidence"
    IMPORTED = "imported", "Imported from another system"


# Sources that satisfy a rule demanding an assessed score (design: cpd, 13). A client-scored
# completion joins them only once somebody reviewed it (LearningRecord.is_reviewed).
ASSESSED_SOURCES = frozenset(
    {
        RecordSource.SERVER_SCORED,
        RecordSource.ATTESTED_BY_TRAINER,
        RecordSource.APPROVED_EVIDENCE,
    }
)


class Basis(models.TextChoices):
    """On whose word a rule stands, strongest first."""

    STATUTORY = "statutory", "Statutory"
    STATUTORY_GUIDANCE = "statutory_guidance", "Statutory guidance"
    REGULATOR = "regulator", "Regulator"
    PROFESSIONAL_BODY = "professional_body", "Professional body"
    LOCAL = "local", "Required locally"
    EXPECTED = "expected", "Expected"
    RECOMMENDED = "recommended", "Recommended"


# By default neither extendable nor pausable (design: cpd, 9).
BINDING_BASES = frozenset({Basis.STATUTORY, Basis.STATUTORY_GUIDANCE, Basis.REGULATOR})


class SubjectKind(models.TextChoices):
    """Whose obligation it is."""

    PERSON = "person", "A person, once for all their posts"
    POST = "post", "Each post"
    ORGANISATION = "organisation", "A setting as a whole"


class Trigger(models.TextChoices):
    """What starts the clock."""

    POST_START = "post_start", "The first day in the post"
    FIRST_POST_IN_ROLE = "first_post_in_role", "The first day ever in the role"
    FIXED_DATE = "fixed_date", "A date that is the same for everyone"


class DueUnit(models.TextChoices):
    """How long someone has."""

    DAYS = "days", "days"
    MONTHS = "months", "months"
    TERMS = "terms", "terms"
    FIXED_DAY = "fixed_day", "a fixed day each year"


class RenewalAnchor(models.TextChoices):
    """From where the next period is counted."""

    EXPIRY = "expiry", "From expiry: done early inside the window, the anniversary stays"
    COMPLETION = "completion", "From completion"
    FIXED = "fixed", "The same day each year"


class HowClosed(models.TextChoices):
    """Why an obligation's period ended."""

    RENEWAL = "renewal", "The next period opened"
    MISSED = "missed", "Not done before the next period opened"
    LEFT = "left", "Left the post"
    RULE_ENDED = "rule_ended", "The requirement ended"


class Status(models.TextChoices):
    """What an obligation says on a day; strongest first (design: cpd, precedence)."""

    CLOSED = "closed", "Closed"
    EXEMPT = "exempt", "Exempt"
    PAUSED = "paused", "Paused"
    COMPLIANT = "compliant", "Up to date"
    IN_GRACE = "in_grace", "In grace"
    EXPIRED = "expired", "Expired"
    OVERDUE = "overdue", "Overdue"
    DUE_SOON = "due_soon", "Due soon"
    NOT_DUE = "not_due", "Not due yet"


LATE_STATUSES = (Status.IN_GRACE, Status.EXPIRED, Status.OVERDUE)
# Outside the denominator of every percentage.
UNCOUNTED_STATUSES = (Status.CLOSED, Status.EXEMPT, Status.PAUSED)


class ExemptionReason(models.TextChoices):
    """Why somebody need not."""

    EARLIER_SERVICE = "earlier_service", "Earlier service, declared and verified"
    EQUIVALENT = "equivalent", "Holds an equivalent"
    NOT_APPLICABLE = "not_applicable", "Does not apply to this post"
    OTHER = "other", "Another reason"


class NameOnCertificate(models.TextChoices):
    """What the public page shows; the holder chooses."""

    FULL = "full", "Full name"
    INITIALS = "initials", "Initials"
