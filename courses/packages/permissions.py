"""Pure predicates of packages: who may upload, approve and withdraw."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from accounts import access
from accounts.enums import Role
from accounts.models import LocalArea, User

if TYPE_CHECKING:
    from courses.packages.models import PackageRevision


def can_upload_package(user: User, local_area: LocalArea, *, on: dt.date) -> bool:
    """Whether the person administers training for the whole area."""
    areas = access.areas_with_role(user, (Role.TRAINING_ADMIN,), on)
    return areas.filter(pk=local_area.pk).exists()


def can_preview_revision(user: User, revision: PackageRevision, *, on: dt.date) -> bool:
    """Whether the person may try a revision before it is approved."""
    return can_upload_package(user, revision.package.local_area, on=on)


def can_approve_revision(user: User, revision: PackageRevision, *, on: dt.date) -> bool:
    """Whether the person may approve: an administrator, not the uploader unless the area is a team
    of one.
    """
    area = revision.package.local_area
    if revision.uploaded_by_id == user.pk and not area.team_of_one:
        return False
    return can_upload_package(user, area, on=on)


def can_withdraw_revision(user: User, revision: PackageRevision, *, on: dt.date) -> bool:
    """Whether the person may stop a revision: any administrator of the area, or a system
    administrator.
    """
    area = revision.package.local_area
    roles = (Role.TRAINING_ADMIN, Role.SYSTEM_ADMIN)
    return access.areas_with_role(user, roles, on).filter(pk=area.pk).exists()
