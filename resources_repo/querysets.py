"""Chainable filters of resources_repo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from core.pages import GuardedPageQuerySet
from networks.enums import Visibility

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

    Viewer = User | AnonymousUser


def known_networks(user: Viewer) -> models.QuerySet[Any]:
    """Return the networks whose resources the person may see: for visitors the open ones."""
    from networks.models import Network

    if not user.is_authenticated:
        return Network.objects.filter(visibility=Visibility.AREA)
    return Network.objects.visible_to(user)


class ResourcePageQuerySet(GuardedPageQuerySet):
    """Resources."""

    def visible_to(self, user: Viewer) -> ResourcePageQuerySet:
        """Keep live resources that are open to everyone, or owned by no network one cannot know of.

        A hidden network's resources are for its members; with sign-in one sees the others.
        """
        return self.visible_given(user, known_networks(user).values("pk"))

    def visible_given(self, user: Viewer, known: Any) -> ResourcePageQuerySet:
        """Keep what `visible_to` keeps; `known` are the primary keys of networks one may know of.

        A screen that asks many questions finds those keys once and passes them as a list: the
        condition is then short in each of its queries.
        """
        owned = Q(network__isnull=True) | Q(network__in=known)
        return super().visible_to(user).filter(owned)

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
