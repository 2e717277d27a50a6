"""A learner's way through a course: start, read, leave, come back, pass, be told so."""

from __future__ import annotations

import pytest
from django.test import Client

from courses.models import Attempt, Completion, Enrolment
from courses.signals import course_completed
from tests.factories.accounts import member_of
from tests.factories.courses import make_course


def answers_of(attempt: Attempt, right: int) -> dict[str, str]:
    """Answer the paper with so many right answers."""
    found = {}
    for place, question in enumerate(attempt.sitting.paper):
        wanted = place < right
        option = next(o for o in question["options"] if o["right"] is wanted)
        found[f"q-{question['id']}"] = option["id"]
    return found


@pytest.mark.django_db
def test_from_start_to_certificate(area, sign_in) -> None:
    course = make_course(area)
    tom = member_of(area)
    client: Client = sign_in(tom)
    told = []

    def hear(completion, **kwargs) -> None:
        told.append(completion)

    course_completed.connect(hear)
    try:
        page = client.get(course.page.url)
        assert "Start this course" in page.content.decode()

        first = client.post(f"/learning/courses/{course.pk}/start/", follow=True)
        assert first.context["page"].title == "What it is"
        second = client.post(f"/learning/lessons/{first.context['page'].pk}/done/", follow=True)
        assert second.context["page"].title == "What you know"
        assert second.context["outstanding"]

        # He leaves, and the course leads him back to where he was.
        again = client.get(course.page.url)
        assert again.context["action"]["label"] == "Continue lesson 2"

        activity = second.context["parts"][0]["activity"]
        paper = client.post(f"/learning/activities/{activity.pk}/begin/", follow=True)
        attempt = Attempt.objects.get()
        failed = client.post(paper.redirect_chain[-1][0], answers_of(attempt, 3), follow=True)
        assert "Not passed yet" in failed.content.decode()
        assert not told

        client.post(f"/learning/activities/{activity.pk}/begin/")
        attempt = Attempt.objects.open().get()
        passed = client.post(
            f"/learning/quizzes/{attempt.uuid}/", answers_of(attempt, 4), follow=True
        )
        assert "You passed: 4 of 5, 80 %" in passed.content.decode()
    finally:
        course_completed.disconnect(hear)

    enrolment = Enrolment.objects.get()
    completion = Completion.objects.get()
    assert enrolment.finished_at is not None
    assert [news.source_uid for news in told] == [completion.source_uid]
    assert told[0].evidence == "server-scored"
    assert told[0].score_scaled == pytest.approx(0.8)
    assert told[0].course_version_id == course.current_version_id
    end = client.get(f"/learning/completed/{enrolment.uid}/")
    assert "You have completed this course" in end.content.decode()
