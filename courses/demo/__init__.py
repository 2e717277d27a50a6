"""The courses part of the demo: all 22 courses of Merrowdale, and Tom half-way through one."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from accounts.models import LocalArea, User
from courses.models import Course, CourseIndexPage, CourseVersion
from courses.services.catalogues import set_up_catalogue
from courses.services.enrolments import enrol_learner, finish_lesson

# How long ago the courses were published: before anyone in the demo completed one.
PUBLISHED_BEFORE = dt.timedelta(days=1_910)
# Information governance, safeguarding, need coding: taken each year, so written anew each August.
YEARLY = (17, 18, 21)


def build(
    *,
    area: LocalArea,
    people: dict[str, User],
    at: dt.datetime,
    stage: str,
    places: Any = None,
    today: dt.date | None = None,
    rng: random.Random | None = None,
) -> None:
    """Build the catalogue and its courses; in a lived-in stage Tom has begun one of them."""
    courses = build_courses(
        local_area=area,
        index_page=set_up_catalogue(local_area=area),
        by=people["callum"],
        approver=people["imogen"],
        at=at,
    )
    tom = people.get("tom")
    if stage != "empty" and tom is not None:
        _begin(tom, courses[1], at=at - dt.timedelta(days=2))


def build_courses(
    *,
    local_area: LocalArea,
    index_page: CourseIndexPage,
    by: User,
    approver: User,
    at: dt.datetime,
) -> dict[int, Course]:
    """Make and publish every course that is not there yet; return all of them by number.

    `by` uploads the packages and `approver` approves them: two training administrators.
    """
    from courses.demo.catalogue import make_course
    from courses.demo.packages import PackageShelf
    from courses.demo.reading import all_courses

    shelf = PackageShelf(area=local_area, by=by, approver=approver, at=at)
    courses = courses_by_number(local_area)
    for text in all_courses():
        number = int(text.one("number"))
        if number not in courses:
            courses[number] = make_course(
                text, area=local_area, index=index_page, by=by, at=at, shelf=shelf
            )
    # Wagtail publishes now; the demo's people began years ago, and nobody can finish what is not
    # published. Only the day is moved, through the queryset, since a version refuses to change.
    CourseVersion.objects.filter(course__local_area=local_area).update(
        published_at=at - PUBLISHED_BEFORE
    )
    for number in YEARLY:
        _publish_this_years(courses[number], by=by, at=at)
    return courses_by_number(local_area)


def _publish_this_years(course: Course, *, by: User, at: dt.datetime) -> None:
    """Give a course that is taken each year its second edition, published last 28 August."""
    page = course.page
    if page.edition == 1:
        page.edition = 2
        page.save_revision(user=by).publish(user=by, skip_permission_checks=True)
    day = at.replace(month=8, day=28)
    course.versions.filter(major=2).update(
        published_at=day if day <= at else day.replace(year=at.year - 1)
    )


def courses_by_number(local_area: LocalArea) -> dict[int, Course]:
    """Return the demo's courses in the area by their number in the programme (1 to 22)."""
    from courses.demo.reading import all_courses

    numbers = {text.one("slug"): int(text.one("number")) for text in all_courses()}
    found = (
        Course.objects.in_area(local_area)
        .filter(key__in=numbers)
        .select_related("page", "current_version")
    )
    return {numbers[course.key]: course for course in found}


def _begin(person: User, course: Course, *, at: dt.datetime) -> None:
    """Let someone start a course and finish its first lesson."""
    from courses.models import LessonPage

    enrol_learner(person=person, course=course, at=at)
    first = LessonPage.objects.live().of_course(course.page).first()
    assert first is not None
    finish_lesson(person=person, lesson=first, at=at + dt.timedelta(minutes=9))
