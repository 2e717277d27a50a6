"""Route policies that ask for a role; see core.policies."""

from __future__ import annotations

from django.http import HttpRequest

from accounts import access
from accounts.enums import Role
from core.policies import Policy


def role_required(*roles: str, hidden: bool = False) -> Policy:
    """Return the policy that asks for one of the roles somewhere in the request's local area."""

    def check(request: HttpRequest) -> bool:
        return access.has_role(
            request.user,  # type: ignore[arg-type]
            *roles,
            on=request.today,  # type: ignore[attr-defined]
            local_area=request.local_area,  # type: ignore[attr-defined]
        )

    return Policy("role:" + ",".join(roles), check, hidden=hidden)


def _manages_people(request: HttpRequest) -> bool:
    user = request.user
    if not user.is_authenticated:
        return False
    on = request.today  # type: ignore[attr-defined]
    return (
        access.has_role(user, *access.ROLES_THAT_SEE_PEOPLE, on=on)
        or access.posts_in_scope(user, on).exists()
    )


# Whoever leads a setting or team, or is somebody's line manager.
manages_people = Policy("manages_people", _manages_people)
leads_setting = role_required(Role.SETTING_LEAD, Role.TEAM_MANAGER, Role.TRAINING_ADMIN)
evaluates = role_required(Role.EVALUATOR, Role.DIRECTOR)
reads_audit_log = role_required(Role.SYSTEM_ADMIN, Role.AUDITOR)
