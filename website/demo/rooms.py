"""The parts of the demo that several rooms make together: learning, and what came of it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from courses.demo import courses_by_number
from cpd_tracking.demo import build_requirements, rebuild_area, record_in_bulk
from cpd_tracking.enums import RecordKind, RecordSource
from cpd_tracking.models import Topic
from cpd_tracking.services.records import Learned
from impact.demo import (
    AUTISM,
    EBSA,
    ELSA,
    TRAUMA,
    build_area_series,
    build_outcomes,
    cohort_plan,
    planned_records,
)
from impact.services.importing import import_la_panel, import_neighbours
from website.demo.questions import ask_questions
from website.demo.training import Registrar, last_september, learned_by_all

if TYPE_CHECKING:
    from website.demo.merrowdale import World

# Records begin with the school year 2021/22, as the courses do.
_FIRST_YEARS = dt.timedelta(days=1_900)
# Training that bears from 2025 on comes after what the questions ask about.
LAST_YEAR_ASKED = 2024


def build_learning(world: World) -> None:
    """Enter the rules, write everybody's records set-wise, then work out every obligation once."""
    courses = courses_by_number(world.area)
    build_requirements(world.area, courses, world.today)
    first_day = world.today - _FIRST_YEARS
    if world.stage == "term":
        # Enough of the years before for renewals to be due; nobody's whole history.
        first_day = last_september(world.today) - dt.timedelta(days=730)
    registrar = Registrar(
        courses=courses,
        topics={topic.key: topic for topic in Topic.objects.filter(local_area=world.area)},
        today=world.today,
        rng=world.rng("training"),
        first_day=first_day,
    )
    learned = list(learned_by_all(registrar, local_area=world.area, people=world.people))
    record_in_bulk(learned, at=world.at, rebuild=False)
    rebuild_area(world.area, world.today)


def build_impact(world: World) -> None:
    """Write the cohorts' training and the outcomes in which their known truth is planted."""
    plan = cohort_plan(world.area, world.seed)
    record_in_bulk(_cohort_records(world), at=world.at, rebuild=False)
    build_outcomes(world.area, world.seed, plan=plan)
    build_area_series(world.area, world.seed)
    _import_open_data(world)
    ask_questions(
        local_area=world.area,
        courses=courses_by_number(world.area),
        by=world.people["ruth"],
        last_year=LAST_YEAR_ASKED,
        at=world.at,
        rng=world.rng("questions"),
        # The two whose answers need no long estimation are enough for a sample.
        numbers=(TRAUMA, EBSA) if world.stage == "sample" else (ELSA, AUTISM, TRAUMA, EBSA),
    )


def _import_open_data(world: World) -> None:
    """Import the published panel and neighbours where a folder of open data is named.

    They are real files that this project does not carry (docs/settings.md, WAYMARK_OPEN_DATA).
    """
    folder = Path(os.environ.get("WAYMARK_OPEN_DATA", "")) / "dfe"
    panel = folder / "la_inclusion_panel.csv"
    neighbours = folder / "statistical_neighbours_2025_long.csv"
    if panel.is_file() and neighbours.is_file():
        import_la_panel(path=panel, at=world.at)
        import_neighbours(path=neighbours, at=world.at)


def _cohort_records(world: World) -> Iterator[Learned]:
    courses = courses_by_number(world.area)
    plan = cohort_plan(world.area, world.seed)
    for row in planned_records(world.area, world.seed, plan=plan):
        course = courses[row.course_number]
        version = course.current_version
        if version is None:
            continue
        yield Learned(
            person_id=row.person_id,
            kind=RecordKind.COURSE,
            title=str(course),
            occurred_on=row.occurred_on,
            hours=version.cpd_hours,
            source=RecordSource.ATTESTED_BY_TRAINER,
            source_uid=f"demo:cohort:{row.course_number}:{row.person_id}",
            course_id=course.pk,
            course_version_id=version.pk,
        )
