"""What CPD tracking keeps for organisations: a setting's own rules go over, its records stay."""

from core.registry import OnMove, OrganisationData, declare

declare(
    OrganisationData("cpd_tracking.TrainingRequirement", "owner", OnMove.MOVE),
    OrganisationData("cpd_tracking.LearningRecord", "organisation", OnMove.STAY),
    OrganisationData("cpd_tracking.AttestedSession", "organisation", OnMove.STAY),
    # Derived: worked out again from posts and rules.
    OrganisationData("cpd_tracking.Obligation", "organisation", OnMove.STAY),
)
