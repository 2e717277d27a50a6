"""What the course screen shows to one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Page

from core import clock
from courses import hooks
from courses.models import Completion, Course, CoursePage, Enrolment, LessonPage
from courses.outline import Outline
from courses.selectors.catalogue import facts
from courses.selectors.durations import hours_in_words, minutes_in_words
from courses.selectors.learning import place_in

if TYPE_CHECKING:
    from accounts.models import User


def course_screen(page: CoursePage, request: HttpRequest) -> dict[str, Any]:
    """Return the variables of pages/courses/course.html.

    `facts`, `outcomes`, `reasons`, `modules` (each with `items` for contents_list), `action` (the
    one next thing), `completion` and `certificate`, `related`, `version`.
    """
    course = (
        Course.objects.select_related("current_version").filter(page=page).first()
        if page.pk
        else None
    )
    user: Any = request.user
    person = user if user.is_authenticated else None
    enrolment = _open_enrolment(person, course)
    completion = _last_completion(person, course)
    version = enrolment.version if enrolment else (course.current_version if course else None)
    outline = version.outline if version else Outline()
    done = {row.lesson_id for row in enrolment.lessons.all()} if enrolment is not None else set()
    urls = _lesson_urls(page)
    today = getattr(request, "today", None) or clock.today()
    return {
        "course": course,
        "version": version,
        "facts": facts(page),
        "outcomes": [outcome.text for outcome in page.outcomes.all()],
        "reasons": hooks.reasons_for(person, course, today=today) if person and course else [],
        "modules": contents(outline, urls, done, enrolment),
        "lessons_done": len(done & {lesson.id for lesson in outline.lessons()}),
        "lessons_total": sum(1 for _ in outline.lessons()),
        "action": _action(page, course, person, enrolment, completion, outline, done, urls),
        "completion": completion,
        "completed_hours": hours_in_words(completion.hours) if completion else "",
        "certificate": hooks.certificate_for(completion) if completion else None,
        "related": related_pages(page, person or user),
        "crumbs": [{"label": "Courses", "url": _catalogue_url(page)}],
    }


def _catalogue_url(page: CoursePage) -> str:
    parts = (page.url or "/courses/").rstrip("/").rsplit("/", 1)
    return parts[0] + "/"


def _open_enrolment(person: User | None, course: Course | None) -> Enrolment | None:
    if person is None or course is None:
        return None
    return (
        Enrolment.objects.open()
        .filter(person=person, course=course)
        .select_related("version")
        .prefetch_related("lessons")
        .first()
    )


def _last_completion(person: User | None, course: Course | None) -> Completion | None:
    if person is None or course is None:
        return None
    return (
        Completion.objects.visible_to(person)
        .filter(version__course=course)
        .select_related("version")
        .first()
    )


def _lesson_urls(page: CoursePage) -> dict[int, str]:
    """Return the address of each live lesson in the order they are taken; one query."""
    fields = ("path", "url_path", "locale", "translation_key")
    lessons = LessonPage.objects.live().of_course(page).only(*fields) if page.pk else []
    return {lesson.pk: lesson.url or "" for lesson in lessons}


def contents(
    outline: Outline, urls: dict[int, str], done: set[int], enrolment: Enrolment | None
) -> list[dict[str, Any]]:
    """Return the modules with their lessons as contents_list takes them.

    `urls` are the live lessons; one withdrawn since the version was frozen is left out.
    """
    place = place_in(outline, done, enrolment.last_lesson_id) if enrolment else None
    modules = []
    for module in outline.modules:
        items = [
            {
                "title": lesson.title,
                "url": urls[lesson.id],
                "detail": minutes_in_words(lesson.minutes)
                + ("" if lesson.required else ", extra reading"),
                "current": bool(place and place.lesson.id == lesson.id),
                **_lesson_state(lesson.id, done, place.lesson.id if place else None, enrolment),
            }
            for lesson in module.lessons
            if lesson.id in urls
        ]
        if items:
            modules.append({"title": module.title, "items": items})
    return modules


def _lesson_state(
    lesson: int, done: set[int], current: int | None, enrolment: Enrolment | None
) -> dict[str, str]:
    if enrolment is None:
        return {}
    if lesson in done:
        return {"status": "done", "status_label": "Done"}
    if lesson == current:
        return {"status": "in_progress", "status_label": "Next"}
    return {"status": "not_started", "status_label": "Not started"}


def _action(
    page: CoursePage,
    course: Course | None,
    person: User | None,
    enrolment: Enrolment | None,
    completion: Completion | None,
    outline: Outline,
    done: set[int],
    urls: dict[int, str],
) -> dict[str, Any]:
    """Return the one next thing: `kind` link or post, with `url`, `label`, `note`, `quiet`."""
    if page.external_url and not urls:
        return {"kind": "link", "url": page.external_url, "label": "Go to the provider"}
    if course is None or not urls:
        return {}
    if person is None:
        sign_in = f"{reverse('account_login')}?next={page.url}"
        return {"kind": "link", "url": sign_in, "label": "Sign in to start"}
    if enrolment is not None:
        return _going_on(enrolment, outline, done, urls)
    start = reverse("courses:start", args=[course.pk])
    if completion is not None:
        return {"kind": "post", "url": start, "label": "Take it again", "quiet": True}
    label = "Start this course" if page.completes_online else "Read before you come"
    return {"kind": "post", "url": start, "label": label}


def _going_on(
    enrolment: Enrolment, outline: Outline, done: set[int], urls: dict[int, str]
) -> dict[str, Any]:
    first = next(iter(urls.values()))
    place = place_in(outline, done, enrolment.last_lesson_id)
    if place is None:
        return {"kind": "link", "url": first, "label": "Read again"}
    verb = "Continue" if done or enrolment.last_lesson_id else "Start"
    left = minutes_in_words(place.minutes_left)
    return {
        "kind": "link",
        "url": urls.get(place.lesson.id, first),
        "label": f"{verb} lesson {place.position}",
        "note": f"About {left} left" if place.minutes_left else "",
    }


def related_pages(page: CoursePage, viewer: Any) -> list[dict[str, str]]:
    """Return the cited pages that are live and the viewer may see, with their addresses."""
    cited = Page.objects.live().filter(pk__in=[row.cited_id for row in page.citations.all()])
    return [
        {"title": other.title, "url": other.url or "", "detail": getattr(other, "summary", "")}
        for other in cited.specific()
        if viewer.is_authenticated or getattr(other, "is_public", False)
    ]
