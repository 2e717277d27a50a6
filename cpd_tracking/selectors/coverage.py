"""Coverage with honest denominators: of the posts a course is for, how many hold it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.models import LocalArea, Organisation
from courses.models import Course
from cpd_tracking.enums import UNCOUNTED_STATUSES
from cpd_tracking.models import Obligation


@dataclass(frozen=True)
class Coverage:
    """Posts (or people, for a rule of the person) in scope that hold a course, by setting.

    `in_scope` counts posts held on the day whose rule asks for the course, without those exempt
    or paused (`not_counted`); `complete` those whose completion counts on the day.
    """

    organisation_id: int
    organisation: str
    in_scope: int
    complete: int
    not_counted: int

    @property
    def share(self) -> float | None:
        """Complete / in scope, or None where nobody is in scope."""
        return self.complete / self.in_scope if self.in_scope else None


def coverage(local_area: LocalArea, course: Course, on: dt.date) -> list[Coverage]:
    """Return coverage of every setting where somebody is in scope on the day; two queries.

    A person's rule counts in every setting where the person holds a post. A post with two rules
    about the same course counts once, as complete only if both are.
    """
    rows = _in_scope(local_area, course, on)
    found: dict[int, dict[tuple[int, int | None], tuple[bool, bool]]] = {}
    names: dict[int, str] = {}
    for setting, name, learner, post, status, valid in rows:
        names[setting] = name
        here = found.setdefault(setting, {})
        is_counted = status not in UNCOUNTED_STATUSES
        before = here.get((learner, post), (False, True))
        here[(learner, post)] = (
            before[0] or is_counted,
            before[1] and (valid or not is_counted),
        )
    return [
        Coverage(
            organisation_id=setting,
            organisation=names[setting],
            in_scope=sum(is_counted for is_counted, _ in here.values()),
            complete=sum(is_counted and done for is_counted, done in here.values()),
            not_counted=sum(not is_counted for is_counted, _ in here.values()),
        )
        for setting, here in sorted(found.items(), key=lambda item: names[item[0]])
    ]


def non_participants(local_area: LocalArea, course: Course, on: dt.date) -> QuerySet[Organisation]:
    """Return settings where somebody is in scope and nobody has completed it; with `in_scope`.

    Counts posts, never names: who has not is for those who see people.
    """
    base = (
        Obligation.objects.current(on)
        .with_status(on)
        .counted()
        .filter(requirement__course=course, requirement__local_area=local_area, post__isnull=False)
    )
    return (
        Organisation.objects.filter(local_area=local_area)
        .filter(pk__in=base.values("post__organisation"))
        .exclude(pk__in=base.filter(is_valid=True).values("post__organisation"))
        .annotate(
            in_scope=Count(
                "posts__obligations",
                filter=Q(posts__obligations__in=base.values("pk")),
                distinct=True,
            )
        )
        .order_by("name", "pk")
    )


def _in_scope(
    local_area: LocalArea, course: Course, on: dt.date
) -> list[tuple[int, str, int, int | None, str, bool]]:
    """Setting, its name, learner, post, status and validity of what asks for the course."""
    base = (
        Obligation.objects.current(on)
        .with_status(on)
        .filter(requirement__course=course, requirement__local_area=local_area)
        .order_by()
    )
    of_posts = base.filter(post__isnull=False).values_list(
        "post__organisation_id",
        "post__organisation__name",
        "learner_id",
        "post_id",
        "status",
        "is_valid",
    )
    holds = Q(person__posts__starts_on__lte=on) & (
        Q(person__posts__ends_on__isnull=True) | Q(person__posts__ends_on__gte=on)
    )
    of_people = base.filter(
        holds, person__isnull=False, person__posts__organisation__local_area=local_area
    ).values_list(
        "person__posts__organisation_id",
        "person__posts__organisation__name",
        "learner_id",
        "post_id",
        "status",
        "is_valid",
    )
    return [*of_posts, *of_people]
