"""The page of a quiz: the paper while it is open, the result once it is marked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import clock, policies
from courses.enums import AttemptStatus
from courses.forms import QuizForm
from courses.marking import face_of, feedback_on
from courses.models import Attempt, LessonPage, QuizSitting
from courses.services.quizzes import submit_quiz


@policies.signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def quiz(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the paper and take it in; a marked one shows its result, and is not marked again."""
    attempt = get_object_or_404(
        Attempt.objects.visible_to(request.user).select_related(
            "activity__quiz", "enrolment", "sitting"
        ),
        uuid=uuid,
        sitting__isnull=False,
    )
    if attempt.status != AttemptStatus.OPEN:
        return _result(request, attempt)
    form = QuizForm(request.POST or None, face=face_of(attempt.sitting.paper))
    if request.method == "POST" and form.is_valid():
        submit_quiz(attempt=attempt, answers=form.answers(), at=clock.now())
        return redirect("courses:quiz", uuid=uuid)
    context = _frame(attempt) | {"form": form, "quiz": attempt.activity.quiz}
    return render(request, "pages/courses/quiz.html", context)


def _frame(attempt: Attempt) -> dict[str, Any]:
    """Return what paper and result share: the title, and the lesson to go back to."""
    lesson = LessonPage.objects.live().filter(pk=attempt.activity.lesson_id).first()
    return {
        "attempt": attempt,
        "page_title": attempt.activity.title,
        "course_title": lesson.title if lesson else "Courses",
        "course_url": lesson.url if lesson else "/courses/",
    }


def _result(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    sitting: QuizSitting = attempt.sitting
    quiz = attempt.activity.quiz
    used = attempt.enrolment.attempts.filter(activity=attempt.activity).count()
    most = quiz.most_attempts if quiz else None
    finished = attempt.enrolment.finished_at is not None
    context = _frame(attempt) | {
        "quiz": quiz,
        "questions": feedback_on(sitting.paper, sitting.answers or {}),
        "raw": int(attempt.raw or 0),
        "max": int(attempt.max or 0),
        # Rounded down: nobody reads "80 %" beside "not passed".
        "percent": int((attempt.raw or 0) * 100 // (attempt.max or 1)),
        "may_retry": not finished and not attempt.success and (most is None or used < most),
        "tries_left": None if most is None else most - used,
        "retry_url": reverse("courses:begin", args=[attempt.activity_id]),
        "completed_url": reverse("courses:completed", args=[attempt.enrolment.uid])
        if finished and attempt.success
        else "",
    }
    return render(request, "pages/courses/quiz_result.html", context)
