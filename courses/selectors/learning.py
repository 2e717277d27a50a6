"""Where people are in their courses; what home, My learning and the rooms above ask for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F

from accounts.models import LocalArea, User
from courses.models import Course, CoursePage, Enrolment, LessonPage
from courses.outline import Outline, OutlineLesson

# What a page needs to say its address; its words are not read for a link.
_ADDRESS = ("path", "url_path", "locale", "translation_key")


def _address_of(page: str) -> list[str]:
    """Return the fields of a related page that its address takes."""
    return [f"{page}__{name}" for name in _ADDRESS]


@dataclass(frozen=True)
class Place:
    """Where an open enrolment goes on: lesson `position` of `total`, and what is left."""

    lesson: OutlineLesson
    position: int
    total: int
    minutes_left: int


@dataclass(frozen=True)
class ContinueTarget:
    """The one thing to go on with: words and address ready for components/action_panel.html."""

    course_id: int
    title: str
    url: str
    position: int
    total: int
    minutes: int
    last_active_at: dt.datetime

    @property
    def detail(self) -> str:
        """Return the place in words."""
        return f"Lesson {self.position} of {self.total}"

    @property
    def meta(self) -> str:
        """Return about how long the lesson takes."""
        return f"about {self.minutes} min"


def place_in(outline: Outline, done: set[int], last_lesson_id: int | None) -> Place | None:
    """Return where to go on: the lesson left off unless it is done, else the first one not done."""
    lessons = list(outline.lessons())
    if not lessons:
        return None
    left = [lesson for lesson in lessons if lesson.id not in done]
    if not left:
        return None
    after = [lesson for lesson in left if lesson.id == last_lesson_id] or [
        lesson for lesson in left if lesson.required
    ]
    lesson = (after or left)[0]
    return Place(
        lesson=lesson,
        position=lessons.index(lesson) + 1,
        total=len(lessons),
        minutes_left=sum(item.minutes for item in left if item.required),
    )


def continue_target(person: User, *, local_area: LocalArea | None = None) -> ContinueTarget | None:
    """Return the one course to go on with, the one touched last; None when nothing is open.

    Three queries, whatever the number of courses.
    """
    enrolments = (
        Enrolment.objects.open()
        .filter(person=person, course__page__live=True)
        .select_related("version", "course__page")
        .only(
            "person",
            "last_lesson",
            "last_active_at",
            "version__contents",
            *_address_of("course__page"),
            "course__page__title",
        )
        .order_by("-last_active_at", "-pk")
    )
    if local_area is not None:
        enrolments = enrolments.filter(course__local_area=local_area)
    for enrolment in enrolments[:5]:
        done = set(enrolment.lessons.values_list("lesson_id", flat=True))
        place = place_in(enrolment.version.outline, done, enrolment.last_lesson_id)
        if place is None:
            continue
        lesson = LessonPage.objects.live().only(*_ADDRESS).filter(pk=place.lesson.id).first()
        page: CoursePage = enrolment.course.page
        return ContinueTarget(
            course_id=enrolment.course_id,
            title=page.title,
            url=(lesson or page).url or "",
            position=place.position,
            total=place.total,
            minutes=place.lesson.minutes,
            last_active_at=enrolment.last_active_at,
        )
    return None


def url_after(lesson_id: int, enrolment: Enrolment) -> str:
    """Return the address of the next live lesson of the enrolment, or of the course after the last.

    Two queries at most.
    """
    ids = [item.id for item in enrolment.version.outline.lessons()]
    following = ids[ids.index(lesson_id) + 1 :] if lesson_id in ids else []
    pages = LessonPage.objects.live().in_bulk(following) if following else {}
    for pk in following:
        if pk in pages:
            return pages[pk].url or "/"
    return CoursePage.objects.get(course=enrolment.course_id).url or "/"


def begun_among(person: User, course_ids: Iterable[int]) -> set[int]:
    """Return those of the courses, by id, that the person has begun and not finished; one query."""
    return set(
        Enrolment.objects.open()
        .filter(person=person, course__in=course_ids)
        .values_list("course_id", flat=True)
    )


def course_urls(course_ids: Iterable[int]) -> dict[int, str]:
    """Return the address of each live course page, by course id; one query."""
    courses = (
        Course.objects.filter(pk__in=course_ids, page__live=True)
        .select_related("page")
        .only(*_address_of("page"))
        .order_by()
    )
    return {course.pk: course.page.url or "" for course in courses}


def courses_in_area(local_area: LocalArea) -> list[Course]:
    """Return the area's published courses by title, as rules may name them."""
    return list(Course.objects.in_area(local_area).published().order_by(F("title")))
