"""What the lesson screen shows to one person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse

from courses.enums import ActivityKind, AttemptStatus
from courses.models import (
    Activity,
    Attempt,
    AttemptState,
    CoursePage,
    Enrolment,
    LessonPage,
    LessonProgress,
)
from courses.outline import Outline
from courses.packages.launch import Player, UnableToPlay, player_for
from courses.packages.models import PackageKind
from courses.services.last_words import last_words_token


def lesson_screen(lesson: LessonPage, request: HttpRequest) -> dict[str, Any]:
    """Return the variables of pages/courses/lesson.html.

    `parts` (blocks, with the state of each activity), `position` of `total`, `previous`, `next`,
    `enrolment`, `is_done`, `outstanding` (titles of required activities left).
    """
    page = lesson.course_page
    course = getattr(page, "course", None) if page else None
    user: Any = request.user
    enrolment = _open_enrolment(user, course)
    version = enrolment.version if enrolment else (course.current_version if course else None)
    outline = version.outline if version else Outline()
    parts = lesson_parts(lesson, request, enrolment)
    outstanding = [
        part["title"] for part in parts if part.get("required") and not part.get("is_done")
    ]
    return {
        "course_page": page,
        "course_title": page.title if page else "",
        "course_url": page.url if page else "",
        "enrolment": enrolment,
        "parts": parts,
        "outstanding": outstanding if enrolment else [],
        "is_done": bool(enrolment)
        and LessonProgress.objects.filter(enrolment=enrolment, lesson=lesson.pk).exists(),
        **_neighbours(lesson, outline, page),
    }


def _open_enrolment(user: Any, course: Any) -> Enrolment | None:
    if course is None or not user.is_authenticated:
        return None
    return (
        Enrolment.objects.open()
        .filter(person=user, course=course)
        .select_related("version")
        .first()
    )


def _neighbours(lesson: LessonPage, outline: Outline, page: CoursePage | None) -> dict[str, Any]:
    """Return the position and the lessons before and after; their addresses need no query."""
    known = list(outline.lessons())
    ids = [item.id for item in known]
    if lesson.pk not in ids or page is None:
        return {"position": 0, "total": 0, "previous": None, "next": None}
    place = ids.index(lesson.pk)
    around = [ids[place - 1] if place else None, ids[place + 1] if place + 1 < len(ids) else None]
    pages = {
        found.pk: found
        for found in LessonPage.objects.live()
        .filter(pk__in=[pk for pk in around if pk])
        .only("pk", "title", "url_path", "path")
    }
    before, after = (pages.get(pk) if pk else None for pk in around)
    return {
        "position": place + 1,
        "total": len(ids),
        "previous": {"url": before.url, "title": before.title} if before else None,
        "next": {"url": after.url, "title": after.title} if after else None,
    }


def lesson_parts(
    lesson: LessonPage, request: HttpRequest, enrolment: Enrolment | None
) -> list[dict[str, Any]]:
    """Return the blocks in order: {kind, value, id}, and for activities where the learner stands.

    Three queries for all activities of a lesson together, whatever their number.
    """
    activities = {str(row.block_id): row for row in _activities(lesson)}
    attempts = _attempts(enrolment, [row.pk for row in activities.values()])
    parts = []
    for block in lesson.body:
        part: dict[str, Any] = {"kind": block.block_type, "value": block.value, "id": block.id}
        activity = activities.get(str(block.id))
        if block.block_type in {"activity", "quiz"}:
            part["required"] = block.value["required"]
            part["title"] = (
                block.value["title"] if block.block_type == "activity" else str(block.value["quiz"])
            )
            if activity is not None:
                tries = attempts.get(activity.pk, [])
                part |= _activity_state(activity, tries, request)
        parts.append(part)
    return parts


def _activities(lesson: LessonPage) -> list[Activity]:
    return list(Activity.objects.filter(lesson=lesson).select_related("quiz"))


def _attempts(enrolment: Enrolment | None, activities: list[int]) -> dict[int, list[Attempt]]:
    if enrolment is None or not activities:
        return {}
    found: dict[int, list[Attempt]] = {}
    rows = (
        Attempt.objects.filter(enrolment=enrolment, activity__in=activities)
        .select_related("revision__package", "state")
        .order_by("number")
    )
    for attempt in rows:
        found.setdefault(attempt.activity_id, []).append(attempt)
    return found


def _activity_state(
    activity: Activity, tries: list[Attempt], request: HttpRequest
) -> dict[str, Any]:
    is_quiz = activity.kind == ActivityKind.QUIZ
    completed = [row for row in tries if row.status == AttemptStatus.COMPLETED]
    passed = [row for row in completed if row.success or not is_quiz]
    state: dict[str, Any] = {
        "activity": activity,
        "start_url": reverse("courses:begin", args=[activity.pk]),
        "is_done": bool(passed),
        "tries": len(tries),
    }
    if is_quiz:
        best = max((row.scaled or 0.0 for row in completed), default=None)
        state["best"] = None if best is None else f"{best:.0%}".replace("%", " %")
        state["open"] = next((row for row in tries if row.status == AttemptStatus.OPEN), None)
        state["last"] = completed[-1] if completed else None
        return state
    current = next((row for row in tries if row.status == AttemptStatus.OPEN), None)
    if current is not None:
        state["player"] = player_of(current, request)
        state["unavailable"] = state["player"] is None
    return state


def player_of(attempt: Attempt, request: HttpRequest) -> Player | None:
    """Return the player of an open attempt with its kept state; None if it may not be played."""
    held: AttemptState | None = getattr(attempt, "state", None)
    assert attempt.revision is not None

    def url(name: str) -> str:
        return reverse(f"courses:attempt-{name}", args=[attempt.uuid])

    try:
        return player_for(
            revision=attempt.revision,
            key=str(attempt.uuid),
            csrf=get_token(request),
            statements_url=url("statements"),
            state_url=url("state"),
            status_url=url("status"),
            viewed_url=url("viewed"),
            sign_in_url=f"{reverse('account_login')}?next={request.path}",
            state=held.data if held else None,
            version=held.version if held else 0,
            last_words_url=_last_words_url(attempt, request),
        )
    except UnableToPlay:
        return None


def _last_words_url(attempt: Attempt, request: HttpRequest) -> str:
    """Return where SCORM units may send what they say at the end; H5P saves as it goes."""
    assert attempt.revision is not None
    if attempt.revision.package.kind == PackageKind.H5P:
        return ""
    path = reverse("courses:last-words", args=[last_words_token(attempt)])
    return request.build_absolute_uri(path)
