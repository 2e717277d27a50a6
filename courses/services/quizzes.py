"""Sit a quiz: deal a paper, take the answers once, mark them on the server."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence

from django.db import transaction

from accounts.models import User
from courses.enums import ActivityKind, AttemptStatus, Evidence
from courses.marking import deal_paper, mark_paper
from courses.models import Activity, Attempt, QuizSitting
from courses.services.attempts import begin_attempt, complete_attempt, enrolment_for
from courses.services.enrolments import lock_enrolment


class UnableToSitQuiz(Exception):
    """No paper can be dealt; the message says why."""


class UnableToSubmitQuiz(Exception):
    """The answers are not complete; `unanswered` holds the ids of the questions left."""

    def __init__(self, unanswered: Sequence[str]) -> None:
        self.unanswered = list(unanswered)
        super().__init__(f"{len(unanswered)} questions are not answered.")


@transaction.atomic
def open_sitting(
    *, person: User, activity: Activity, at: dt.datetime, dice: random.Random | None = None
) -> QuizSitting:
    """Return the paper that lies open, or deal a new one as the next try.

    Two requests at once get the same paper. Raises PermissionDenied without an open enrolment
    that holds the quiz, UnableToSitQuiz when the tries are used up or the bank is empty.
    """
    enrolment = enrolment_for(person, activity)
    quiz = activity.quiz
    if activity.kind != ActivityKind.QUIZ or quiz is None:
        raise UnableToSitQuiz("This is not a quiz.")
    found = (
        QuizSitting.objects.select_related("attempt")
        .filter(
            attempt__enrolment=enrolment,
            attempt__activity=activity,
            attempt__status=AttemptStatus.OPEN,
        )
        .first()
    )
    if found is not None:
        return found
    tries = enrolment.attempts.filter(activity=activity).count()
    if quiz.most_attempts is not None and tries >= quiz.most_attempts:
        raise UnableToSitQuiz(
            f"You have used all {quiz.most_attempts} tries. Ask whoever runs the course."
        )
    paper = deal_paper(
        list(quiz.questions),
        asked=quiz.questions_asked,
        shuffle=quiz.random_order,
        dice=dice or random.SystemRandom(),
    )
    if not paper:
        raise UnableToSitQuiz("This quiz has no questions at the moment.")
    attempt = begin_attempt(enrolment=enrolment, activity=activity, revision=None, at=at)
    return QuizSitting.objects.create(attempt=attempt, paper=paper)


@transaction.atomic
def submit_quiz(
    *, attempt: Attempt, answers: Mapping[str, Sequence[str]], at: dt.datetime
) -> Attempt:
    """Mark the answers ({question id: option ids}) and complete the attempt as SERVER_SCORED.

    The first complete submission counts: a second one, late or at the same moment, changes
    nothing and returns the attempt as it was marked. Raises UnableToSubmitQuiz.
    """
    enrolment = lock_enrolment(attempt.enrolment_id)
    locked = (
        Attempt.objects.select_for_update(of=("self",))
        .select_related("activity__quiz")
        .get(pk=attempt.pk)
    )
    if locked.status != AttemptStatus.OPEN:
        return locked
    sitting = QuizSitting.objects.get(attempt=locked)
    given = {
        question["id"]: sorted(
            {option["id"] for option in question["options"]} & set(answers.get(question["id"], ()))
        )
        for question in sitting.paper
    }
    unanswered = [question for question, chosen in given.items() if not chosen]
    if unanswered:
        raise UnableToSubmitQuiz(unanswered)
    quiz = locked.activity.quiz
    assert quiz is not None
    mark = mark_paper(sitting.paper, given, pass_mark=quiz.pass_mark)
    sitting.answers = given
    sitting.submitted_at = at
    sitting.save(update_fields=["answers", "submitted_at"])
    locked.raw, locked.max = mark.raw, mark.max
    locked.scaled, locked.success = mark.scaled, mark.passed
    complete_attempt(attempt=locked, enrolment=enrolment, evidence=Evidence.SERVER_SCORED, at=at)
    return locked
