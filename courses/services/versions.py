"""Publish a course: check it, give its activities their identity, and freeze a version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.models import LocalArea, User
from courses.enums import ActivityKind
from courses.integrity import Finding, course_findings, lesson_findings
from courses.models import (
    Activity,
    ContentPackage,
    Course,
    CoursePage,
    CourseVersion,
    LessonPage,
    Quiz,
)
from courses.outline import Outline, OutlineActivity, OutlineLesson, OutlineModule


class UnableToPublishCourse(Exception):
    """The course lacks something; `findings` say what, in plain words."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        super().__init__(" ".join(str(finding) for finding in findings))


def local_area_of(page: CoursePage) -> LocalArea:
    """Return the area below whose root page the page lies; raise LocalArea.DoesNotExist."""
    paths = [page.path[:end] for end in range(4, len(page.path) + 1, 4)]
    return LocalArea.objects.get(site__root_page__path__in=paths)


@transaction.atomic
def publish_course_version(*, page: CoursePage, by: User | None, at: dt.datetime) -> CourseVersion:
    """Freeze the live page and its live lessons as the next version, and make it current.

    Rights are the CMS's own: whoever may publish the page may do this, and it runs in the same
    transaction. Raises UnableToPublishCourse when something is missing; nothing is written then.
    """
    page = CoursePage.objects.get(pk=page.pk)
    findings = course_findings(page)
    if findings:
        raise UnableToPublishCourse(findings)
    course = _lock_course(page)
    outline = _build_outline(page, course)
    revision = page.live_revision or page.save_revision(user=by, log_action=False)
    last_minor = course.versions.filter(major=page.edition).aggregate(last=Max("minor"))["last"]
    version = CourseVersion.objects.create(
        course=course,
        major=page.edition,
        minor=0 if last_minor is None else last_minor + 1,
        revision=revision,
        title=page.title,
        mode=page.mode,
        duration_minutes=page.duration_minutes,
        cpd_hours=page.cpd_hours,
        contents=outline.as_json(),
        published_at=at,
        published_by=by,
    )
    course.title = page.title
    course.current_version = version
    course.save(update_fields=["title", "current_version"])
    audit.record(
        actor=by,
        verb="course.published",
        obj=course,
        local_area=course.local_area,
        data={"version": version.pk, "number": version.number},
        at=at,
    )
    return version


@transaction.atomic
def publish_lesson_change(
    *, lesson: LessonPage, by: User | None, at: dt.datetime
) -> CourseVersion | None:
    """Freeze a version after a lesson of a live course was published or withdrawn.

    A course that is still a draft gets no version: None. Raises UnableToPublishCourse when the
    lesson itself lacks something, or the course would.
    """
    findings = lesson_findings(lesson) if lesson.live else []
    if findings:
        raise UnableToPublishCourse(findings)
    page = CoursePage.objects.live().filter(path=lesson.path[:-4]).first()
    return publish_course_version(page=page, by=by, at=at) if page is not None else None


def keep_as_draft(*, page: CoursePage | LessonPage) -> None:
    """Take a page back that Wagtail made live before asking whether it may be published.

    A page that was published before stays as it was: only its draft has changed.
    """
    type(page).objects.filter(pk=page.pk, live_revision__isnull=True, live=True).update(
        live=False, has_unpublished_changes=True
    )


def _lock_course(page: CoursePage) -> Course:
    course, _ = Course.objects.get_or_create(
        page=page,
        defaults={"local_area": local_area_of(page), "key": page.slug, "title": page.title},
    )
    return Course.objects.select_for_update(of=("self",)).get(pk=course.pk)


def _build_outline(page: CoursePage, course: Course) -> Outline:
    lessons = list(LessonPage.objects.live().of_course(page).select_related("module"))
    grouped: dict[int | None, list[OutlineLesson]] = {}
    titles = {lesson.module_id: lesson.module.title if lesson.module else "" for lesson in lessons}
    for lesson in lessons:
        grouped.setdefault(lesson.module_id, []).append(_outline_lesson(lesson, course))
    return Outline(
        modules=tuple(
            OutlineModule(title=titles[module], lessons=tuple(found))
            for module, found in grouped.items()
        ),
        completes_online=page.completes_online,
    )


def _outline_lesson(lesson: LessonPage, course: Course) -> OutlineLesson:
    return OutlineLesson(
        id=lesson.pk,
        title=lesson.title,
        minutes=lesson.minutes,
        required=lesson.required,
        revision=lesson.live_revision_id,
        activities=tuple(_outline_activities(lesson, course)),
    )


def _outline_activities(lesson: LessonPage, course: Course) -> list[OutlineActivity]:
    made = []
    for block in lesson.body:
        if block.block_type == "activity":
            kind, title = ActivityKind.PACKAGE, block.value["title"]
            what = {"package": block.value["package"], "quiz": None}
        elif block.block_type == "quiz":
            kind, title = ActivityKind.QUIZ, block.value["quiz"].title
            what = {"quiz": block.value["quiz"], "package": None}
        else:
            continue
        _check_owner(what["quiz"] or what["package"], lesson, course)
        activity, _ = Activity.objects.update_or_create(
            course=course,
            block_id=UUID(block.id),
            defaults={"lesson": lesson, "kind": kind, "title": title, **what},
        )
        made.append(
            OutlineActivity(
                id=activity.pk, kind=kind.value, title=title, required=block.value["required"]
            )
        )
    return made


def _check_owner(thing: Quiz | ContentPackage | None, lesson: LessonPage, course: Course) -> None:
    """Refuse what belongs to another local area: content is never shared, only copied."""
    if thing is not None and thing.local_area_id != course.local_area_id:
        words = f"“{thing}” belongs to another local area."
        raise UnableToPublishCourse([Finding("owner", words, lesson.title)])
