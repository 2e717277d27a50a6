"""Chainable filters of courses; every model that belongs to someone has `visible_to`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length, Substr
from wagtail.models import PageManager

from accounts import access
from accounts.enums import Role
from core import clock
from core.pages import GuardedPageQuerySet
from courses.enums import DURATION_LIMITS, AttemptStatus

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import LocalArea, User

# Characters by which a page's path is longer than its parent's.
_STEP = 4


def _readable(user: User | AnonymousUser, page: str, area: str) -> Q:
    """Return what CoursePage's own rule says, for rows that lead to a page and a local area."""
    live, public = Q(**{f"{page}live": True}), Q(**{f"{page}is_public": True})
    if not user.is_authenticated:
        return live & public
    return live & (public | Q(**{area: access.areas_of(user, clock.today()).values("pk")}))


class AreaOwnedQuerySet(models.QuerySet["Any"]):
    """Things an area's training administrators make, and nobody else reads as they are."""

    def visible_to(
        self, user: User | AnonymousUser, on: dt.date | None = None
    ) -> AreaOwnedQuerySet:
        """Keep what belongs to areas whose training the viewer administers."""
        if not user.is_authenticated:
            return self.none()
        areas = access.areas_with_role(
            user, (Role.TRAINING_ADMIN, Role.SYSTEM_ADMIN), on or clock.today()
        )
        return self.filter(local_area__in=areas)


class CourseQuerySet(models.QuerySet["Any"]):
    """Courses."""

    def in_area(self, local_area: LocalArea) -> CourseQuerySet:
        """Keep courses of the local area."""
        return self.filter(local_area=local_area)

    def published(self) -> CourseQuerySet:
        """Keep courses whose page is live and that have a version to take."""
        return self.filter(page__live=True, current_version__isnull=False)

    def visible_to(self, user: User | AnonymousUser) -> CourseQuerySet:
        """Keep courses whose page the viewer may read: their own areas', and public ones."""
        return self.filter(_readable(user, "page__", "local_area__in"))


class CourseVersionQuerySet(models.QuerySet["Any"]):
    """Versions of courses."""

    def visible_to(self, user: User | AnonymousUser) -> CourseVersionQuerySet:
        """Keep versions of courses the viewer may read."""
        return self.filter(_readable(user, "course__page__", "course__local_area__in"))


class CoursePageQuerySet(GuardedPageQuerySet):
    """Pages of courses."""

    def about_any(self, needs: list[str]) -> CoursePageQuerySet:
        """Keep courses about at least one of the needs; an empty list keeps all."""
        return self.filter(self._tagged("needs", "need", needs)) if needs else self

    def for_any(self, audiences: list[str]) -> CoursePageQuerySet:
        """Keep courses for at least one of the audiences; an empty list keeps all."""
        return self.filter(self._tagged("audiences", "audience", audiences)) if audiences else self

    def of_any_tier(self, tiers: list[str]) -> CoursePageQuerySet:
        """Keep courses of one of the tiers; an empty list keeps all."""
        return self.filter(tier__in=tiers) if tiers else self

    def of_any_length(self, bands: list[str]) -> CoursePageQuerySet:
        """Keep courses whose length falls in one of the bands; an empty list keeps all."""
        if not bands:
            return self
        condition = Q(pk__in=[])
        for band in bands:
            least, most = DURATION_LIMITS[band]
            condition |= Q(duration_minutes__range=(least, most))
        return self.filter(condition)

    def _tagged(self, relation: str, field: str, values: list[str]) -> Q:
        rows = self.model._meta.get_field(relation).related_model
        return Q(Exists(rows.objects.filter(page=OuterRef("pk"), **{f"{field}__in": values})))


class LessonPageQuerySet(GuardedPageQuerySet):
    """Pages of lessons."""

    def visible_to(self, user: User | AnonymousUser) -> LessonPageQuerySet:
        """Keep live lessons of courses the viewer may read; the course decides, not the lesson."""
        from courses.models import CoursePage

        parents = CoursePage.objects.visible_to(user).filter(
            path=Substr(OuterRef("path"), 1, Length(OuterRef("path")) - _STEP)
        )
        return self.live().filter(Exists(parents))

    def of_course(self, page: Any) -> LessonPageQuerySet:
        """Keep the lessons of a course page, in the order they are taken."""
        return self.child_of(page).order_by(
            models.F("module__sort_order").asc(nulls_last=True), "path"
        )


CoursePageManager = PageManager.from_queryset(CoursePageQuerySet)
LessonPageManager = PageManager.from_queryset(LessonPageQuerySet)


class _OwnQuerySet(models.QuerySet["Any"]):
    """Things of a learner that nobody else reads."""

    def visible_to(self, user: User | AnonymousUser) -> Any:
        """Keep the viewer's own; status and expiry reach managers through learning records."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(person=user)


class EnrolmentQuerySet(_OwnQuerySet):
    """Enrolments."""

    def open(self) -> EnrolmentQuerySet:
        """Keep enrolments that are not finished."""
        return self.filter(finished_at__isnull=True)


class AttemptQuerySet(_OwnQuerySet):
    """Attempts."""

    def open(self) -> AttemptQuerySet:
        """Keep attempts that may still be worked on."""
        return self.filter(status=AttemptStatus.OPEN)

    def fulfilling(self) -> AttemptQuerySet:
        """Keep attempts that fulfil their activity: completed, and a quiz passed."""
        return self.filter(status=AttemptStatus.COMPLETED).exclude(
            activity__kind="quiz", success=False
        )


class CompletionQuerySet(_OwnQuerySet):
    """Completions."""


class OfAttemptQuerySet(models.QuerySet["Any"]):
    """Things within an attempt: state, statements, answers."""

    def visible_to(self, user: User | AnonymousUser) -> OfAttemptQuerySet:
        """Keep those of the viewer's own attempts."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(attempt__person=user)
