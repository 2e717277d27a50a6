"""Invitations, imports, merges, proposals, requests and decisions, by who looks."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.enums import Role
from accounts.querysets.people import Viewer, in_force
from core import clock

if TYPE_CHECKING:
    from accounts.models import Organisation

# Who may manage the posts of an organisation, and so invite and import its people.
MANAGE_POSTS = (Role.SETTING_LEAD, Role.TEAM_MANAGER, Role.TRAINING_ADMIN)


class _AreaQuerySet(models.QuerySet[Any]):
    """Rows of a local area, for whoever holds one of `roles` over the whole of it."""

    roles: tuple[str, ...] = ()

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> Any:
        """Keep the rows of areas over which the person holds one of the roles."""
        from accounts import access

        if not user.is_authenticated:
            return self.none()
        areas = access.areas_with_role(user, self.roles, on or clock.today())
        return self.filter(local_area__in=areas)


class InvitationQuerySet(models.QuerySet[Any]):
    """Invitations."""

    def open(self, at: dt.datetime) -> InvitationQuerySet:
        """Keep those that can still be accepted."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=at)

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> InvitationQuerySet:
        """Keep those made on behalf of organisations whose posts the person manages."""
        from accounts import access

        if not user.is_authenticated:
            return self.none()
        reached = access.organisations_in_scope(user, MANAGE_POSTS, on or clock.today())
        return self.filter(organisation__in=reached)


class StaffImportQuerySet(models.QuerySet[Any]):
    """Staff imports."""

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> StaffImportQuerySet:
        """Keep those of employers whose posts the person manages; lists of a whole area are for
        its training administrators.
        """
        from accounts import access

        if not user.is_authenticated:
            return self.none()
        day = on or clock.today()
        reached = access.organisations_in_scope(user, MANAGE_POSTS, day)
        areas = access.areas_with_role(user, (Role.TRAINING_ADMIN,), day)
        return self.filter(
            Q(organisation__in=reached) | Q(organisation__isnull=True, local_area__in=areas)
        )


class AccountMergeQuerySet(_AreaQuerySet):
    """Merges of accounts, for administrators."""

    roles = (Role.TRAINING_ADMIN, Role.SYSTEM_ADMIN)


class RoleProposalQuerySet(_AreaQuerySet):
    """Proposals of system administrators, for those who may decide or must know."""

    roles = (Role.SYSTEM_ADMIN, Role.DIRECTOR, Role.AUDITOR)


# Who reads requests, holds and disposals; who decides or carries them out is asked by services.
READ_PRIVACY = (Role.DPO, Role.SYSTEM_ADMIN, Role.AUDITOR)


class LegalHoldQuerySet(_AreaQuerySet):
    """Legal holds: the person concerned does not see them, whatever their roles."""

    roles = READ_PRIVACY

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> Any:
        """Keep those of areas whose data protection one answers for, but for one's own."""
        found = super().visible_to(user, on)
        return found.exclude(person=user.pk) if user.is_authenticated else found

    def standing(self) -> LegalHoldQuerySet:
        """Keep holds that have not been lifted."""
        return self.filter(lifted_at__isnull=True)


class SignInServiceQuerySet(_AreaQuerySet):
    """Sign-in services, for system administrators."""

    roles = (Role.SYSTEM_ADMIN,)


class PrivacyRequestQuerySet(models.QuerySet[Any]):
    """Requests about personal data."""

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> PrivacyRequestQuerySet:
        """Keep one's own, and those of areas whose data protection one answers for."""
        from accounts import access

        if not user.is_authenticated:
            return self.none()
        areas = access.areas_with_role(user, READ_PRIVACY, on or clock.today())
        return self.filter(Q(person=user) | Q(local_area__in=areas))


class RetentionRunQuerySet(models.QuerySet[Any]):
    """Disposals. They concern the whole installation."""

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> RetentionRunQuerySet:
        """Keep all for officers, system administrators and auditors, none for others."""
        from accounts import access

        if not user.is_authenticated:
            return self.none()
        day = on or clock.today()
        if access.areas_with_role(user, READ_PRIVACY, day).exists():
            return self.all()
        return self.none()


class ClusterQuerySet(models.QuerySet[Any]):
    """Clusters of settings."""

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> ClusterQuerySet:
        """Keep those of areas where the person has a post or a grant: no secret inside."""
        from accounts import access

        if not user.is_authenticated:
            return self.none()
        return self.filter(local_area__in=access.areas_of(user, on or clock.today()))


class SharingDecisionQuerySet(models.QuerySet[Any]):
    """What employers have decided to share."""

    def standing(self, on: dt.date) -> SharingDecisionQuerySet:
        """Keep decisions that hold on the day."""
        return self.filter(in_force(on), withdrawn_at__isnull=True)

    def of(self, employer: Organisation) -> SharingDecisionQuerySet:
        """Keep what one employer has decided."""
        return self.filter(employer=employer)

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> SharingDecisionQuerySet:
        """Keep those whose employer or overseer the person leads, and an officer's whole area."""
        from accounts import access

        if not user.is_authenticated:
            return self.none()
        reached = access.organisations_in_scope(
            user, (*MANAGE_POSTS, Role.DPO, Role.SYSTEM_ADMIN), on or clock.today()
        ).values("pk")
        return self.filter(Q(employer__in=reached) | Q(overseer__in=reached))
