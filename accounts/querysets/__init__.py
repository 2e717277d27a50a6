"""Chainable filters of accounts; every model that belongs to someone has `visible_to`."""

from accounts.querysets.administration import (
    AccountMergeQuerySet,
    ClusterQuerySet,
    InvitationQuerySet,
    LegalHoldQuerySet,
    PrivacyRequestQuerySet,
    RetentionRunQuerySet,
    RoleProposalQuerySet,
    SharingDecisionQuerySet,
    SignInServiceQuerySet,
    StaffImportQuerySet,
)
from accounts.querysets.people import (
    AuditEventQuerySet,
    AuditSealQuerySet,
    OrganisationQuerySet,
    PostQuerySet,
    RoleGrantQuerySet,
    UserManager,
    UserQuerySet,
    Viewer,
    in_force,
)

__all__ = [
    "AccountMergeQuerySet",
    "AuditEventQuerySet",
    "AuditSealQuerySet",
    "ClusterQuerySet",
    "InvitationQuerySet",
    "LegalHoldQuerySet",
    "OrganisationQuerySet",
    "PostQuerySet",
    "PrivacyRequestQuerySet",
    "RetentionRunQuerySet",
    "RoleGrantQuerySet",
    "RoleProposalQuerySet",
    "SharingDecisionQuerySet",
    "SignInServiceQuerySet",
    "StaffImportQuerySet",
    "UserManager",
    "UserQuerySet",
    "Viewer",
    "in_force",
]
