"""What impact keeps for organisations: a series is joined by its lineage, never rewritten."""

from core.registry import OnMove, OrganisationData, declare

declare(OrganisationData("impact.SchoolOutcome", "organisation", OnMove.STAY))
