"""What roles add to the home: exceptions for who leads people, questions for who decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import Count, Q

from accounts.enums import Role
from accounts.models import LocalArea, User
from cpd_tracking.enums import LATE_STATUSES, Status
from cpd_tracking.selectors.team import GridFilters, posts_of_team, team_obligations
from resources_repo.selectors.review import open_reviews
from website.home.parts import Duty, Stat


def duties_of(
    user: User, *, roles: Collection[str], local_area: LocalArea, today: dt.date
) -> tuple[Duty, ...]:
    """Return what the person's roles add, most urgent first; `roles` are those held today."""
    duties = []
    if Role.TEAM_MANAGER in roles or Role.SETTING_LEAD in roles:
        duties.append(_people(user, roles=roles, local_area=local_area, today=today))
    if Role.DIRECTOR in roles or Role.EVALUATOR in roles:
        duties.append(_impact())
    if Role.REVIEWER in roles:
        duties.append(_reviews(user, local_area))
    return tuple(duties)


def _people(user: User, *, roles: Collection[str], local_area: LocalArea, today: dt.date) -> Duty:
    """The exceptions of everyone in scope, counted as the team grid counts them."""
    posts = posts_of_team(user, GridFilters(), today).filter(organisation__local_area=local_area)
    counts = (
        team_obligations(posts, GridFilters(), today)
        .counted()
        .order_by()
        .aggregate(
            late=Count("pk", filter=Q(status__in=LATE_STATUSES)),
            soon=Count("pk", filter=Q(status=Status.DUE_SOON)),
            valid=Count("pk", filter=Q(is_valid=True)),
            total=Count("pk"),
        )
    )
    leads = Role.SETTING_LEAD in roles
    total = counts["total"]
    stats = (
        Stat(
            str(counts["late"]),
            "overdue",
            "/team/?status=overdue",
            status="overdue" if counts["late"] else "",
        ),
        Stat(
            str(counts["soon"]),
            "due soon",
            "/team/?status=due",
            status="due_soon" if counts["soon"] else "",
        ),
        Stat(
            f"{100 * counts['valid'] // total} %" if total else "–",
            "complete",
            "/team/",
            detail=f"{counts['valid']} of {total}",
        ),
    )
    return Duty(
        heading="Your setting" if leads else "Your team",
        stats=stats,
        url="/setting/" if leads else "/team/",
        label="Record a session for your setting" if leads else "Open the team grid",
    )


def _impact() -> Duty:
    return Duty(
        heading="Did it help children?",
        stats=(),
        url="/impact/",
        label="Open impact",
        note=(
            "Coverage and who is not taking part, suspensions against similar areas, and "
            "evaluations that say so when the answer is “we cannot tell”."
        ),
    )


def _reviews(user: User, local_area: LocalArea) -> Duty:
    waiting = open_reviews(user, local_area).count()
    return Duty(
        heading="To review",
        stats=(
            Stat(
                str(waiting),
                "resource waiting" if waiting == 1 else "resources waiting",
                "/resources/review/",
                status="awaiting" if waiting else "",
            ),
        ),
        url="/resources/review/",
        label="Open the review queue",
    )
