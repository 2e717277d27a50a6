"""People, organisations, posts, grants and audit events, by who looks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from django.contrib.auth.models import BaseUserManager
from django.db import models
from django.db.models import Q

from core import clock

if TYPE_CHECKING:
    from accounts.models import LocalArea, User

# accounts.User or AnonymousUser.
Viewer: TypeAlias = Any


def in_force(on: dt.date, prefix: str = "") -> Q:
    """Return the condition that a dated row (starts_on, ends_on inclusive) holds on a day."""
    return Q(**{f"{prefix}starts_on__lte": on}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": on})
    )


class UserQuerySet(models.QuerySet["User"]):
    """People."""

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> UserQuerySet:
        """Keep people the viewer may see *by name*: themselves and those their roles reach."""
        from accounts import access

        if not user.is_authenticated:
            return self.none()
        return self.filter(
            Q(pk=user.pk) | Q(pk__in=access.people_in_scope(user, on or clock.today()))
        )

    def in_area(self, local_area: LocalArea, on: dt.date | None = None) -> UserQuerySet:
        """Keep people with a post in the area on the day."""
        from accounts.models import Post

        held = Post.objects.held_on(on or clock.today()).filter(
            person=models.OuterRef("pk"), organisation__local_area=local_area
        )
        return self.filter(models.Exists(held))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes people; addresses are stored in lower case, as they are compared."""

    use_in_migrations = True

    def create_user(
        self, email: str | None = None, password: str | None = None, **fields: Any
    ) -> User:
        """Create a person; without a password the account cannot sign in yet."""
        user = self.model(email=email.strip().lower() if email else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create the break-glass account."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> User:
        """Find by address, whatever its case."""
        return self.get(email__iexact=email)


class OrganisationQuerySet(models.QuerySet["Any"]):
    """Organisations."""

    def in_area(self, local_area: LocalArea) -> OrganisationQuerySet:
        """Keep organisations the local area serves."""
        return self.filter(local_area=local_area)

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> OrganisationQuerySet:
        """Keep organisations of the areas where the person has a post or a grant.

        That a setting exists is no secret inside its area; who works there is (see `User`).
        """
        from accounts import access

        if not user.is_authenticated:
            return self.none()
        return self.filter(local_area__in=access.areas_of(user, on or clock.today()))


class PostQuerySet(models.QuerySet["Any"]):
    """Posts."""

    def held_on(self, on: dt.date) -> PostQuerySet:
        """Keep posts in force on the day (`ends_on` is the last day)."""
        return self.filter(in_force(on))

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> PostQuerySet:
        """Keep the viewer's own posts, and those in organisations or lines their roles reach.

        A head sees the posts in their own setting and not the person's other employer.
        """
        from accounts import access

        if not user.is_authenticated:
            return self.none()
        day = on or clock.today()
        return self.filter(Q(person=user) | access.posts_in_scope_condition(user, day))


class RoleGrantQuerySet(models.QuerySet["Any"]):
    """Role grants."""

    def in_force(self, on: dt.date) -> RoleGrantQuerySet:
        """Keep grants that hold on the day."""
        return self.filter(in_force(on))

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> RoleGrantQuerySet:
        """Keep one's own grants and what one has handed on; leads and managers see those in
        their scope, administrators and auditors their area's.
        """
        from accounts import access
        from accounts.enums import Role

        if not user.is_authenticated:
            return self.none()
        day = on or clock.today()
        areas = access.areas_with_role(user, (Role.SYSTEM_ADMIN, Role.AUDITOR), day)
        led = access.organisations_in_scope(user, access.ROLES_THAT_SEE_PEOPLE, day)
        return self.filter(
            Q(person=user)
            | Q(delegated_from__person=user)
            | Q(organisation__in=led.order_by().values("pk"))
            | Q(local_area__in=areas)
        )


class AppendOnlyQuerySet(models.QuerySet["Any"]):
    """Rows that are written once: what would change or delete many at a time is refused too."""

    unchanging = "These rows are append-only."

    def update(self, **kwargs: Any) -> int:
        """Raise TypeError."""
        raise TypeError(self.unchanging)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Raise TypeError."""
        raise TypeError(self.unchanging)

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        """Raise TypeError."""
        raise TypeError(self.unchanging)

    # As Django's own: templates and managers do not call what changes data.
    update.alters_data = True  # type: ignore[attr-defined]
    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]
    bulk_update.alters_data = True  # type: ignore[attr-defined]


class AuditEventQuerySet(AppendOnlyQuerySet):
    """Audit events."""

    unchanging = "Audit events are append-only."

    def empty_reasons_of(self, public_ids: Iterable[UUID]) -> int:
        """Empty the reasons of events about people who are erased; return how many there were.

        The one exception, for the erasure that writes accounts.Erasure in the same transaction:
        the salted digest stays, so the chain holds, and without the salt it tells nothing.
        """
        about = self.filter(subject__in=list(public_ids)).exclude(reason="")
        return models.QuerySet.update(about, reason="", reason_salt="")

    def told(self, at: dt.datetime) -> AuditEventQuerySet:
        """Keep what its subject may know at an instant: a lawful investigation may delay it."""
        return self.filter(Q(shown_from__isnull=True) | Q(shown_from__lte=at))

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> AuditEventQuerySet:
        """Keep what was done to one's own record, once it may be told; auditors and
        administrators see their area's, but of themselves nobody sees what is not to be told yet.
        """
        from accounts import access
        from accounts.enums import Role

        if not user.is_authenticated:
            return self.none()
        day = on or clock.today()
        areas = access.areas_with_role(user, (Role.SYSTEM_ADMIN, Role.AUDITOR), day)
        told = Q(shown_from__isnull=True) | Q(shown_from__lte=clock.now())
        own = Q(subject=user.public_id)
        others = Q(subject__isnull=True) | ~own
        return self.filter((own & told) | (Q(local_area__in=areas) & (others | told)))


class AuditSealQuerySet(AppendOnlyQuerySet):
    """Links of the chain."""

    unchanging = "Seals are append-only."
