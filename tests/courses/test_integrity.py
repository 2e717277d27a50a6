"""What is missing from a course is said in plain words, and stops it from being published."""

from __future__ import annotations

import uuid

import pytest
from wagtail.blocks import StreamValue
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from accounts.enums import Role
from accounts.services.roles import project_editor_rights
from core import clock
from courses.enums import Mode
from courses.integrity import course_findings, lesson_findings
from courses.models import Course, CourseOutcome, CourseVersion, LessonPage
from courses.services.versions import UnableToPublishCourse
from tests.factories.accounts import RoleGrantFactory, UserFactory
from tests.factories.courses import (
    QuizFactory,
    make_course,
    make_course_page,
    make_lesson,
    quiz_block,
    text_block,
)

pytestmark = pytest.mark.django_db


def codes(findings) -> set[str]:
    return {finding.code for finding in findings}


def full_page(area, **fields):
    page = make_course_page(area, **fields)
    make_lesson(page, "Lesson", quiz_block(QuizFactory(local_area=area)))
    return page


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"duration_minutes": 0}, "duration", "how many minutes"),
        ({"evaluation_question": " "}, "evaluation", "evaluation question"),
        ({"mode": Mode.LIVE_ONLINE, "assessment": ""}, "assessment", "how learning is checked"),
        ({"mode": Mode.EXTERNAL, "assessment": "x"}, "external", "provider's page"),
    ],
)
def test_each_missing_fact_is_named(area, change, code, words) -> None:
    findings = course_findings(full_page(area, **change))
    assert codes(findings) == {code}
    assert words in str(findings[0])


def test_three_outcomes_are_wanted_and_unsaved_ones_count(area) -> None:
    page = full_page(area)
    page.outcomes = [CourseOutcome(text="One"), CourseOutcome(text=" ")]
    assert [str(finding) for finding in course_findings(page)] == [
        "Say 3 things that learners will be able to do (there are 1)."
    ]
    page.outcomes = [CourseOutcome(text=str(n)) for n in range(3)]
    assert course_findings(page) == []


def test_a_self_paced_course_wants_lessons_and_an_assessment(area) -> None:
    page = make_course_page(area)
    assert codes(course_findings(page)) == {"lessons"}
    make_lesson(page, "Only words")
    assert codes(course_findings(page)) == {"assessment"}
    make_lesson(page, "Extra", quiz_block(QuizFactory(local_area=area)), required=False)
    assert codes(course_findings(page)) == {"assessment"}


def picture(image, **value) -> dict:
    return {
        "type": "picture",
        "id": str(uuid.uuid4()),
        "value": {
            "image": image.pk,
            "alternative_text": "",
            "decorative": False,
            "caption": "",
        }
        | value,
    }


def with_body(lesson: LessonPage, *blocks: dict) -> LessonPage:
    stream = LessonPage._meta.get_field("body").stream_block
    lesson.body = StreamValue(stream, list(blocks), is_lazy=True)
    return lesson


def test_pictures_want_words_or_the_word_that_they_are_decoration(area) -> None:
    image = get_image_model().objects.create(title="A desk", file=get_test_image_file())
    lesson = make_lesson(make_course_page(area), "Pictures", text_block())
    assert codes(lesson_findings(with_body(lesson, picture(image)))) == {"alternative_text"}
    for value in ({"alternative_text": "A tidy desk"}, {"decorative": True}):
        assert lesson_findings(with_body(lesson, picture(image, **value))) == []
    image.default_alt_text = "A desk"
    image.save()
    assert lesson_findings(with_body(lesson, picture(image))) == []


def test_a_quiz_must_hold_what_it_asks(area) -> None:
    lesson = make_lesson(make_course_page(area), "Quiz", text_block())
    empty = QuizFactory(local_area=area, questions=[])
    greedy = QuizFactory(local_area=area, questions_asked=9)
    assert codes(lesson_findings(with_body(lesson, quiz_block(empty)))) == {"quiz"}
    assert "asks 9 questions and its bank holds 5" in str(
        lesson_findings(with_body(lesson, quiz_block(greedy)))[0]
    )
    assert codes(lesson_findings(with_body(lesson))) == {"empty"}


def test_a_script_cannot_publish_an_unready_course(area) -> None:
    page = full_page(area, duration_minutes=0)
    with pytest.raises(UnableToPublishCourse) as refusal:
        page.save_revision().publish()
    assert codes(refusal.value.findings) == {"duration"}
    assert not Course.objects.exists()
    assert not CourseVersion.objects.exists()


def test_the_cms_keeps_the_draft_and_says_why(area, client) -> None:
    editor = UserFactory()
    RoleGrantFactory(person=editor, role=Role.TRAINING_ADMIN, local_area=area)
    project_editor_rights(person=editor, local_area=area, on=clock.today())
    client.force_login(editor)
    page = full_page(area, duration_minutes=0)
    form = client.get(f"/cms/pages/{page.pk}/edit/").context["form"]
    answer = client.post(
        f"/cms/pages/{page.pk}/edit/",
        _posted(form) | {"title": "Renamed", "action-publish": "1"},
        follow=True,
    )
    words = " ".join(str(message) for message in answer.context["messages"])
    assert "Say how many minutes the course takes." in words
    page.refresh_from_db()
    assert not page.live
    assert page.get_latest_revision_as_object().title == "Renamed"
    assert not CourseVersion.objects.exists()


def test_a_published_course_is_unpublished_and_not_deleted(area, client) -> None:
    course = make_course(area)
    boss = UserFactory(is_superuser=True, is_staff=True)
    client.force_login(boss)
    answer = client.post(f"/cms/pages/{course.page_id}/delete/", follow=True)
    assert "Unpublish it instead" in " ".join(str(m) for m in answer.context["messages"])
    assert Course.objects.filter(pk=course.pk).exists()


def _posted(form) -> dict:
    """Return what a browser would send for an edit form and its formsets, unchanged."""
    data = {}
    forms = [form]
    for formset in form.formsets.values():
        forms += [formset.management_form, *formset.forms]
    for one in forms:
        for name in one.fields:
            value = one[name].value()
            if value is None or value is False:
                continue
            data[one.add_prefix(name)] = value
    return data
