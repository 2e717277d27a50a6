"""Pure predicates of resources_repo."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from accounts import access
from accounts.enums import Role
from accounts.models import LocalArea, User
from networks.enums import LEADING_ROLES
from networks.permissions import role_in
from resources_repo.models import ResourcePage
from resources_repo.selectors.review import open_reviews

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Viewer = User | AnonymousUser


def can_contribute(user: Viewer, local_area: LocalArea, *, on: dt.date) -> bool:
    """Whether the person may submit a resource: anyone with a post or a role in the area."""
    if not isinstance(user, User):
        return False
    return access.areas_of(user, on).filter(pk=local_area.pk).exists()


def can_revise(user: Viewer, page: ResourcePage, *, on: dt.date) -> bool:
    """Whether the person may propose a new version: its contributor, or the owner's leads."""
    if page.contributor_id is not None and page.contributor_id == user.pk:
        return True
    return page.network is not None and role_in(user, page.network, on=on) in LEADING_ROLES


def can_review(user: Viewer, local_area: LocalArea, *, on: dt.date) -> bool:
    """Whether the person reviews resources of the area."""
    return access.has_role(user, Role.REVIEWER, on=on, local_area=local_area)  # type: ignore[arg-type]


def can_decide(user: Viewer, page: ResourcePage) -> bool:
    """Whether the person may approve or return it now: a reviewer, and it is not their own."""
    if not isinstance(user, User) or page.contributor_id == user.pk:
        return False
    return open_reviews(user).filter(object_id=str(page.pk)).exclude(requested_by=user).exists()
