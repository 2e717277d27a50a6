"""Chainable filters of packages."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models

from accounts import access
from core import clock

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import LocalArea, User


class ContentPackageQuerySet(models.QuerySet[Any]):
    """Packages."""

    def visible_to(
        self, user: User | AnonymousUser, on: dt.date | None = None
    ) -> ContentPackageQuerySet:
        """Keep packages of the areas in which the viewer has a post or a role on the day."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(local_area__in=access.areas_of(user, on or clock.today()))


class PackageRevisionQuerySet(models.QuerySet[Any]):
    """Revisions."""

    def visible_to(
        self, user: User | AnonymousUser, on: dt.date | None = None
    ) -> PackageRevisionQuerySet:
        """Keep revisions of the packages the viewer may see."""
        if not user.is_authenticated:
            return self.none()
        areas = access.areas_of(user, on or clock.today())
        return self.filter(package__local_area__in=areas)

    def playable(self) -> PackageRevisionQuerySet:
        """Keep revisions that learners may be given."""
        return self.filter(state="approved")


class H5PLibraryQuerySet(models.QuerySet[Any]):
    """Libraries; code, not content, so whoever administers training may see all of them."""

    def approved_in(self, local_area: LocalArea) -> H5PLibraryQuerySet:
        """Keep libraries that may run for the area's learners."""
        return self.filter(approvals__local_area=local_area)
