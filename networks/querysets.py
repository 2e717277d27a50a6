"""Chainable filters of networks. A hidden network is in no set of someone who is not its member."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from wagtail.query import PageQuerySet

from accounts import access
from accounts.enums import Role
from accounts.querysets import in_force
from core import clock
from core.pages import GuardedPageQuerySet
from networks.enums import (
    LEADING_ROLES,
    MODERATING_ROLES,
    MessageStatus,
    Presence,
    Visibility,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import LocalArea, User

    Viewer = User | AnonymousUser


def own_networks(
    user: Viewer, on: dt.date, roles: tuple[str, ...] | None = None
) -> models.QuerySet[Any]:
    """Return the primary keys of networks the person belongs to on the day, in one of the roles."""
    from networks.models import Membership

    mine = Membership.objects.filter(in_force(on), person=user.pk)
    if roles is not None:
        mine = mine.filter(role__in=roles)
    return mine.values("network")


def stewarded_areas(user: User, on: dt.date) -> models.QuerySet[LocalArea]:
    """Return the areas the person is steward of: they see every network's frame, never messages."""
    return access.areas_with_role(user, (Role.STEWARD,), on)


class NetworkQuerySet(models.QuerySet["Any"]):
    """Networks."""

    def in_area(self, local_area: LocalArea) -> NetworkQuerySet:
        """Keep the area's networks."""
        return self.filter(local_area=local_area)

    def open(self) -> NetworkQuerySet:
        """Leave out networks that have been closed."""
        return self.filter(closed_on__isnull=True)

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> NetworkQuerySet:
        """Keep networks the person may know of: one's own, and their area's that are not hidden."""
        if not user.is_authenticated:
            return self.none()
        day = on or clock.today()
        return self.filter(
            Q(pk__in=own_networks(user, day))
            | (
                ~Q(visibility=Visibility.HIDDEN)
                & Q(local_area__in=access.areas_of(user, day).values("pk"))
            )
            | Q(local_area__in=stewarded_areas(user, day).values("pk"))
        )

    def inside_visible_to(self, user: Viewer, on: dt.date | None = None) -> NetworkQuerySet:
        """Keep networks whose meetings and members the person may read: one's own and open ones."""
        if not user.is_authenticated:
            return self.none()
        day = on or clock.today()
        return self.filter(
            Q(pk__in=own_networks(user, day))
            | (
                Q(visibility=Visibility.AREA)
                & Q(local_area__in=access.areas_of(user, day).values("pk"))
            )
            | Q(local_area__in=stewarded_areas(user, day).values("pk"))
        )

    def joined_by(self, user: Viewer, on: dt.date) -> NetworkQuerySet:
        """Keep the networks the person belongs to on the day."""
        return self.filter(pk__in=own_networks(user, on))

    def led_by(self, user: Viewer, on: dt.date) -> NetworkQuerySet:
        """Keep the networks the person leads or is deputy of on the day."""
        return self.filter(pk__in=own_networks(user, on, LEADING_ROLES))

    def without_lead(self, on: dt.date) -> NetworkQuerySet:
        """Keep open networks that nobody leads on the day."""
        from networks.models import Membership

        leads = Membership.objects.filter(in_force(on), network=OuterRef("pk"), role="lead")
        return self.open().filter(~Exists(leads))


class MembershipQuerySet(models.QuerySet["Any"]):
    """Memberships."""

    def in_force(self, on: dt.date) -> MembershipQuerySet:
        """Keep memberships that hold on the day."""
        return self.filter(in_force(on))

    def people(self) -> MembershipQuerySet:
        """Leave out settings that have named nobody."""
        return self.filter(person__isnull=False)

    def leading(self) -> MembershipQuerySet:
        """Keep leads and deputies."""
        return self.filter(role__in=LEADING_ROLES)

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> MembershipQuerySet:
        """Keep memberships of networks one may look into, and the leads of those one knows of."""
        from networks.models import Network

        if not user.is_authenticated:
            return self.none()
        inside = Network.objects.inside_visible_to(user, on).values("pk")
        known = Network.objects.visible_to(user, on).values("pk")
        return self.filter(Q(network__in=inside) | Q(network__in=known, role__in=LEADING_ROLES))


class MeetingQuerySet(models.QuerySet["Any"]):
    """Meetings."""

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> MeetingQuerySet:
        """Keep meetings of networks the person may look into."""
        from networks.models import Network

        if not user.is_authenticated:
            return self.none()
        return self.filter(network__in=Network.objects.inside_visible_to(user, on).values("pk"))

    def upcoming(self, at: dt.datetime) -> MeetingQuerySet:
        """Keep meetings that are not over and not cancelled, soonest first."""
        return self.filter(ends_at__gte=at, cancelled_at__isnull=True).order_by("starts_at", "pk")

    def held(self, at: dt.datetime) -> MeetingQuerySet:
        """Keep meetings that took place, latest first."""
        return self.filter(ends_at__lt=at, cancelled_at__isnull=True).order_by("-starts_at", "-pk")


class AttendanceQuerySet(models.QuerySet["Any"]):
    """Register lines."""

    def present(self) -> AttendanceQuerySet:
        """Keep those who were there."""
        return self.filter(presence=Presence.PRESENT)

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> AttendanceQuerySet:
        """Keep one's own lines, those of networks one leads, and of settings one leads.

        Source: design, security: supervision attendance is own, the network lead's groups and
        the employer's.
        """
        if not user.is_authenticated:
            return self.none()
        day = on or clock.today()
        settings_led = access.organisations_in_scope(user, access.ROLES_THAT_SEE_PEOPLE, day)
        return self.filter(
            Q(person=user)
            | Q(meeting__network__in=own_networks(user, day, LEADING_ROLES))
            | Q(organisation__in=settings_led.values("pk"))
        )


class ThreadQuerySet(models.QuerySet["Any"]):
    """Threads."""

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> ThreadQuerySet:
        """Keep threads of one's own networks with a message one may read.

        A thread whose only message is held is seen by who started it and by moderators.
        """
        from networks.models import Message

        if not user.is_authenticated:
            return self.none()
        day = on or clock.today()
        readable = Message.objects.filter(thread=OuterRef("pk"), status=MessageStatus.PUBLISHED)
        return self.filter(network__in=own_networks(user, day)).filter(
            Exists(readable)
            | Q(started_by=user)
            | Q(network__in=own_networks(user, day, MODERATING_ROLES))
        )

    def unanswered(self) -> ThreadQuerySet:
        """Keep questions to which nobody but the asker has published a message."""
        from networks.models import Message

        others = Message.objects.filter(
            thread=OuterRef("pk"), status=MessageStatus.PUBLISHED
        ).exclude(author=OuterRef("started_by"))
        return self.filter(is_question=True).filter(~Exists(others))


class MessageQuerySet(models.QuerySet["Any"]):
    """Messages."""

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> MessageQuerySet:
        """Keep messages of one's own networks; held ones only for their author and moderators."""
        if not user.is_authenticated:
            return self.none()
        day = on or clock.today()
        return self.filter(thread__network__in=own_networks(user, day)).filter(
            ~Q(status=MessageStatus.HELD)
            | Q(author=user)
            | Q(thread__network__in=own_networks(user, day, MODERATING_ROLES))
        )

    def held(self) -> MessageQuerySet:
        """Keep messages that wait for a moderator."""
        return self.filter(status=MessageStatus.HELD)


class NetworkPageQuerySet(GuardedPageQuerySet):
    """Homes of networks."""

    def visible_to(self, user: Viewer) -> PageQuerySet:
        """Keep homes of networks the person may know of; belonging to one is enough."""
        from networks.models import Network

        return self.live().filter(network__in=Network.objects.visible_to(user).values("pk"))
