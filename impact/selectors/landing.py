"""What a director gets first: coverage, who has not taken part, questions, and the trend."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from impact.measures import measure_of
from impact.models import Area
from impact.selectors.coverage import CourseCoverage, coverage_by_course
from impact.selectors.questions import QuestionCard, question_cards
from impact.selectors.trend import Trend, trend

if TYPE_CHECKING:
    from accounts.models import LocalArea, User

HEADLINE = "TotFixedEx"


@dataclass(frozen=True, slots=True)
class Landing:
    """The room at a glance; `trend` is None where nothing is published for the area."""

    courses: list[CourseCoverage]
    questions: list[QuestionCard]
    trend: Trend | None


def landing(user: User, local_area: LocalArea, today: dt.date) -> Landing:
    """Gather the landing page of a local area for an evaluator or director."""
    courses = [row for row in coverage_by_course(local_area, today) if _has_figure(row)]
    courses.sort(key=lambda row: -(row.whole.percent or 0))
    return Landing(courses, question_cards(user, local_area), _headline(local_area))


def _has_figure(row: CourseCoverage) -> bool:
    return not row.whole.is_hidden and bool(row.whole.count)


def _headline(local_area: LocalArea) -> Trend | None:
    area = Area.objects.filter(code=local_area.code).select_related("region__region").first()
    measure = measure_of(HEADLINE)
    if area is None or measure is None:
        return None
    found = trend(area, measure)
    return found if found.own and found.own.last else None
