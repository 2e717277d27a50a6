"""The demo's four questions, one for each cohort."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from accounts.models import LocalArea, User
from courses.models import Course
from impact.demo.cohorts import AUTISM, EBSA, ELSA, FIRST_YEAR, LAST_YEAR, TRAUMA
from impact.enums import Outcome, SchoolGroup, Threshold
from impact.models import EvaluationPlan
from impact.services.evaluation import Question, lock_plan, request_analysis, write_plan


def build_questions(
    local_area: LocalArea, courses: Mapping[int, Course], *, by: User, at: dt.datetime
) -> list[EvaluationPlan]:
    """Write and lock the four questions of the cohorts and ask for their answers.

    `courses` maps the numbers ELSA, AUTISM, TRAUMA and EBSA to courses. The answers are worked
    out in the background; call services.evaluation.do_analysis to have them at once.
    """
    found = []
    for number, (words, group, threshold, outcome) in _QUESTIONS.items():
        course = courses.get(number)
        if course is None or EvaluationPlan.objects.filter(course=course).exists():
            continue
        asked = Question(
            question=words,
            course=course,
            threshold=threshold,
            outcome=outcome,
            school_group=group,
            first_year=FIRST_YEAR,
            last_year=LAST_YEAR - 1,
        )
        plan = write_plan(local_area=local_area, asked=asked, by=by, at=at)
        plan = lock_plan(plan=plan, by=by, at=at)
        request_analysis(plan=plan, by=by, at=at)
        found.append(plan)
    return found


_QUESTIONS = {
    ELSA: (
        "Did primary schools with an ELSA have fewer suspensions?",
        SchoolGroup.PRIMARY,
        Threshold.ONE_PERSON,
        Outcome.SUSPENSIONS,
    ),
    AUTISM: (
        "Did primary schools where most staff did Autism practice have fewer suspensions?",
        SchoolGroup.PRIMARY,
        Threshold.SHARE_60,
        Outcome.SUSPENSIONS,
    ),
    TRAUMA: (
        "Did trauma-responsive secondary schools have fewer suspensions?",
        SchoolGroup.SECONDARY,
        Threshold.SHARE_60,
        Outcome.SUSPENSIONS,
    ),
    EBSA: (
        "Did primary schools that trained on EBSA have fewer pupils persistently absent?",
        SchoolGroup.PRIMARY,
        Threshold.ONE_PERSON,
        Outcome.PERSISTENT_ABSENTEES,
    ),
}
