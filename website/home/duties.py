"""What roles add to the home: exceptions for who leads people, questions for who decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import Count, Q
from django.urls import reverse

from accounts.enums import Role
from accounts.models import LocalArea, User
from core import clock
from courses.models import CourseIndexPage
from cpd_tracking.enums import LATE_STATUSES, Status
from cpd_tracking.explain import day_text
from cpd_tracking.selectors.team import GridFilters, posts_of_team, team_obligations
from networks.models import Meeting, Network
from resources_repo.selectors.review import open_reviews
from website.home.parts import Action, Duty, Stat

REGISTER_WITHIN = dt.timedelta(days=28)


def duties_of(
    user: User, *, roles: Collection[str], local_area: LocalArea, at: dt.datetime
) -> tuple[Duty, ...]:
    """Return what the person's roles add, most urgent first; `roles` are those held today."""
    today = clock.london_date(at)
    duties = _registers(user, at=at)
    if Role.TEAM_MANAGER in roles or Role.SETTING_LEAD in roles:
        duties.append(_people(user, roles=roles, local_area=local_area, today=today))
    if Role.DIRECTOR in roles or Role.EVALUATOR in roles:
        duties.append(_impact())
    if Role.REVIEWER in roles:
        duties.append(_reviews(user, local_area))
    if Role.TRAINING_ADMIN in roles:
        duties.append(_courses(local_area))
    if Role.AUDITOR in roles or Role.SYSTEM_ADMIN in roles:
        duties.append(_audit_log())
    return tuple(duties)


def _registers(user: User, *, at: dt.datetime) -> list[Duty]:
    """One part for meetings the person led lately whose register is not taken; one query."""
    today = clock.london_date(at)
    meetings = list(
        Meeting.objects.held(at)
        .filter(
            network__in=Network.objects.led_by(user, today).values("pk"),
            register_saved_at__isnull=True,
            starts_at__gte=at - REGISTER_WITHIN,
        )
        .select_related("network")[:3]
    )
    return [
        Duty(
            heading=f"Register: {meeting.network.name}",
            stats=(),
            url=reverse("networks:register", args=[meeting.network.slug, meeting.pk]),
            label="Take the register",
            note=f"{meeting.title} was on {day_text(clock.london_date(meeting.starts_at))}. "
            "Nobody’s attendance has been recorded yet.",
            action=Action(
                title=f"Take the register of {meeting.network.name}",
                url=reverse("networks:register", args=[meeting.network.slug, meeting.pk]),
                label="Take the register",
                eyebrow="Waiting for you",
                detail=f"{meeting.title}, {day_text(clock.london_date(meeting.starts_at))}",
            ),
        )
        for meeting in meetings
    ]


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
            f"{100 * counts['valid'] // total}\xa0%" if total else "–",
            "up to date",
            "/team/",
            detail=f"{counts['valid']} of {total}",
        ),
    )
    parts = [f"{counts['late']} overdue"] if counts["late"] else []
    parts += [f"{counts['soon']} due soon"] if counts["soon"] else []
    place = "your setting" if leads else "your team"
    action = None
    if parts:
        action = Action(
            title=", ".join(parts),
            url="/team/?status=todo",
            label="See who",
            eyebrow=f"In {place}",
            detail=f"{counts['valid']} of {total} up to date",
        )
    return Duty(
        action=action,
        heading=place.capitalize(),
        stats=stats,
        url="/setting/" if leads else "/team/",
        label="Record a session for your setting" if leads else "Open the team grid",
    )


def _impact() -> Duty:
    return Duty(
        action=Action(
            title="Did training change anything for children?",
            url="/impact/",
            label="Ask",
            eyebrow="Impact",
            detail="The checks come first, then the answer with its limits",
        ),
        heading="Impact",
        stats=(),
        url="/impact/",
        label="Open impact",
        note=(
            "Coverage and who is not taking part, suspensions against similar areas, and "
            "evaluations that say so when the answer is “we cannot tell”."
        ),
    )


def _courses(local_area: LocalArea) -> Duty:
    index = CourseIndexPage.objects.descendant_of(local_area.root_page).first()
    address = ("courses", "coursepage", index.pk) if index is not None else None
    url = reverse("wagtailadmin_pages:add", args=address) if address else "/cms/"
    return Duty(
        action=Action(
            title="Make a course, or change one",
            url="/cms/",
            label="Open editing",
            eyebrow="Editing",
        ),
        heading="Courses to make and change",
        stats=(),
        url=url,
        label="Make a course",
        note=(
            "Write its facts first, then its lessons, each with an activity or a quiz. It is "
            "checked when you publish it, and you are told what is missing."
        ),
    )


def _audit_log() -> Duty:
    return Duty(
        action=Action(
            title="Who did what, when and why",
            url=reverse("accounts:audit-log"),
            label="Open the audit log",
            eyebrow="Audit log",
        ),
        heading="Audit log",
        stats=(),
        url=reverse("accounts:audit-log"),
        label="Open the audit log",
        note="Who granted, changed, exported or looked at what, and why. It cannot be changed.",
    )


def _reviews(user: User, local_area: LocalArea) -> Duty:
    waiting = open_reviews(user, local_area).count()
    action = None
    if waiting:
        noun = "resource waits" if waiting == 1 else "resources wait"
        action = Action(
            title=f"{waiting} {noun} for your review",
            url="/resources/review/",
            label="Review",
            eyebrow="Library",
        )
    return Duty(
        action=action,
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
