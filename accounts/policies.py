"""Route policies that ask for a role; see core.policies."""

from __future__ import annotations

from django.http import HttpRequest

from accounts import access
from accounts.enums import Role
from accounts.services.editor_rights import recheck_editor_rights
from core.page_rights import require_explorable
from core.policies import Policy


def role_required(*roles: str, hidden: bool = False, whole_area: bool = False) -> Policy:
    """Return the policy that asks for one of the roles in the request's local area.

    Somewhere in it is enough, unless `whole_area`: what such a route shows is not narrowed to
    an organisation.
    """

    def check(request: HttpRequest) -> bool:
        user, on = request.user, request.today  # type: ignore[attr-defined]
        area = request.local_area  # type: ignore[attr-defined]
        if not area or not user.is_authenticated:
            return False
        if whole_area:
            return access.areas_with_role(user, roles, on).filter(pk=area.pk).exists()
        return access.has_role(user, *roles, on=on, local_area=area)

    scope = "area" if whole_area else "role"
    return Policy(f"{scope}:" + ",".join(roles), check, hidden=hidden)


def _manages_people(request: HttpRequest) -> bool:
    user = request.user
    if not user.is_authenticated:
        return False
    on = request.today  # type: ignore[attr-defined]
    return (
        access.has_role(user, *access.ROLES_THAT_READ_PEOPLE, on=on)
        or access.posts_in_scope(user, on).exists()
    )


# Whoever leads a setting or team, reads for an agency or a board, or is a line manager.
manages_people = Policy("manages_people", _manages_people)
leads_setting = role_required(Role.SETTING_LEAD, Role.TEAM_MANAGER, Role.TRAINING_ADMIN)
# Figures of the whole area, and everybody's events: a grant over one setting opens neither.
evaluates = role_required(Role.EVALUATOR, Role.DIRECTOR, whole_area=True)
reads_audit_log = role_required(Role.SYSTEM_ADMIN, Role.AUDITOR, whole_area=True)
reads_roles = role_required(
    Role.SYSTEM_ADMIN, Role.AUDITOR, Role.TRAINING_ADMIN, Role.SETTING_LEAD, Role.TEAM_MANAGER
)
grants_roles = role_required(
    Role.SYSTEM_ADMIN, Role.TRAINING_ADMIN, Role.SETTING_LEAD, Role.TEAM_MANAGER
)
administers = role_required(Role.SYSTEM_ADMIN, whole_area=True)
keeps_directory = role_required(Role.TRAINING_ADMIN, Role.SYSTEM_ADMIN, whole_area=True)
reads_proposals = role_required(Role.SYSTEM_ADMIN, Role.DIRECTOR, Role.AUDITOR, whole_area=True)


def _editing_today(request: HttpRequest) -> bool:
    """Bring the groups behind the CMS up to date with the day before they are asked."""
    user = request.user
    if not user.is_authenticated:
        return False
    recheck_editor_rights(person=user, on=request.today)  # type: ignore[arg-type, attr-defined]
    if not user.has_perm("wagtailadmin.access_admin") or _tells_of_every_area(request):
        return False
    require_explorable(request)
    return True


# Screens that Wagtail does not narrow to the rights of the editor; nothing of ours uses them.
_EVERY_AREA = ("page-types-usage/", "api/main/documents/", "api/main/images/")


def _tells_of_every_area(request: HttpRequest) -> bool:
    match = request.resolver_match
    if match is None or getattr(request.user, "is_superuser", False):
        return False
    return any(part in match.route for part in _EVERY_AREA)


def _documents_today(request: HttpRequest) -> bool:
    """Editors read documents no page leads to: their rights are those of the day, too."""
    if request.user.is_authenticated:
        recheck_editor_rights(person=request.user, on=request.today)  # type: ignore[arg-type, attr-defined]
    return True


# Wagtail's admin and its documents: settings.POLICIES_OF_OTHERS names them.
cms = Policy("cms", _editing_today)
document = Policy("document", _documents_today)
reads_privacy = role_required(
    Role.DPO, Role.SYSTEM_ADMIN, Role.AUDITOR, whole_area=True, hidden=True
)
# Forms that look somebody up: whoever may not decide learns nothing from them either.
decides_privacy = role_required(Role.DPO, whole_area=True, hidden=True)
