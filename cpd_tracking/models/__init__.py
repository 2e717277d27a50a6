"""Models of cpd_tracking, one noun a file."""

from cpd_tracking.models.adjustment import Exemption, Extension, Pause
from cpd_tracking.models.calendar import Horizon, Term
from cpd_tracking.models.certificate import Certificate
from cpd_tracking.models.feed import CalendarFeed
from cpd_tracking.models.obligation import Obligation, SatisfyingRecord
from cpd_tracking.models.record import LearningRecord, Topic
from cpd_tracking.models.reminder import DigestSent, Nudge, ReminderPreference
from cpd_tracking.models.requirement import RequirementVersion, TrainingRequirement
from cpd_tracking.models.session import AttestedSession

__all__ = [
    "AttestedSession",
    "CalendarFeed",
    "Certificate",
    "DigestSent",
    "Exemption",
    "Extension",
    "Horizon",
    "LearningRecord",
    "Nudge",
    "Obligation",
    "Pause",
    "ReminderPreference",
    "RequirementVersion",
    "SatisfyingRecord",
    "Term",
    "Topic",
    "TrainingRequirement",
]
