"""The vocabularies of people and organisations, and named groups of them."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    """What a person may do beyond learning; held through a dated grant with a scope.

    The learner is everyone; network lead and deputy are memberships (networks.Membership).
    """

    SETTING_LEAD = "setting_lead", "Setting lead"
    TEAM_MANAGER = "team_manager", "Team manager"
    TRAINING_ADMIN = "training_admin", "Training administrator"
    REVIEWER = "reviewer", "Resource reviewer"
    STEWARD = "steward", "Steward of the local area"
    EVALUATOR = "evaluator", "Evaluator"
    DIRECTOR = "director", "Director"
    SYSTEM_ADMIN = "system_admin", "System administrator"
    AUDITOR = "auditor", "Auditor"
    DPO = "dpo", "Data protection officer"
    DSCO = "dsco", "Designated social care officer"
    DCO = "dco", "Designated clinical officer"
    BOARD_CLERK = "board_clerk", "Clerk of a governing board"


class OrganisationKind(models.TextChoices):
    """What kind of employer, setting or team an organisation is."""

    SCHOOL = "school", "School"
    SPECIAL_SCHOOL = "special_school", "Special school"
    NURSERY_SCHOOL = "nursery_school", "Nursery school"
    PRU = "pru", "Pupil referral unit"
    ALTERNATIVE_PROVISION = "alternative_provision", "Alternative provision"
    COLLEGE = "college", "College"
    CHILDRENS_CENTRE = "childrens_centre", "Children's centre"
    PVI_NURSERY = "pvi_nursery", "Private or voluntary nursery"
    CHILDMINDER = "childminder", "Childminder"
    FAMILY_HUB = "family_hub", "Family hub"
    LOCAL_AUTHORITY = "local_authority", "Local authority"
    LA_TEAM = "la_team", "Local authority service team"
    SOCIAL_CARE_TEAM = "social_care_team", "Social care team"
    NHS_PROVIDER = "nhs_provider", "NHS provider"
    ICB = "icb", "Integrated care board"
    VOLUNTARY = "voluntary", "Voluntary or community organisation"
    PARENT_CARER_FORUM = "parent_carer_forum", "Parent carer forum"
    TRUST = "trust", "Multi-academy trust"
    GOVERNING_BOARD = "governing_board", "Governing board"
    SUPPLY_AGENCY = "supply_agency", "Supply agency"
    OTHER = "other", "Other"


SCHOOL_KINDS = (
    OrganisationKind.SCHOOL,
    OrganisationKind.SPECIAL_SCHOOL,
    OrganisationKind.NURSERY_SCHOOL,
    OrganisationKind.PRU,
    OrganisationKind.ALTERNATIVE_PROVISION,
)


class Phase(models.TextChoices):
    """Phase of education as GIAS names it."""

    NOT_APPLICABLE = "not_applicable", "Not applicable"
    NURSERY = "nursery", "Nursery"
    PRIMARY = "primary", "Primary"
    MIDDLE_PRIMARY = "middle_primary", "Middle deemed primary"
    SECONDARY = "secondary", "Secondary"
    MIDDLE_SECONDARY = "middle_secondary", "Middle deemed secondary"
    POST_16 = "post_16", "16 plus"
    ALL_THROUGH = "all_through", "All-through"


class OrganisationStatus(models.TextChoices):
    """Whether an organisation is open; GIAS's own four states."""

    PROPOSED = "proposed", "Proposed to open"
    OPEN = "open", "Open"
    CLOSING = "closing", "Open, but proposed to close"
    CLOSED = "closed", "Closed"


class LinkType(models.TextChoices):
    """How one organisation became another, read from the side that holds the link."""

    PREDECESSOR = "predecessor", "Predecessor"
    PREDECESSOR_AMALGAMATED = "predecessor_amalgamated", "Predecessor - amalgamated"
    PREDECESSOR_MERGED = "predecessor_merged", "Predecessor - merged"
    PREDECESSOR_SPLIT = "predecessor_split", "Predecessor - Split School"
    SUCCESSOR = "successor", "Successor"
    SUCCESSOR_AMALGAMATED = "successor_amalgamated", "Successor - amalgamated"
    SUCCESSOR_MERGED = "successor_merged", "Successor - merged"
    SUCCESSOR_SPLIT = "successor_split", "Successor - Split School"
    RESULT_OF_AMALGAMATION = "result_of_amalgamation", "Result of Amalgamation"
    CLOSURE = "closure", "Closure"
    EXPANSION = "expansion", "Expansion"
    OTHER = "other", "Other"


class JobRole(models.TextChoices):
    """What someone does in a post; rules choose their audience by it."""

    HEADTEACHER = "headteacher", "Headteacher"
    SENCO = "senco", "SENCO"
    TEACHER = "teacher", "Teacher"
    TEACHING_ASSISTANT = "teaching_assistant", "Teaching assistant"
    ELSA = "elsa", "Emotional literacy support assistant"
    DSL = "dsl", "Designated safeguarding lead"
    MENTAL_HEALTH_LEAD = "mental_health_lead", "Senior mental health lead"
    MIDDAY_SUPERVISOR = "midday_supervisor", "Midday supervisor"
    SCHOOL_OFFICE = "school_office", "School office and site staff"
    EY_PRACTITIONER = "ey_practitioner", "Early years practitioner"
    CHILDMINDER = "childminder", "Childminder"
    SOCIAL_WORKER = "social_worker", "Social worker"
    SOCIAL_CARE_MANAGER = "social_care_manager", "Social care team manager"
    FAMILY_SUPPORT = "family_support", "Family support worker"
    EDUCATIONAL_PSYCHOLOGIST = "educational_psychologist", "Educational psychologist"
    EMHP = "emhp", "Mental health practitioner"
    THERAPIST = "therapist", "Therapist"
    LA_OFFICER = "la_officer", "Local authority officer"
    SENIOR_LEADER = "senior_leader", "Senior leader"
    VOLUNTEER = "volunteer", "Volunteer"
    GOVERNOR = "governor", "Governor"
    LINK_GOVERNOR = "link_governor", "SEND link governor"
    CLERK = "clerk", "Clerk to governors"


# Posts that are not employment: no employer decides about them.
NON_EMPLOYMENT_ROLES = (JobRole.VOLUNTEER, JobRole.GOVERNOR, JobRole.LINK_GOVERNOR)
GOVERNOR_ROLES = (JobRole.GOVERNOR, JobRole.LINK_GOVERNOR, JobRole.CLERK)


class InvitationKind(models.TextChoices):
    """How an invitation reaches the person."""

    MAIL = "mail", "By email"
    CARD = "card", "On a printed card"


class ImportMode(models.TextChoices):
    """What the absence of a person from a list means."""

    FULL = "full", "The full list of staff"
    CHANGES = "changes", "Changes only"


class ImportState(models.TextChoices):
    """Where a staff import stands."""

    PREVIEW = "preview", "Not imported yet"
    COMMITTED = "committed", "Imported"
    UNDONE = "undone", "Undone"
    DISCARDED = "discarded", "Discarded"


class PrivacyRequestKind(models.TextChoices):
    """What a person asks about their data."""

    ACCESS = "access", "A copy of everything held about me"
    ERASURE = "erasure", "Erasure"


class PrivacyRequestState(models.TextChoices):
    """Where a request stands."""

    ASKED = "asked", "Asked"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"
    DONE = "done", "Done"
    WITHDRAWN = "withdrawn", "Withdrawn"


class RetentionState(models.TextChoices):
    """Where a disposal stands."""

    PROPOSED = "proposed", "Waits for a second person"
    DONE = "done", "Carried out"
    REFUSED = "refused", "Refused"
    STALE = "stale", "Rows have changed since"


class SignInServiceKind(models.TextChoices):
    """Whose directory vouches for people, and so which claim names the tenant."""

    ENTRA = "entra", "Microsoft Entra"
    GOOGLE = "google", "Google Workspace"
