"""The vocabularies by which resources (and courses) are found.

Needs are the primary need codes of the school census (DfE, Common Basic Data Set); EBSA and the
like are themes, never need codes. Tiers and stages: SEND code of practice, 2015, chapter 6.
"""

from __future__ import annotations

from django.db import models


class Need(models.TextChoices):
    """Primary need, by the census code."""

    SPLD = "SPLD", "Specific learning difficulty"
    MLD = "MLD", "Moderate learning difficulty"
    SLD = "SLD", "Severe learning difficulty"
    PMLD = "PMLD", "Profound and multiple learning difficulty"
    SEMH = "SEMH", "Social, emotional and mental health"
    SLCN = "SLCN", "Speech, language and communication"
    ASD = "ASD", "Autism"
    HI = "HI", "Hearing impairment"
    VI = "VI", "Vision impairment"
    MSI = "MSI", "Multi-sensory impairment"
    PD = "PD", "Physical disability"
    DS = "DS", "Down syndrome"
    OTH = "OTH", "Other difficulty or disability"
    NSA = "NSA", "SEN support, type of need not yet assessed"


class AreaOfNeed(models.TextChoices):
    """The four broad areas of need of the SEND code of practice, 6.28 to 6.35."""

    COGNITION = "cognition", "Cognition and learning"
    COMMUNICATION = "communication", "Communication and interaction"
    SEMH = "semh", "Social, emotional and mental health"
    SENSORY = "sensory", "Sensory and physical"


# Down syndrome, OTH and NSA belong to no one area: the code of practice assigns none.
AREA_OF_NEED: dict[str, str] = {
    Need.SPLD: AreaOfNeed.COGNITION,
    Need.MLD: AreaOfNeed.COGNITION,
    Need.SLD: AreaOfNeed.COGNITION,
    Need.PMLD: AreaOfNeed.COGNITION,
    Need.SEMH: AreaOfNeed.SEMH,
    Need.SLCN: AreaOfNeed.COMMUNICATION,
    Need.ASD: AreaOfNeed.COMMUNICATION,
    Need.HI: AreaOfNeed.SENSORY,
    Need.VI: AreaOfNeed.SENSORY,
    Need.MSI: AreaOfNeed.SENSORY,
    Need.PD: AreaOfNeed.SENSORY,
}


class Theme(models.TextChoices):
    """What a resource is about when that is not a need."""

    EBSA = "EBSA", "Emotionally based school avoidance"
    TRANSITION = "transition", "Moves and transition"
    OAP = "oap", "Ordinarily available provision"
    PFA = "pfa", "Preparing for adulthood"
    CODING = "coding", "Need coding and records"
    FAMILIES = "families", "Working with families"


class EducationPhase(models.TextChoices):
    """The phase of education a resource is for."""

    EARLY_YEARS = "early_years", "Early years"
    PRIMARY = "primary", "Primary"
    SECONDARY = "secondary", "Secondary"
    POST_16 = "post_16", "Post-16"


class Tier(models.TextChoices):
    """How far the support goes beyond what every child has."""

    UNIVERSAL = "universal", "Universal"
    TARGETED = "targeted", "Targeted"
    SPECIALIST = "specialist", "Specialist"


class GraduatedStage(models.TextChoices):
    """The stage of the graduated approach a resource helps with."""

    ASSESS = "assess", "Assess"
    PLAN = "plan", "Plan"
    DO = "do", "Do"
    REVIEW = "review", "Review"


class ResourceType(models.TextChoices):
    """What kind of thing a resource is."""

    GUIDE = "guide", "Guide"
    TEMPLATE = "template", "Template"
    AUDIT = "audit", "Audit"
    PROGRAMME = "programme", "Programme"
    ACTIVITY = "activity", "Activity"
    PATHWAY = "pathway", "Pathway"
    CASE_STUDY = "case_study", "Practice example"
    TRAINING = "training", "Training materials"
    VIDEO = "video", "Video"


class Licence(models.TextChoices):
    """On what terms a resource may be used."""

    OGL = "ogl", "Open Government Licence v3.0"
    CC_BY = "cc_by", "Creative Commons: credit the author (CC BY 4.0)"
    CC_BY_SA = "cc_by_sa", "Creative Commons: credit, share alike (CC BY-SA 4.0)"
    CC_BY_NC = "cc_by_nc", "Creative Commons: credit, not for profit (CC BY-NC 4.0)"
    AREA = "area", "For settings of this local area only"


class Facet(models.TextChoices):
    """The kinds of tag."""

    NEED = "need", "Need"
    AREA = "area", "Area of need"
    THEME = "theme", "Theme"
    PHASE = "phase", "Phase"
    TIER = "tier", "Tier"
    STAGE = "stage", "Stage of the graduated approach"


FACET_CHOICES: dict[str, type[models.TextChoices]] = {
    Facet.NEED: Need,
    Facet.AREA: AreaOfNeed,
    Facet.THEME: Theme,
    Facet.PHASE: EducationPhase,
    Facet.TIER: Tier,
    Facet.STAGE: GraduatedStage,
}


class Helped(models.TextChoices):
    """What someone who used a resource says of it."""

    YES = "yes", "Yes, it helped"
    PARTLY = "partly", "It helped a little"
    NO = "no", "No, it did not help"
