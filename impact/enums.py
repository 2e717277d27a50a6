"""The vocabularies of the impact room."""

from __future__ import annotations

from django.db import models


class AreaKind(models.TextChoices):
    """What a piece of geography is."""

    COUNTRY = "country", "Country"
    REGION = "region", "Region"
    LOCAL_AUTHORITY = "local_authority", "Local authority"


class ValueStatus(models.TextChoices):
    """What a published cell says, beside its number. Source: DfE's symbols, design/impact."""

    SHOWN = "shown", "Published"
    NOT_APPLICABLE = "not_applicable", "Not applicable"
    UNAVAILABLE = "unavailable", "Not available"
    CONFIDENTIAL = "confidential", "Hidden by the publisher"
    LOW = "low", "Rounds to zero"
    UNRELIABLE = "unreliable", "Not reliable enough to publish"


class Outcome(models.TextChoices):
    """What is counted in a school in a year."""

    SUSPENSIONS = "suspensions", "Suspensions"
    PUPILS_SUSPENDED = "pupils_suspended", "Pupils suspended at least once"
    PERMANENT_EXCLUSIONS = "permanent_exclusions", "Permanent exclusions"
    PERSISTENT_ABSENTEES = "persistent_absentees", "Pupils persistently absent"


class Threshold(models.TextChoices):
    """When a school counts as trained. Few choices: a fine scale would tell schools apart."""

    ONE_PERSON = "one_person", "At least one person"
    SHARE_20 = "share_20", "At least 20 % of staff"
    SHARE_40 = "share_40", "At least 40 % of staff"
    SHARE_60 = "share_60", "At least 60 % of staff"
    SHARE_80 = "share_80", "At least 80 % of staff"


THRESHOLD_SHARES = {
    Threshold.ONE_PERSON: 0.0,
    Threshold.SHARE_20: 0.2,
    Threshold.SHARE_40: 0.4,
    Threshold.SHARE_60: 0.6,
    Threshold.SHARE_80: 0.8,
}


class SchoolGroup(models.TextChoices):
    """Which schools a question is about."""

    PRIMARY = "primary", "Primary schools"
    SECONDARY = "secondary", "Secondary schools"
    MAINSTREAM = "mainstream", "Primary and secondary schools"


class PupilGroup(models.TextChoices):
    """Which pupils a question is about. DfE publishes no SEN split by school."""

    ALL = "all", "All pupils"
    SEN_SUPPORT = "sen_support", "Pupils with SEN Support"
    EHCP = "ehcp", "Pupils with an EHCP"


class Comparator(models.TextChoices):
    """With whom trained schools are compared."""

    NOT_YET = "not_yet", "Schools not trained yet, or trained later"


class PlanStatus(models.TextChoices):
    """Where a question stands."""

    DRAFT = "draft", "Draft"
    LOCKED = "locked", "Locked"
    REPLACED = "replaced", "Replaced by a later version"


class AnalysisStatus(models.TextChoices):
    """Where a run stands."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Could not be done"
