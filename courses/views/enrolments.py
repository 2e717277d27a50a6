"""Start a course, tick off a lesson, and the page at the end."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from core import clock, policies
from courses import hooks
from courses.enums import ActivityKind
from courses.models import Activity, Completion, Course, Enrolment, LessonPage
from courses.selectors.durations import hours_in_words
from courses.selectors.learning import continue_target, place_in, url_after
from courses.services import attempts, quizzes
from courses.services.enrolments import (
    UnableToEnrol,
    UnableToFinishLesson,
    enrol_learner,
    finish_lesson,
)


@policies.signed_in
@require_POST
def start_course(request: HttpRequest, course_id: int) -> HttpResponse:
    """Enrol the person and lead them to the lesson to go on with."""
    course = get_object_or_404(
        Course.objects.visible_to(request.user)
        .in_area(request.local_area)  # type: ignore[attr-defined]
        .select_related("page", "current_version"),
        pk=course_id,
    )
    try:
        enrolment = enrol_learner(person=request.user, course=course, at=clock.now())  # type: ignore[arg-type]
    except UnableToEnrol as error:
        messages.error(request, str(error))
        return redirect(course.page.url)
    done = set(enrolment.lessons.values_list("lesson_id", flat=True))
    place = place_in(enrolment.version.outline, done, enrolment.last_lesson_id)
    lesson = LessonPage.objects.live().filter(pk=place.lesson.id).first() if place else None
    return redirect((lesson or course.page).url)


@policies.signed_in
@require_POST
def lesson_done(request: HttpRequest, lesson_id: int) -> HttpResponse:
    """Mark the lesson done and go on to the next one, or to the end of the course."""
    lesson = get_object_or_404(LessonPage.objects.visible_to(request.user), pk=lesson_id)
    enrolment = get_object_or_404(
        Enrolment.objects.open().visible_to(request.user).select_related("version"),
        course__page__path=lesson.path[:-4],
    )
    try:
        completion = finish_lesson(person=request.user, lesson=lesson, at=clock.now())  # type: ignore[arg-type]
    except UnableToFinishLesson as error:
        messages.error(request, str(error))
        return redirect(lesson.url)
    if completion is not None:
        return redirect("courses:completed", uuid=enrolment.uid)
    return redirect(url_after(lesson.pk, enrolment))


@policies.signed_in
@require_POST
def begin_activity(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Open the activity: a package within its lesson, a quiz on a page of its own."""
    lessons = LessonPage.objects.visible_to(request.user)
    activity = get_object_or_404(
        Activity.objects.select_related("quiz", "course").filter(lesson__in=lessons.values("pk")),
        pk=activity_id,
    )
    lesson = lessons.get(pk=activity.lesson_id)
    person = request.user
    try:
        if activity.kind == ActivityKind.QUIZ:
            sitting = quizzes.open_sitting(person=person, activity=activity, at=clock.now())  # type: ignore[arg-type]
            return redirect("courses:quiz", uuid=sitting.attempt.uuid)
        attempts.open_attempt(person=person, activity=activity, at=clock.now())  # type: ignore[arg-type]
    except (quizzes.UnableToSitQuiz, attempts.UnableToAttempt) as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(f"{lesson.url}#activity-{activity.block_id}")


@policies.signed_in
def completed(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what the person finished, their certificate, and what comes next."""
    completion = get_object_or_404(
        Completion.objects.visible_to(request.user).select_related("version__course__page"),
        enrolment__uid=uuid,
    )
    version = completion.version
    return render(
        request,
        "pages/courses/completed.html",
        {
            "completion": completion,
            "version": version,
            "course_page": version.course.page,
            "hours": hours_in_words(completion.hours),
            "certificate": hooks.certificate_for(completion),
            "score": None
            if completion.score_scaled is None
            else f"{completion.score_scaled:.0%}".replace("%", " %"),
            "next_target": continue_target(request.user),  # type: ignore[arg-type]
            "page_title": "You have completed this course",
        },
    )
