"""The questions Merrowdale’s director has asked, and their answers, through impact’s services."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import dataclass

from accounts.models import LocalArea, User
from courses.models import Course
from impact.demo import AUTISM, EBSA, ELSA, TRAUMA
from impact.enums import Outcome, SchoolGroup, Threshold
from impact.models import EvaluationPlan
from impact.services.evaluation import (
    Question,
    do_analysis,
    lock_plan,
    request_analysis,
    write_plan,
)


@dataclass(frozen=True)
class _Asked:
    course: int
    question: str
    group: str
    threshold: str
    outcome: str
    reason: str


_QUESTIONS = (
    _Asked(
        ELSA,
        "Did primary schools with a trained ELSA suspend less often?",
        SchoolGroup.PRIMARY,
        Threshold.ONE_PERSON,
        Outcome.SUSPENSIONS,
        "The ELSA programme is up for renewal. Schools joined as places came free.",
    ),
    _Asked(
        AUTISM,
        "Did primary schools where most staff took Autism practice suspend less often?",
        SchoolGroup.PRIMARY,
        Threshold.SHARE_60,
        Outcome.SUSPENSIONS,
        "Whole-staff training costs cover for a day.",
    ),
    _Asked(
        TRAUMA,
        "Did secondary schools that became trauma-responsive suspend less often?",
        SchoolGroup.SECONDARY,
        Threshold.SHARE_60,
        Outcome.SUSPENSIONS,
        "Asked by the secondary heads before more schools join.",
    ),
    _Asked(
        EBSA,
        "Did primary schools that took the EBSA course see less persistent absence?",
        SchoolGroup.PRIMARY,
        Threshold.ONE_PERSON,
        Outcome.PERSISTENT_ABSENTEES,
        "Most of these schools asked for the course after a hard year.",
    ),
)


def ask_questions(
    *,
    local_area: LocalArea,
    courses: dict[int, Course],
    by: User,
    last_year: int,
    at: dt.datetime,
    rng: random.Random,
    numbers: tuple[int, ...] = (ELSA, AUTISM, TRAUMA, EBSA),
) -> None:
    """Write, lock and answer questions about some courses, as director and worker would."""
    for asked in _QUESTIONS:
        if asked.course not in numbers:
            continue
        plan = write_plan(
            local_area=local_area,
            asked=Question(
                question=asked.question,
                course=courses[asked.course],
                threshold=asked.threshold,
                outcome=asked.outcome,
                school_group=asked.group,
                first_year=2016,
                last_year=last_year,
                reason=asked.reason,
            ),
            by=by,
            at=at,
        )
        # The shuffles follow from the question's identity: the same seed, the same answer.
        EvaluationPlan.objects.filter(pk=plan.pk).update(
            question_id=uuid.UUID(int=rng.getrandbits(128), version=4)
        )
        lock_plan(plan=plan, by=by, at=at)
        run = request_analysis(plan=plan, by=by, at=at)
        do_analysis(analysis_id=run.pk, at=at)
