"""The screens: what each shows, to whom, with how many queries, and what nobody can work out."""

from __future__ import annotations

import csv
import datetime as dt
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import LocalArea, Organisation, Post
from core import clock
from courses.models import Course
from impact.demo import build_area_series, build_outcomes
from impact.enums import AnalysisStatus, Outcome, PlanStatus, SchoolGroup, Threshold
from impact.models import Analysis, EvaluationPlan, SchoolOutcome
from impact.services.evaluation import Question, lock_plan, write_plan
from impact.services.importing import import_la_panel, import_neighbours
from tests.factories.accounts import OrganisationFactory, RoleGrantFactory, UserFactory
from tests.factories.impact import SchoolOutcomeFactory, write_neighbours, write_panel
from tests.factories.impact_area import (
    AT,
    make_course,
    make_director,
    make_schools,
    record_course,
    staff_schools,
)

pytestmark = pytest.mark.django_db
PAGES = (
    "/impact/",
    "/impact/coverage/",
    "/impact/coverage.csv",
    "/impact/non-participants/",
    "/impact/settings/",
    "/impact/trend/",
    "/impact/trend.csv",
    "/impact/questions/",
    "/impact/questions/new/",
)


@pytest.fixture
def director(area: LocalArea) -> Client:
    client = Client()
    client.force_login(make_director(area))
    return client


@pytest.fixture
def panel(tmp_path: Path) -> None:
    import_la_panel(path=write_panel(tmp_path), at=AT)
    import_neighbours(path=write_neighbours(tmp_path), at=AT)


def rows_of(response: Any) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


# --- who may come in ------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_only_evaluators_and_directors_come_in(area: LocalArea, page: str) -> None:
    for role in (None, Role.SETTING_LEAD, Role.TEAM_MANAGER, Role.TRAINING_ADMIN, Role.AUDITOR):
        person = UserFactory()
        if role:
            RoleGrantFactory(person=person, role=role, local_area=area)
        client = Client()
        client.force_login(person)
        assert client.get(page).status_code == 403, role
    for role in (Role.EVALUATOR, Role.DIRECTOR):
        person = UserFactory()
        RoleGrantFactory(person=person, role=role, local_area=area)
        client = Client()
        client.force_login(person)
        assert client.get(page).status_code == 200, role
    assert "/accounts/login/" in Client().get(page).headers["Location"]


def test_a_former_director_is_out(area: LocalArea) -> None:
    person = make_director(area)
    person.role_grants.update(ends_on=clock.today() - dt.timedelta(days=1))
    client = Client()
    client.force_login(person)
    assert client.get("/impact/").status_code == 403


def test_another_area_s_question_is_not_found(
    area: LocalArea, other_area: LocalArea, director: Client
) -> None:
    plan = make_plan(other_area, make_director(other_area, "d@eastmarch.example"))
    for path in ("", "state/", "change/"):
        assert director.get(f"/impact/questions/{plan.pk}/{path}").status_code == 404
    for path in ("lock/", "run/"):
        assert director.post(f"/impact/questions/{plan.pk}/{path}").status_code == 404
    plan.refresh_from_db()
    assert plan.status == PlanStatus.DRAFT


# --- the trend ------------------------------------------------------------------------------------


def test_trend_shows_neighbours_two_londons_and_england(panel: None, director: Client) -> None:
    page = director.get("/impact/trend/?area=310&measure=TotFixedEx").content.decode()

    # Neighbours are Barnet, Slough and Thurrock: 3.75, 4.75 and 5.75 in 2023/24.
    assert "Harrow is below its neighbours’ mean and England" in page
    assert "Harrow had 2.75 per 100 pupils in 2023/24, up from 2 in 2020/21." in page
    assert "Neighbours’ mean 4.75, London 7.75, England 6.75" in page
    assert "DfE publishes London (Outer) up to 2021/22 and London from 2022-23" in page
    assert "Barnet, Slough, Thurrock" in page
    assert "Show as table" in page
    assert page.count("<polyline") == 5


def test_trend_s_file_is_its_table(panel: None, director: Client) -> None:
    rows = rows_of(director.get("/impact/trend.csv?area=310&measure=TotFixedEx"))

    assert rows[0] == [
        "Year",
        "Harrow",
        "Neighbours’ mean",
        "London (Outer)",
        "London",
        "England",
    ]
    assert rows[-1] == ["2023/24", "2.75", "4.75", "not available", "7.75", "6.75"]
    # Thurrock's figure is hidden by the publisher in 2021/22: two neighbours are not enough.
    assert rows[2] == ["2021/22", "2.25", "not available", "8.25", "not available", "6.25"]


def test_trend_falls_back_for_addresses_it_does_not_know(panel: None, director: Client) -> None:
    page = director.get("/impact/trend/?area='%3B--&measure=password").content.decode()
    assert "Suspensions, all schools: Barnet" in page


def test_shares_of_sen_are_called_neither_better_nor_worse(
    tmp_path: Path, director: Client
) -> None:
    from tests.factories.impact import panel_lines

    import_la_panel(path=write_panel(tmp_path, panel_lines("SEN_TotStat")), at=AT)
    page = director.get("/impact/trend/?area=310&measure=SEN_TotStat").content.decode()
    assert "More is not better or worse here" in page


def test_the_area_s_own_series_stand_beside_the_open_data(
    area: LocalArea, director: Client
) -> None:
    school = OrganisationFactory(local_area=area)
    SchoolOutcomeFactory(organisation=school, year=2024, headcount=300, suspensions=12)
    build_area_series(area, 7)

    page = director.get("/impact/trend/?area=999&measure=ehcp_pupils_suspended").content.decode()
    assert "Merrowdale had 77 pupils in 2025/26, down from 91 in 2021/22." in page
    assert "4 per 100 pupils in 2024/25" in director.get("/impact/").content.decode()


def test_without_data_each_page_says_what_will_be_there(director: Client) -> None:
    assert "No published figures yet" in director.get("/impact/trend/").content.decode()
    assert "No courses yet" in director.get("/impact/coverage/").content.decode()
    assert "No questions yet" in director.get("/impact/questions/").content.decode()


# --- coverage -------------------------------------------------------------------------------------


@pytest.fixture
def course(area: LocalArea) -> Course:
    """Primaries of 30 staff where 20, 3, nobody and 18 have done it; a nursery where all 6 have."""
    make_schools(area, primaries=4, secondaries=0)
    staff_schools(area, size=30)
    made = make_course(area, "Autism practice")
    done = {"Primary 00": 20, "Primary 01": 3, "Skylark Nursery": 6, "Primary 03": 18}
    done |= {"Thistledown": 12, "Fernhollow": 15}
    for name, number in done.items():
        people = Post.objects.filter(organisation__name=name).values_list("person", flat=True)
        record_course(made, sorted(people)[:number], dt.date(2026, 3, 2))
    return made


def test_coverage_shows_denominators_and_hides_small_numbers(
    course: Course, director: Client
) -> None:
    rows = {row[0]: row[2:] for row in rows_of(director.get("/impact/coverage.csv"))[1:]}

    assert rows["Primary 03"] == ["20", "30", "67"]
    assert rows["Primary 01"] == ["hidden"] * 3
    assert rows["Skylark Nursery"] == ["hidden"] * 3
    # 3 of 30 alone would follow from its phase's total: a second primary hides with it.
    assert rows["Primary 00"] == ["hidden"] * 3
    page = director.get("/impact/coverage/").content.decode()
    assert "20 of 30, 67&nbsp;%" in page
    assert "not a league table" in page


def test_non_participants_name_only_settings_whose_figures_may_show(
    course: Course, director: Client
) -> None:
    page = director.get("/impact/non-participants/").content.decode()

    assert "Primary 02" in page
    assert "Primary 01" not in page
    assert "Skylark" not in page
    assert "settings are left out because the figures are too small to show" in page


def test_nothing_hidden_is_recovered_by_filters_pages_sorting_files_or_dates(
    course: Course, director: Client
) -> None:
    hidden = {row[0] for row in rows_of(director.get("/impact/coverage.csv")) if row[2] == "hidden"}
    assert {"Primary 01", "Skylark Nursery"} <= hidden
    attempts = [
        f"/impact/coverage.csv?{query}"
        for query in (
            "group=Primary+schools",
            "group=Nursery+schools",
            "group=Special+schools",
            "order_by=count",
            "as_at=2026-03-01",
            f"course={course.pk}&page=2",
            "min=3&max=3",
        )
    ]
    for address in attempts:
        shown = rows_of(director.get(address))[1:]
        leaked = [row for row in shown if row[0] in hidden and row[2] != "hidden"]
        assert leaked == [], address
    whole = rows_of(director.get("/impact/coverage.csv"))[1:]
    parts = [
        row
        for name in ("Primary", "Nursery", "Special")
        for row in rows_of(director.get(f"/impact/coverage.csv?group={name}+schools"))[1:]
    ]
    assert sorted(map(tuple, parts)) == sorted(map(tuple, whole))
    for page in ("/impact/", "/impact/coverage/", "/impact/coverage/?group=Nursery+schools"):
        text = director.get(page).content.decode()
        assert "6 of 6" not in text
        assert "3 of 30" not in text


def test_coverage_counts_today_s_posts_and_standing_records_only(
    course: Course, director: Client
) -> None:
    from cpd_tracking.services.records import withdraw_record

    for post in Post.objects.filter(organisation__name="Primary 03").order_by("person")[:6]:
        withdraw_record(source_uid=f"test:{course.pk}:{post.person_id}", at=AT)
    rows = {row[0]: row[2:] for row in rows_of(director.get("/impact/coverage.csv"))[1:]}
    assert rows["Primary 03"][0] == "10"


def test_the_nursery_and_the_smallest_special_school_are_hidden_in_every_year(
    area: LocalArea, director: Client
) -> None:
    make_schools(area)
    build_outcomes(area, 7)
    quiet = SchoolOutcome.objects.filter(organisation__name__in=["Skylark Nursery", "Thistledown"])
    assert quiet.count() == 20
    assert all(1 <= row.pupils_suspended <= 5 for row in quiet)

    pages = [director.get(f"/impact/settings/?page={n}").content.decode() for n in (1, 2, 3)]
    rows = "".join(pages)
    for name in ("Skylark Nursery", "Thistledown"):
        row = rows[rows.index(f'<th scope="row">{name}') :].split("</tr>")[0]
        assert "Hidden" in row
    assert "not a league table" in rows
    row = rows[rows.index('<th scope="row">High 12') :].split("</tr>")[0]
    assert "&nbsp;%" in row


# --- questions ------------------------------------------------------------------------------------


def make_plan(
    area: LocalArea, by: Any, title: str = "ELSA initial", **changes: Any
) -> EvaluationPlan:
    course = Course.objects.filter(local_area=area, title=title).first() or make_course(area, title)
    facts = {
        "question": "Did schools with an ELSA suspend less?",
        "course": course,
        "threshold": Threshold.ONE_PERSON,
        "outcome": Outcome.SUSPENSIONS,
        "school_group": SchoolGroup.PRIMARY,
        "first_year": 2016,
        "last_year": 2024,
    }
    return write_plan(local_area=area, asked=Question(**(facts | changes)), by=by, at=AT)


def test_a_question_is_written_locked_run_and_answered(area: LocalArea, director: Client) -> None:
    course = make_course(area, "ELSA initial")
    for year in range(2016, 2026):
        SchoolOutcomeFactory(organisation=OrganisationFactory(local_area=area), year=year)
    written = director.post(
        "/impact/questions/new/",
        {
            "question": "Did schools with an ELSA suspend less?",
            "course": course.pk,
            "threshold": "one_person",
            "outcome": "suspensions",
            "school_group": "primary",
            "pupil_group": "all",
            "first_year": "2016",
            "last_year": "2024",
        },
    )
    plan = EvaluationPlan.objects.get()
    assert written.headers["Location"] == f"/impact/questions/{plan.pk}/"
    draft = director.get(f"/impact/questions/{plan.pk}/").content.decode()
    assert "Lock the question" in draft
    assert "Check and answer" not in draft

    director.post(f"/impact/questions/{plan.pk}/lock/")
    locked = director.get(f"/impact/questions/{plan.pk}/").content.decode()
    assert "Check and answer" in locked
    assert "Locked" in locked

    director.post(f"/impact/questions/{plan.pk}/run/")
    analysis = Analysis.objects.get()
    waiting = director.get(f"/impact/questions/{plan.pk}/").content.decode()
    assert "Running: this takes up to a minute" in waiting
    assert 'hx-trigger="every 3s"' in waiting

    from impact.services.evaluation import do_analysis

    do_analysis(analysis_id=analysis.pk, at=AT)
    fragment = director.get(f"/impact/questions/{plan.pk}/state/")
    assert fragment.headers["HX-Refresh"] == "true"
    answer = director.get(f"/impact/questions/{plan.pk}/").content.decode()
    assert "too few schools or years" in answer
    assert "Not enough schools or years to say" in answer
    assert "Groups are too small to show" in answer
    assert "<polyline" not in answer


def test_a_run_of_a_draft_is_refused_in_words(area: LocalArea, director: Client) -> None:
    plan = make_plan(area, make_director(area, "b@merrowdale.example"))
    page = director.post(f"/impact/questions/{plan.pk}/run/", follow=True).content.decode()
    assert "Lock the question first" in page
    assert not Analysis.objects.exists()


def test_pupil_groups_without_a_return_cannot_be_chosen(area: LocalArea, director: Client) -> None:
    page = director.get("/impact/questions/new/").content.decode()
    assert "DfE publishes no figures by SEN provision for each school" in page
    assert page.count(" disabled") == 2


def test_get_never_locks_or_runs(area: LocalArea, director: Client) -> None:
    plan = make_plan(area, make_director(area, "b@merrowdale.example"))
    for path in ("lock", "run"):
        assert director.get(f"/impact/questions/{plan.pk}/{path}/").status_code == 405
    plan.refresh_from_db()
    assert plan.status == PlanStatus.DRAFT


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_of_questions_asks_the_database_the_same_for_1_and_30(
    area: LocalArea, director: Client, django_assert_num_queries: Any, number: int
) -> None:
    by = make_director(area, "b@merrowdale.example")
    for n in range(number):
        plan = lock_plan(plan=make_plan(area, by, question=f"Question {n}?"), by=by, at=AT)
        Analysis.objects.create(
            plan=plan,
            status=AnalysisStatus.DONE,
            requested_at=AT,
            finished_at=AT,
            seed=1,
            grade="descriptive",
            answer="We can't tell.",
        )
    with django_assert_num_queries(QUESTION_LIST_QUERIES):
        page = director.get("/impact/questions/")
    assert page.content.decode().count("A description only") == number


@pytest.mark.parametrize("number", [1, 30])
def test_coverage_asks_the_database_the_same_for_1_and_30_schools(
    area: LocalArea, director: Client, django_assert_num_queries: Any, number: int
) -> None:
    make_schools(area, primaries=number, secondaries=0)
    staff_schools(area)
    course = make_course(area, "Autism practice")
    people = Post.objects.filter(organisation__name="Primary 00").values_list("person", flat=True)
    record_course(course, list(people)[:7], dt.date(2026, 3, 2))
    assert Organisation.objects.in_area(area).filter(phase="primary").count() == number
    with django_assert_num_queries(COVERAGE_QUERIES):
        director.get("/impact/coverage/")
    with django_assert_num_queries(NON_PARTICIPANT_QUERIES):
        director.get("/impact/non-participants/")


QUESTION_LIST_QUERIES = 8
COVERAGE_QUERIES = 13
NON_PARTICIPANT_QUERIES = 13


def test_web_processes_do_not_load_the_heavy_libraries() -> None:
    code = (
        "import django; django.setup(); import impact.urls, impact.deliveries, impact.tasks, sys;"
        "print([m for m in ('pandas', 'pyfixest', 'diff_diff', 'scipy', 'statsmodels', 'numpy')"
        " if m in sys.modules])"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings.test", "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=environment,
        cwd=Path(__file__).parents[2],
        check=True,
    )
    assert done.stdout.strip().splitlines()[-1] == "[]"
