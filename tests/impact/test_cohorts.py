"""The demo's cohorts come out as their truth says, through every step from records to wording."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEvent, LocalArea, Organisation
from impact.demo import AUTISM, EBSA, ELSA, TRAUMA, build_outcomes, cohort_plan
from impact.enums import AnalysisStatus, Outcome, PlanStatus, PupilGroup, SchoolGroup, Threshold
from impact.models import Analysis, SchoolOutcome
from impact.services.evaluation import (
    Question,
    UnableToAsk,
    UnableToLock,
    UnableToRun,
    asked_of,
    change_plan,
    do_analysis,
    lock_plan,
    request_analysis,
    write_plan,
)
from impact.stats.wording import FORBIDDEN
from tests.factories.accounts import UserFactory
from tests.factories.impact_area import AT, make_cohorts, make_course, make_director

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

GROUPS = {
    ELSA: (SchoolGroup.PRIMARY, Threshold.ONE_PERSON, Outcome.SUSPENSIONS),
    AUTISM: (SchoolGroup.PRIMARY, Threshold.SHARE_60, Outcome.SUSPENSIONS),
    TRAUMA: (SchoolGroup.SECONDARY, Threshold.SHARE_60, Outcome.SUSPENSIONS),
    EBSA: (SchoolGroup.PRIMARY, Threshold.ONE_PERSON, Outcome.PERSISTENT_ABSENTEES),
}


def asked(courses: dict, number: int) -> Question:
    group, threshold, outcome = GROUPS[number]
    return Question(
        question=f"Did {courses[number].title} go with fewer events?",
        course=courses[number],
        threshold=threshold,
        outcome=outcome,
        school_group=group,
        first_year=2016,
        last_year=2024,
    )


@pytest.mark.slow
def test_each_cohort_gets_the_grade_its_truth_deserves(area: LocalArea) -> None:
    courses = make_cohorts(area)
    director = make_director(area)
    found: dict[int, Analysis] = {}
    for number in GROUPS:
        plan = write_plan(local_area=area, asked=asked(courses, number), by=director, at=AT)
        plan = lock_plan(plan=plan, by=director, at=AT)
        run = request_analysis(plan=plan, by=director, at=AT)
        found[number] = do_analysis(analysis_id=run.pk, at=AT)

    assert {number: run.grade for number, run in found.items()} == {
        ELSA: "suggestive",
        AUTISM: "no_clear_difference",
        TRAUMA: "insufficient",
        EBSA: "descriptive",
    }
    assert "18 trained schools and 23 to compare with" in str(found[ELSA].result["checks"])
    assert "5 trained schools and 8 to compare with" in str(found[TRAUMA].result["checks"])
    assert "only a change of about" in found[TRAUMA].answer
    assert "12 trained schools" in str(found[EBSA].result["checks"])
    assert "12 trained schools" in str(found[AUTISM].result["checks"])
    assert "Training followed an unusually high year" in str(found[EBSA].result["checks"])
    assert found[EBSA].result["estimate"] is None
    assert found[TRAUMA].result["estimate"] is None
    assert found[AUTISM].result["estimate"]["lower"] < 0 < found[AUTISM].result["estimate"]["upper"]
    for run in found.values():
        assert not [word for word in FORBIDDEN if word in run.answer.lower()]
        assert "Consistent" not in run.answer


def test_outcomes_are_seeded_and_written_once(area: LocalArea) -> None:
    from tests.factories.impact_area import make_schools

    make_schools(area)
    made = build_outcomes(area, 7)
    first = list(SchoolOutcome.objects.order_by("pk").values_list("suspensions", flat=True))
    build_outcomes(area, 7)
    again = list(SchoolOutcome.objects.order_by("pk").values_list("suspensions", flat=True))

    assert made == len(first) == 58 * 10
    assert again == first
    assert cohort_plan(area, 7) == cohort_plan(area, 7)
    assert cohort_plan(area, 7) != cohort_plan(area, 8)


def test_an_academy_s_earlier_years_are_kept_under_its_earlier_number(area: LocalArea) -> None:
    import datetime as dt

    from accounts.models import OrganisationLink
    from accounts.selectors import one_to_one_predecessors
    from tests.factories.accounts import OrganisationFactory
    from tests.factories.impact_area import make_schools

    make_schools(area)
    academy = Organisation.objects.get(name="High 01")
    before = OrganisationFactory(
        local_area=area, name="High 01 before", closed_on=dt.date(2023, 8, 31), urn=900_999
    )
    OrganisationLink.objects.create(
        urn=academy.urn,
        organisation=academy,
        linked_urn=before.urn,
        linked=before,
        linked_name=before.name,
        link_type="predecessor",
        established_on=dt.date(2023, 9, 1),
    )
    build_outcomes(area, 7)

    assert set(before.outcomes.values_list("year", flat=True)) == set(range(2016, 2023))
    assert set(academy.outcomes.values_list("year", flat=True)) == {2023, 2024, 2025}
    assert one_to_one_predecessors([academy.pk]) == {academy.pk: (before.pk,)}


@pytest.fixture
def question(area: LocalArea) -> Question:
    course = make_course(area, "ELSA initial")
    return Question(
        question="Did schools with an ELSA suspend less?",
        course=course,
        threshold=Threshold.ONE_PERSON,
        outcome=Outcome.SUSPENSIONS,
        school_group=SchoolGroup.PRIMARY,
        first_year=2016,
        last_year=2024,
    )


def test_a_question_must_be_locked_before_it_runs_and_only_once(
    area: LocalArea, question: Question
) -> None:
    director = make_director(area)
    plan = write_plan(local_area=area, asked=question, by=director, at=AT)
    with pytest.raises(UnableToRun, match="Lock the question first"):
        request_analysis(plan=plan, by=director, at=AT)
    locked = lock_plan(plan=plan, by=director, at=AT)
    with pytest.raises(UnableToLock):
        lock_plan(plan=locked, by=director, at=AT)

    assert (locked.locked_at, locked.locked_by) == (AT, director)
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"question.written", "question.locked"} <= verbs


def test_changing_a_locked_question_makes_a_version_that_says_what_was_seen(
    area: LocalArea, question: Question
) -> None:
    director = make_director(area)
    plan = write_plan(local_area=area, asked=question, by=director, at=AT)
    lock_plan(plan=plan, by=director, at=AT)
    Analysis.objects.create(
        plan=plan,
        status=AnalysisStatus.DONE,
        requested_at=AT,
        finished_at=AT,
        seed=1,
        grade="suggestive",
    )
    plan.refresh_from_db()
    later = change_plan(plan=plan, asked=asked_of(plan), by=director, at=AT)
    plan.refresh_from_db()

    assert (later.version, later.seen_before, later.status) == (2, True, PlanStatus.DRAFT)
    assert later.question_id == plan.question_id
    assert plan.status == PlanStatus.REPLACED
    with pytest.raises(UnableToAsk, match="later version"):
        change_plan(plan=plan, asked=asked_of(plan), by=director, at=AT)


def test_asking_twice_gives_the_one_open_run(area: LocalArea, question: Question) -> None:
    director = make_director(area)
    plan = lock_plan(
        plan=write_plan(local_area=area, asked=question, by=director, at=AT), by=director, at=AT
    )
    first = request_analysis(plan=plan, by=director, at=AT)
    assert request_analysis(plan=plan, by=director, at=AT) == first


def test_a_question_without_schools_ends_in_words_and_not_in_an_error(
    area: LocalArea, question: Question
) -> None:
    director = make_director(area)
    plan = lock_plan(
        plan=write_plan(local_area=area, asked=question, by=director, at=AT), by=director, at=AT
    )
    run = do_analysis(analysis_id=request_analysis(plan=plan, by=director, at=AT).pk, at=AT)

    assert run.grade == "insufficient"
    assert "Groups are too small to show" in str(run.result["checks"])
    assert run.result["series"] == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"pupil_group": PupilGroup.EHCP}, "No return splits"),
        ({"last_year": 2016}, "must come after"),
        ({"reason": "About 943 476 5919 and others"}, "NHS number"),
    ],
)
def test_questions_that_cannot_be_asked(
    area: LocalArea, question: Question, change: dict, words: str
) -> None:
    import dataclasses

    with pytest.raises(UnableToAsk, match=words):
        write_plan(
            local_area=area,
            asked=dataclasses.replace(question, **change),
            by=make_director(area),
            at=AT,
        )


def test_others_may_not_ask(area: LocalArea, other_area: LocalArea, question: Question) -> None:
    for person in (UserFactory(), make_director(other_area, "elsewhere@eastmarch.example")):
        with pytest.raises(PermissionDenied):
            write_plan(local_area=area, asked=question, by=person, at=AT)
