"""The vocabularies of learning: for whom, how, and what a completion rests on."""

from __future__ import annotations

from django.db import models


class Audience(models.TextChoices):
    """Groups of the workforce as a catalogue speaks of them."""

    EVERYONE = "everyone", "Everyone"
    SCHOOL_STAFF = "school_staff", "All school staff"
    TEACHERS = "teachers", "Teachers"
    TEACHING_ASSISTANTS = "teaching_assistants", "Teaching assistants"
    SENCOS = "sencos", "SENCOs"
    SCHOOL_LEADERS = "school_leaders", "School leaders"
    EARLY_YEARS = "early_years", "Early years"
    SOCIAL_CARE = "social_care", "Social care"
    HEALTH = "health", "Health"
    GOVERNORS = "governors", "Governors"
    FAMILIES = "families", "Families and volunteers"


class Mode(models.TextChoices):
    """How a course is delivered."""

    SELF_PACED = "self_paced", "Self-paced"
    LIVE_ONLINE = "live_online", "Live online"
    FACE_TO_FACE = "face_to_face", "Face to face"
    BLENDED = "blended", "Blended programme"
    COACHING = "coaching", "Coaching"
    SUPERVISION = "supervision", "Supervision"
    EXTERNAL = "external", "External"


class Level(models.TextChoices):
    """How far a course goes."""

    AWARENESS = "awareness", "Awareness"
    PRACTITIONER = "practitioner", "Practitioner"
    LEADER = "leader", "Leader"


class DurationBand(models.TextChoices):
    """How long a course takes, as people ask for it."""

    HALF_HOUR = "half_hour", "Up to 30 minutes"
    HOUR = "hour", "30 minutes to 1 hour"
    HALF_DAY = "half_day", "1 to 3 hours"
    LONGER = "longer", "More than 3 hours"


# Whole minutes, both ends included.
DURATION_LIMITS: dict[str, tuple[int, int]] = {
    DurationBand.HALF_HOUR: (0, 30),
    DurationBand.HOUR: (31, 60),
    DurationBand.HALF_DAY: (61, 180),
    DurationBand.LONGER: (181, 1_000_000),
}


class ActivityKind(models.TextChoices):
    """What a learner does in an activity."""

    PACKAGE = "package", "Interactive activity"
    QUIZ = "quiz", "Quiz"


class Evidence(models.TextChoices):
    """What a completion rests on (design: learning, "What a package says, and what counts").

    Rules that demand an assessed score accept SERVER_SCORED and ATTESTED, never what a browser
    said of itself.
    """

    SERVER_SCORED = "server-scored", "Marked by Waymark"
    ATTESTED = "attested", "Attested by a trainer or setting"
    CLIENT_ASSERTED = "client-asserted", "Reported by the activity"
    SELF_DECLARED = "self-declared", "Declared by the learner"


class AttemptStatus(models.TextChoices):
    """Where an attempt stands."""

    OPEN = "open", "Open"
    COMPLETED = "completed", "Completed"
    CLOSED = "closed", "Closed unfinished"
