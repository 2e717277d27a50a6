"""Chainable filters of the impact room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from django.db import models

from core import clock

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import LocalArea, User

    Viewer = User | AnonymousUser


def _areas_evaluated(user: Viewer, on: dt.date | None) -> Any:
    from accounts import access
    from accounts.enums import Role

    roles = (Role.EVALUATOR, Role.DIRECTOR)
    return access.areas_with_role(cast("User", user), roles, on or clock.today())


class AreaQuerySet(models.QuerySet["Any"]):
    """Geography."""

    def authorities(self) -> AreaQuerySet:
        """Keep local authorities."""
        return self.filter(kind="local_authority")


class ObservationQuerySet(models.QuerySet["Any"]):
    """Published cells; open data, shown as published to whoever may open the room."""

    def current(self) -> ObservationQuerySet:
        """Keep cells of the files that nothing has superseded."""
        return self.filter(version__is_current=True)

    def series(self, measure: str, areas: Iterable[int]) -> ObservationQuerySet:
        """Keep one measure of the areas (primary keys), in time order."""
        return self.filter(measure=measure, area__in=areas).order_by("area", "year", "period")


class SchoolOutcomeQuerySet(models.QuerySet["Any"]):
    """Schools' yearly counts."""

    def in_area(self, local_area: LocalArea) -> SchoolOutcomeQuerySet:
        """Keep schools the local area serves."""
        return self.filter(organisation__local_area=local_area)

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> SchoolOutcomeQuerySet:
        """Keep the setting lead's own school; raw rows are nobody else's to see.

        Evaluators and directors see aggregates made by impact.selectors, suppressed.
        """
        from accounts import access
        from accounts.enums import Role

        if not user.is_authenticated:
            return self.none()
        own = access.organisations_in_scope(user, (Role.SETTING_LEAD,), on or clock.today())
        return self.filter(organisation__in=own)


class EvaluationPlanQuerySet(models.QuerySet["Any"]):
    """Questions."""

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> EvaluationPlanQuerySet:
        """Keep questions of the areas whose evaluator or director the person is."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(local_area__in=_areas_evaluated(user, on))

    def latest_versions(self) -> EvaluationPlanQuerySet:
        """Keep the newest version of each question."""
        return self.exclude(status="replaced")


class AnalysisQuerySet(models.QuerySet["Any"]):
    """Runs."""

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> AnalysisQuerySet:
        """Keep runs of questions the person may see."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(plan__local_area__in=_areas_evaluated(user, on))
