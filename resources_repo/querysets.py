"""Chainable filters of resources_repo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from core.pages import GuardedPageQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

    Viewer = User | AnonymousUser


class ResourcePageQuerySet(GuardedPageQuerySet):
    """Resources."""

    def visible_to(self, user: Viewer) -> ResourcePageQuerySet:
        """Keep live resources that are open to everyone, or owned by no network one cannot know of.

        A hidden network's resources are for its members; with sign-in one sees the others.
        """
        from networks.models import Network

        live = super().visible_to(user)
        if not user.is_authenticated:
            return live.filter(Q(network__isnull=True) | Q(network__visibility="area"))
        return live.filter(
            Q(network__isnull=True) | Q(network__in=Network.objects.visible_to(user).values("pk"))
        )

    def contributed_by(self, user: Viewer) -> ResourcePageQuerySet:
        """Keep what the person submitted, drafts included."""
        return self.filter(contributor=user.pk)


class ResourceVersionQuerySet(models.QuerySet["Any"]):
    """Versions."""

    def published(self) -> ResourceVersionQuerySet:
        """Keep versions that have been live."""
        return self.filter(published_at__isnull=False)

    def visible_to(self, user: Viewer) -> ResourceVersionQuerySet:
        """Keep published versions of visible resources, one's own, and those one reviews."""
        from resources_repo.models import ResourcePage
        from resources_repo.selectors.review import pages_to_review

        visible = ResourcePage.objects.visible_to(user).values("pk")
        condition = Q(published_at__isnull=False, page__in=visible)
        if user.is_authenticated:
            condition |= Q(page__contributor=user.pk) | Q(made_by=user.pk)
            condition |= Q(page__in=pages_to_review(user))
        return self.filter(condition)


class ResourceUseQuerySet(models.QuerySet["Any"]):
    """Words on resources."""

    def visible_to(self, user: Viewer) -> ResourceUseQuerySet:
        """Keep one's own; others are shown as numbers only."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(person=user.pk)
