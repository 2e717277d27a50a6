"""Two requests at the same moment leave one result (PostgreSQL, in threads)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from accounts.models import User
from core import clock
from courses.models import Activity, Attempt, Completion, Course, Enrolment, QuizSitting
from courses.services.enrolments import enrol_learner
from courses.services.quizzes import UnableToSitQuiz, open_sitting, submit_quiz
from courses.signals import course_completed
from tests.factories.accounts import member_of
from tests.factories.courses import QuizFactory, make_course_page, make_lesson, publish, quiz_block

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(work: Callable[[], Any], times: int = 6) -> list[Any]:
    """Run the same work in threads that start together; return results and exceptions."""
    results: list[Any] = []
    gate = threading.Barrier(times)

    def run() -> None:
        gate.wait()
        try:
            results.append(work())
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def quiz_course(area) -> Course:
    """A course of one lesson that is one quiz of two tries."""
    page = make_course_page(area)
    make_lesson(page, "Quiz", quiz_block(QuizFactory(local_area=area, most_attempts=2)))
    page.refresh_from_db()
    return publish(page)


def right(sitting: QuizSitting, count: int = 5) -> dict[str, list[str]]:
    return {
        question["id"]: [o["id"] for o in question["options"] if o["right"] is (place < count)][:1]
        for place, question in enumerate(sitting.paper)
    }


def test_starting_twice_is_one_enrolment(on_postgres, quiz_course) -> None:
    person = member_of(quiz_course.local_area)
    results = at_once(lambda: enrol_learner(person=person, course=quiz_course, at=clock.now()))
    assert {enrolment.pk for enrolment in results} == {Enrolment.objects.get().pk}


def test_a_double_submit_completes_once(on_postgres, quiz_course) -> None:
    person = member_of(quiz_course.local_area)
    enrol_learner(person=person, course=quiz_course, at=clock.now())
    sitting = open_sitting(person=person, activity=Activity.objects.get(), at=clock.now())
    told: list[Any] = []
    lock = threading.Lock()

    def hear(completion: Any, **kwargs: Any) -> None:
        with lock:
            told.append(completion)

    course_completed.connect(hear)
    try:
        results = at_once(
            lambda: submit_quiz(attempt=sitting.attempt, answers=right(sitting), at=clock.now())
        )
    finally:
        course_completed.disconnect(hear)
    assert [attempt.status for attempt in results] == ["completed"] * 6
    assert Completion.objects.count() == len(told) == 1


def test_parallel_tries_never_exceed_what_is_allowed(on_postgres, quiz_course) -> None:
    person = User.objects.get(pk=member_of(quiz_course.local_area).pk)
    enrol_learner(person=person, course=quiz_course, at=clock.now())
    activity = Activity.objects.select_related("quiz").get()

    def fail_once() -> None:
        sitting = open_sitting(person=person, activity=activity, at=clock.now())
        submit_quiz(attempt=sitting.attempt, answers=right(sitting, 0), at=clock.now())

    results = at_once(fail_once, times=8)
    refused = [result for result in results if result is not None]
    assert all(isinstance(result, UnableToSitQuiz) for result in refused)
    # Those who opened the same try together share it: one or both tries may be used by now.
    while Attempt.objects.count() < 2:
        fail_once()
    with pytest.raises(UnableToSitQuiz):
        fail_once()
    assert Attempt.objects.count() == 2
