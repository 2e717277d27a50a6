"""Who may edit courses' own objects in the CMS: the editors of the local area they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from wagtail.permission_policies.base import BasePermissionPolicy

from accounts.models import LocalArea, User


class AreaContentPolicy(BasePermissionPolicy):
    """Rights by membership of an area's editors group (projected from dated role grants).

    Every action of the CMS comes with the membership; `publish` and `delete` too, and protected
    foreign keys keep what is in use.
    """

    def user_has_permission(self, user: User, action: str) -> bool:
        """Whether the person edits for any area."""
        return self._areas(user).exists()

    def user_has_any_permission(self, user: User, actions: Sequence[str]) -> bool:
        """Whether the person edits for any area; the actions come together."""
        return self._areas(user).exists()

    def users_with_any_permission(self, actions: Sequence[str]) -> QuerySet[Any]:
        """Return the editors of every area, and the break-glass account."""
        groups = LocalArea.objects.filter(editors__isnull=False).values("editors")
        return (
            get_user_model()
            .objects.filter(Q(is_superuser=True) | Q(groups__in=groups), is_active=True)
            .distinct()
        )

    def user_has_permission_for_instance(self, user: User, action: str, instance: Any) -> bool:
        """Whether the person edits for the object's area."""
        return self._areas(user).filter(pk=instance.local_area_id).exists()

    def user_has_any_permission_for_instance(
        self, user: User, actions: Sequence[str], instance: Any
    ) -> bool:
        """Whether the person edits for the object's area; the actions come together."""
        return self.user_has_permission_for_instance(user, "", instance)

    def instances_user_has_any_permission_for(
        self, user: User, actions: Sequence[str]
    ) -> QuerySet[Any]:
        """Return the objects of the areas the person edits for."""
        return self.model.objects.filter(local_area__in=self._areas(user))

    def users_with_any_permission_for_instance(
        self, actions: Sequence[str], instance: Any
    ) -> QuerySet[Any]:
        """Return the editors of the object's area, and the break-glass account."""
        groups = LocalArea.objects.filter(pk=instance.local_area_id).values("editors")
        return (
            get_user_model()
            .objects.filter(Q(is_superuser=True) | Q(groups__in=groups), is_active=True)
            .distinct()
        )

    def _areas(self, user: User) -> QuerySet[LocalArea]:
        if not user.is_active:
            return LocalArea.objects.none()
        if user.is_superuser:
            return LocalArea.objects.all()
        return LocalArea.objects.filter(editors__in=user.groups.all())
