"""What the resource library keeps for organisations."""

from core.registry import OnMove, OrganisationData, declare

declare(OrganisationData("resources_repo.ResourceUse", "organisation", OnMove.STAY))
