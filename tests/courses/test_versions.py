"""Publishing freezes what people finish; later edits never reach into it."""

from __future__ import annotations

import pytest
from django.db.models import ProtectedError

from courses.models import Activity, Course, CoursePage, CourseVersion, Enrolment
from courses.services.enrolments import enrol_learner, finish_lesson
from courses.services.versions import UnableToPublishCourse
from tests.factories.accounts import member_of
from tests.factories.courses import (
    AT,
    QuizFactory,
    make_course,
    make_course_page,
    make_lesson,
    publish,
    quiz_block,
)

pytestmark = pytest.mark.django_db


def test_each_publishing_is_a_version_and_the_edition_is_its_major(area) -> None:
    course = make_course(area)
    page = course.page
    assert course.current_version.number == "1.0"
    page.title = "Renamed"
    assert publish(page).current_version.number == "1.1"
    page.refresh_from_db()
    page.edition = 2
    course = publish(page)
    assert (course.current_version.number, course.title, course.key) == (
        "2.0",
        "Renamed",
        "regulation",
    )
    page.refresh_from_db()
    page.edition = 1
    with pytest.raises(UnableToPublishCourse, match="cannot go back"):
        page.save_revision().publish()


def test_a_version_never_changes_and_protects_its_revision(area) -> None:
    version = make_course(area).current_version
    version.title = "Other"
    with pytest.raises(TypeError):
        version.save()
    with pytest.raises(TypeError):
        version.delete()
    with pytest.raises(ProtectedError):
        version.revision.delete()


def test_publishing_a_lesson_of_a_live_course_makes_a_minor_version(area) -> None:
    course = make_course(area)
    first = course.current_version
    make_lesson(course.page, "Another")
    course.refresh_from_db()
    assert course.current_version.number == "1.1"
    assert [lesson.title for lesson in course.current_version.outline.lessons()] == [
        "What it is",
        "What you know",
        "Another",
    ]
    assert len(list(CourseVersion.objects.get(pk=first.pk).outline.lessons())) == 2


def test_lessons_of_a_draft_course_make_no_version(area) -> None:
    make_lesson(make_course_page(area), "Early")
    assert not CourseVersion.objects.exists()


def test_lessons_follow_their_modules(area) -> None:
    from courses.models import CourseModule

    page = make_course_page(area)
    page.modules = [CourseModule(title=t, sort_order=n) for n, t in enumerate(("First", "Second"))]
    page.save()
    first, second = page.modules.all()
    make_lesson(page, "B", module=second)
    make_lesson(page, "Loose", quiz_block(QuizFactory(local_area=area)))
    make_lesson(page, "A", module=first)
    outline = publish(page).current_version.outline
    assert [(m.title, [i.title for i in m.lessons]) for m in outline.modules] == [
        ("First", ["A"]),
        ("Second", ["B"]),
        ("", ["Loose"]),
    ]


def test_an_activity_keeps_its_identity_through_edits(area) -> None:
    course = make_course(area)
    before = Activity.objects.get()
    lesson = course.page.get_children().get(title="What you know").specific
    lesson.title = "What do you know?"
    lesson.save_revision().publish()
    after = Activity.objects.get()
    assert (after.pk, after.block_id) == (before.pk, before.block_id)


def test_open_enrolments_follow_minor_versions_and_not_major_ones(area) -> None:
    course = make_course(area)
    person = member_of(area)
    enrolment = enrol_learner(person=person, course=course, at=AT)
    lesson = course.page.get_children().first().specific
    course.page.refresh_from_db()
    minor = publish(course.page).current_version
    finish_lesson(person=person, lesson=lesson, at=AT)
    enrolment.refresh_from_db()
    assert enrolment.version == minor
    page = CoursePage.objects.get(pk=course.page_id)
    page.edition = 2
    publish(page)
    finish_lesson(person=person, lesson=lesson, at=AT)
    enrolment.refresh_from_db()
    assert enrolment.version == minor


def test_a_lesson_withdrawn_meanwhile_is_not_asked_for(area) -> None:
    course = make_course(area)
    extra = make_lesson(course.page, "To be withdrawn")
    course.refresh_from_db()
    person = member_of(area)
    enrolment = enrol_learner(person=person, course=course, at=AT)
    assert len(enrolment.version.outline.required_lessons) == 3
    extra.unpublish()
    course.refresh_from_db()
    assert len(course.current_version.outline.required_lessons) == 2


def test_a_copy_becomes_a_course_of_its_own(area) -> None:
    course = make_course(area)
    copied = course.page.copy(
        recursive=True, update_attrs={"slug": "copy", "title": "Copy"}, keep_live=False
    )
    for child in copied.get_children():
        child.specific.save_revision().publish()
    copied = CoursePage.objects.get(pk=copied.pk)
    copied.save_revision().publish()
    other = Course.objects.get(page=copied)
    assert other.pk != course.pk
    assert set(other.activities.values_list("pk", flat=True)).isdisjoint(
        course.activities.values_list("pk", flat=True)
    )
    assert not Enrolment.objects.exists()
