"""What accounts keeps for organisations, and what goes over when a school becomes another."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from accounts.enums import OrganisationStatus
from core.registry import OnMove, OrganisationData, declare


def not_over(rows: QuerySet[Any], on: dt.date) -> QuerySet[Any]:
    """Keep dated rows whose last day has not passed, those that begin later among them."""
    return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))


def _not_closed(rows: QuerySet[Any], on: dt.date) -> QuerySet[Any]:
    return rows.exclude(status=OrganisationStatus.CLOSED)


def _open(rows: QuerySet[Any], on: dt.date) -> QuerySet[Any]:
    return rows.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)


declare(
    OrganisationData("accounts.Post", "organisation", OnMove.MOVE, not_over),
    OrganisationData("accounts.RoleGrant", "organisation", OnMove.MOVE, not_over),
    OrganisationData("accounts.Invitation", "organisation", OnMove.MOVE, _open),
    OrganisationData("accounts.SignInService", "organisation", OnMove.MOVE),
    OrganisationData("accounts.Organisation", "parent", OnMove.MOVE, _not_closed),
    OrganisationData("accounts.Cluster", "lead", OnMove.MOVE),
    OrganisationData("accounts.ClusterMembership", "organisation", OnMove.MOVE, not_over),
    # A successor has a new employer: it decides anew what it shares, and with whom.
    OrganisationData("accounts.SharingDecision", "employer", OnMove.STAY),
    OrganisationData("accounts.SharingDecision", "overseer", OnMove.STAY),
    # History: what was, under the name it had.
    OrganisationData("accounts.HistoricalPost", "organisation", OnMove.STAY),
    OrganisationData("accounts.HistoricalRoleGrant", "organisation", OnMove.STAY),
    OrganisationData("accounts.StaffImport", "organisation", OnMove.STAY),
    OrganisationData("accounts.AuditEvent", "organisation", OnMove.STAY),
    OrganisationData("accounts.OrganisationConversion", "predecessor", OnMove.STAY),
    OrganisationData("accounts.OrganisationConversion", "successor", OnMove.STAY),
    # The register says these.
    OrganisationData("accounts.Organisation", "trust", OnMove.STAY),
    OrganisationData("accounts.OrganisationLink", "organisation", OnMove.STAY),
    OrganisationData("accounts.OrganisationLink", "linked", OnMove.STAY),
)
