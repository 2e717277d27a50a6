"""Catalogue, course and lesson: who sees them, what they say, and how many questions they ask."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from courses import hooks
from courses.models import CourseNeed, CoursePage, LessonPage
from courses.services.enrolments import enrol_learner, finish_lesson
from resources_repo.enums import Need, Tier
from tests.factories.accounts import member_of
from tests.factories.courses import AT, QuizFactory, make_course, make_index

pytestmark = pytest.mark.django_db


def queries(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = client.get(url)
    assert answer.status_code == 200
    return len(seen)


def test_catalogue_asks_as_much_for_30_courses_as_for_one(area, sign_in) -> None:
    client = sign_in(member_of(area))
    quiz = QuizFactory(local_area=area)
    make_course(area, "Course 0", quiz=quiz)
    url = make_index(area).url
    few = queries(client, url)
    for number in range(1, 30):
        make_course(area, f"Course {number}", quiz=quiz)
    assert queries(client, url) == few
    assert few <= 22


def test_course_and_lesson_stay_at_a_dozen_or_so(area, sign_in) -> None:
    course = make_course(area)
    person = member_of(area)
    client = sign_in(person)
    enrol_learner(person=person, course=course, at=clock.now())
    lesson = course.page.get_children().last().specific
    before = queries(client, course.page.url), queries(client, lesson.url)
    from tests.factories.courses import make_lesson

    for number in range(28):
        make_lesson(course.page, f"Lesson {number}")
    assert (queries(client, course.page.url), queries(client, lesson.url)) == before
    assert before[0] <= 22
    assert before[1] <= 18


def test_a_learners_page_never_holds_the_answers(area, sign_in) -> None:
    from courses.models import Activity, Attempt
    from tests.factories.courses import question

    quiz = QuizFactory(
        local_area=area,
        questions=[question("Q?", "Yes", "No", explanation="SECRET", feedback=True)],
    )
    course = make_course(area, quiz=quiz)
    person = member_of(area)
    client = sign_in(person)
    enrol_learner(person=person, course=course, at=clock.now())
    lesson = course.page.get_children().last()
    activity = Activity.objects.get()
    paper = client.post(f"/learning/activities/{activity.pk}/begin/", follow=True)
    for page in (client.get(lesson.url), paper):
        words = page.content.decode()
        assert "SECRET" not in words
        assert "About" not in words
        assert '"right"' not in words
    # Somebody else's paper is not there, neither before nor after.
    stranger = sign_in(member_of(area))
    url = f"/learning/quizzes/{Attempt.objects.get().uuid}/"
    assert stranger.get(url).status_code == stranger.post(url, {}).status_code == 404


def test_facets_count_and_narrow(area, sign_in) -> None:
    client = sign_in(member_of(area))
    make_course(area, "About language", tier=Tier.TARGETED, duration_minutes=20)
    other = make_course(area, "About autism", duration_minutes=90)
    page = other.page
    page.needs = [CourseNeed(need=Need.ASD)]
    page.save()
    url = make_index(area).url

    def titles(query: str) -> list[str]:
        return [row["title"] for row in client.get(url + query).context["results"]]

    assert titles("") == ["About autism", "About language"]
    assert titles("?need=ASD") == ["About autism"]
    assert titles("?need=ASD&need=SEMH") == ["About autism", "About language"]
    assert titles("?tier=targeted&need=ASD") == []
    assert titles("?length=half_hour") == ["About language"]
    assert titles("?audience=school_staff") == ["About autism", "About language"]
    assert titles("?audience=governors") == []
    assert titles("?need=NOT-A-NEED&page=10000000000&tier=%20") == [
        "About autism",
        "About language",
    ]
    form = client.get(url).context["form"]
    assert dict(form.fields["tier"].choices) == {
        "universal": "Universal (1)",
        "targeted": "Targeted (1)",
    }


def test_search_finds_words_of_a_course(area, sign_in) -> None:
    client = sign_in(member_of(area))
    make_course(area, "Dyslexia in year seven")
    make_course(area, "Working memory")
    found = client.get(make_index(area).url + "?q=dyslexia").context
    assert [row["title"] for row in found["results"]] == ["Dyslexia in year seven"]
    nothing = client.get(make_index(area).url + "?q=zebra").content.decode()
    assert "No course matches" in nothing


def test_visitors_see_open_courses_only(area, client) -> None:
    closed = make_course(area, "Closed")
    opened = make_course(area, "Open", is_public=True)
    listed = client.get(make_index(area).url).context
    assert [row["title"] for row in listed["results"]] == ["Open"]
    assert "Sign in to start" in client.get(opened.page.url).content.decode()
    lesson = opened.page.get_children().first()
    assert client.get(lesson.url).status_code == 200
    for page in (closed.page, closed.page.get_children().first()):
        answer = client.get(page.url)
        assert answer.status_code == 302
        assert "/accounts/login/" in answer.headers["Location"]


def test_lessons_of_an_unpublished_course_are_not_there(area, sign_in) -> None:
    course = make_course(area)
    lesson = course.page.get_children().first().specific
    client = sign_in(member_of(area))
    assert client.get(lesson.url).status_code == 200
    course.page.unpublish()
    assert client.get(lesson.url).status_code == 404
    assert not LessonPage.objects.visible_to(member_of(area)).exists()


def test_other_areas_courses_are_not_there(area, other_area, sign_in) -> None:
    course = make_course(other_area, "Far away")
    client = sign_in(member_of(area))
    assert client.get("/courses/far-away/").status_code == 404
    assert client.post(f"/learning/courses/{course.pk}/start/").status_code == 404
    assert list(CoursePage.objects.in_area(area)) == []


def test_reasons_and_certificates_come_from_above(area, sign_in, monkeypatch) -> None:
    monkeypatch.setattr(hooks, "_reasons", [])
    monkeypatch.setattr(hooks, "_certificates", [])
    hooks.register_reasons(
        lambda person, course, today: [hooks.Reason(f"Asked of {person.given_name}.", "Statutory")]
    )
    course = make_course(area)
    person = member_of(area, given_name="Tom")
    page = sign_in(person).get(course.page.url).content.decode()
    assert "Why this is on your list" in page
    assert "Asked of Tom." in page


def test_the_course_leads_to_the_lesson_left_off(area, sign_in) -> None:
    course = make_course(area)
    person = member_of(area)
    client = sign_in(person)
    lessons = list(course.page.get_children())
    enrol_learner(person=person, course=course, at=AT)
    # Reading lesson 2 moves the bookmark, though lesson 1 is not done.
    client.get(lessons[1].url)
    assert client.get(course.page.url).context["action"]["label"] == "Continue lesson 2"
    finish_lesson(person=person, lesson=lessons[0].specific, at=AT)
    assert client.get(course.page.url).context["action"]["url"] == lessons[1].url


def test_nothing_is_begun_by_looking(area, sign_in) -> None:
    from courses.models import Attempt, Enrolment

    course = make_course(area)
    client = sign_in(member_of(area))
    client.get(course.page.url)
    client.get(course.page.get_children().first().url)
    assert client.get(f"/learning/courses/{course.pk}/start/").status_code == 405
    assert not Enrolment.objects.exists()
    assert not Attempt.objects.exists()
