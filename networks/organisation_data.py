"""What networks keep for organisations: memberships go over with a school that becomes another."""

from accounts.organisation_data import not_over
from core.registry import OnMove, OrganisationData, declare

declare(
    OrganisationData("networks.Membership", "organisation", OnMove.MOVE, not_over),
    # A register says for which setting somebody came, as it was then.
    OrganisationData("networks.Attendance", "organisation", OnMove.STAY),
)
