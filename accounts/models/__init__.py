"""Models of accounts, one noun a file."""

from accounts.models.audit import AuditEvent
from accounts.models.local_area import LocalArea
from accounts.models.organisation import Organisation, OrganisationLink
from accounts.models.post import Post
from accounts.models.role_grant import RoleGrant
from accounts.models.user import User

__all__ = [
    "AuditEvent",
    "LocalArea",
    "Organisation",
    "OrganisationLink",
    "Post",
    "RoleGrant",
    "User",
]
