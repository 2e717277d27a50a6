"""How long courses keep what was said inside attempts. Results and completions stay."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from core.registry import Retained, declare
from core.retention import delete_rows
from courses.models import AttemptState, QuizSitting, Statement

_BASIS = (
    "Long enough to question a result, and to learn from answers how a course could be better. "
    "The result stays."
)


def _of_old_attempts(rows: QuerySet[Any], begun_by: dt.date) -> QuerySet[Any]:
    """Keep rows of enrolments finished, or left alone, so long ago."""
    return rows.filter(
        Q(attempt__enrolment__finished_at__date__lte=begun_by)
        | Q(
            attempt__enrolment__finished_at__isnull=True,
            attempt__enrolment__last_active_at__date__lte=begun_by,
        )
    )


def _statements(begun_by: dt.date) -> QuerySet[Any]:
    return _of_old_attempts(Statement.objects.all(), begun_by)


def _states(begun_by: dt.date) -> QuerySet[Any]:
    return _of_old_attempts(AttemptState.objects.all(), begun_by)


def _answers(begun_by: dt.date) -> QuerySet[Any]:
    return _of_old_attempts(QuizSitting.objects.filter(answers__isnull=False), begun_by)


def _empty_answers(rows: QuerySet[Any], at: dt.datetime) -> int:
    return rows.update(answers=None)


declare(
    Retained(
        key="statements",
        title="What interactive content noted",
        months=24,
        basis=_BASIS,
        due=_statements,
        dispose=delete_rows,
        people=("attempt__person",),
    ),
    Retained(
        key="content-places",
        title="Where learners were in interactive content",
        months=24,
        basis=_BASIS,
        due=_states,
        dispose=delete_rows,
        people=("attempt__person",),
    ),
    Retained(
        key="quiz-answers",
        title="Answers to quizzes",
        months=24,
        basis=_BASIS,
        due=_answers,
        dispose=_empty_answers,
        people=("attempt__person",),
    ),
)
