"""The demo's courses are made through the same doors as anybody's, and lack nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.enums import Role
from core import clock
from courses.demo import build
from courses.demo.reading import all_courses, as_html
from courses.integrity import course_findings
from courses.models import Activity, Course, Enrolment
from courses.selectors.learning import continue_target
from tests.factories.accounts import RoleGrantFactory, UserFactory


@pytest.fixture
def cast(area) -> dict:
    people = {name: UserFactory(given_name=name.title()) for name in ("callum", "imogen", "tom")}
    for name in ("callum", "imogen"):
        RoleGrantFactory(person=people[name], role=Role.TRAINING_ADMIN, local_area=area)
    return people


@pytest.mark.django_db
def test_builds_all_courses_once(area, cast) -> None:
    for _ in range(2):
        build(area=area, people=cast, at=clock.now(), stage="year")
    courses = Course.objects.in_area(area)
    assert courses.count() == 22
    assert [course.title for course in courses if course_findings(course.page)] == []
    kinds = set(Activity.objects.values_list("course__key", "kind"))
    for key in ("oap-and-the-graduated-approach", "information-governance"):
        assert {(key, "package"), (key, "quiz")} <= kinds
    assert Enrolment.objects.filter(person=cast["tom"]).count() == 1
    target = continue_target(cast["tom"], local_area=area)
    assert target is not None
    assert (target.title, target.position, target.total) == (
        "OAP and the graduated approach",
        2,
        4,
    )


@pytest.mark.django_db
def test_what_is_taken_each_year_is_of_this_year_and_visitors_find_several(area, cast) -> None:
    at = clock.now()
    for _ in range(2):
        build(area=area, people=cast, at=at, stage="year")
    yearly = Course.objects.in_area(area).filter(
        key__in=("information-governance", "safeguarding-and-send-update", "need-coding")
    )
    for course in yearly:
        assert course.current_version is not None
        assert course.current_version.number == "2.0"
        assert dt.timedelta(0) <= at - course.current_version.published_at < dt.timedelta(366)
        assert course.versions.count() == 2
    assert yearly.count() == 3
    assert Course.objects.in_area(area).filter(page__is_public=True).count() == 5


def test_quizzes_of_the_texts_can_be_passed_and_failed() -> None:
    from courses.demo.reading import questions_of

    quizzes = [quiz for course in all_courses() for quiz in course.quizzes.values()]
    assert len(quizzes) == 6
    for quiz in quizzes:
        for question in questions_of(quiz):
            right = [option["right"] for option in question["options"]]
            assert any(right), question["prompt"]
            assert not all(right), question["prompt"]


def test_small_marks_become_html_and_nothing_else_does() -> None:
    text = "## Head\n\nOne **bold** <script>\nline\n\n- a\n- b\n\n1. c"
    assert as_html(text) == (
        "<h2>Head</h2><p>One <b>bold</b> &lt;script&gt; line</p>"
        "<ul><li>a</li><li>b</li></ul><ol><li>c</li></ol>"
    )
