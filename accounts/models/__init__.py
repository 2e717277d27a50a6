"""Models of accounts, one noun a file."""

from accounts.models.audit import AuditEvent, AuditSeal
from accounts.models.invitation import Invitation
from accounts.models.local_area import LocalArea
from accounts.models.merge import AccountMerge
from accounts.models.organisation import Organisation, OrganisationLink
from accounts.models.post import Post
from accounts.models.privacy import (
    Erasure,
    LegalHold,
    PrivacyRequest,
    RetentionRule,
    RetentionRun,
)
from accounts.models.role_grant import RoleGrant, RoleProposal
from accounts.models.sharing import (
    Cluster,
    ClusterMembership,
    OrganisationConversion,
    SharingDecision,
)
from accounts.models.sign_in import SignInService
from accounts.models.staff_import import StaffImport
from accounts.models.user import User

__all__ = [
    "AccountMerge",
    "AuditEvent",
    "AuditSeal",
    "Cluster",
    "ClusterMembership",
    "Erasure",
    "Invitation",
    "LegalHold",
    "LocalArea",
    "Organisation",
    "OrganisationConversion",
    "OrganisationLink",
    "Post",
    "PrivacyRequest",
    "RetentionRule",
    "RetentionRun",
    "RoleGrant",
    "RoleProposal",
    "SharingDecision",
    "SignInService",
    "StaffImport",
    "User",
]
