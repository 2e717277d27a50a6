"""Coverage: how many of the people in scope have done a course, as an aggregated viewer may see it.

One suppression pattern is worked out for a course over all settings and phases; every filter,
sort, page, file and total is taken from it and never computed again.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from accounts.enums import SCHOOL_KINDS
from accounts.models import LocalArea, Organisation, Post
from courses.models import Course
from cpd_tracking.models import LearningRecord
from impact.selectors.settings import GROUPS, rules_of, settings_of
from impact.stats.suppression import Cell, Published, protect_tree


@dataclass(frozen=True, slots=True)
class SettingCoverage:
    """A setting's coverage as it may be shown."""

    organisation_id: int
    name: str
    group: str
    figure: Published


@dataclass(frozen=True, slots=True)
class GroupCoverage:
    """A kind of setting: how many settings, and its coverage as it may be shown."""

    name: str
    settings: int
    figure: Published


@dataclass(frozen=True, slots=True)
class Coverage:
    """A course's coverage on a day: the settings, their groups and the whole."""

    course: Course
    as_at: dt.date
    settings: tuple[SettingCoverage, ...]
    groups: tuple[GroupCoverage, ...]
    whole: Published

    @property
    def whole_words(self) -> str:
        """Return the whole as a percentage, or that it is hidden."""
        return percent_words(self.whole)

    @property
    def whole_denominator(self) -> str:
        """Return the whole as counts."""
        return denominator_words(self.whole)

    @property
    def untouched(self) -> list[SettingCoverage]:
        """List the settings where nobody has done the course, of those whose figures may show."""
        return [row for row in self.settings if row.figure.count == 0]

    @property
    def hidden(self) -> int:
        """Count the settings whose figures are hidden."""
        return sum(row.figure.is_hidden for row in self.settings)


@dataclass(frozen=True, slots=True)
class CourseCoverage:
    """One course's figure for the whole area; `untouched` counts shown settings with nobody."""

    course: Course
    whole: Published
    settings: int
    untouched: int

    @property
    def percent_words(self) -> str:
        """Return the figure as a percentage, or that it is hidden."""
        return percent_words(self.whole)

    @property
    def denominator(self) -> str:
        """Return the figure as counts."""
        return denominator_words(self.whole)

    @property
    def query(self) -> str:
        """Return the query that chooses the course."""
        return f"?course={self.course.pk}"


def percent_words(figure: Published) -> str:
    """Write a figure as a percentage, or that it is hidden."""
    return "Hidden" if figure.percent is None else f"{figure.percent}\u00a0%"


def denominator_words(figure: Published) -> str:
    """Write a figure as a count of its denominator."""
    if figure.is_hidden:
        return "too small to show"
    return f"about {figure.count:,} of {figure.base:,} staff"


def coverage(local_area: LocalArea, course: Course, as_at: dt.date) -> Coverage:
    """Give a course's coverage of the staff of the area's schools on a day; three queries."""
    settings = settings_of(local_area)
    people = _people(local_area, as_at)
    return _cover(local_area, course, as_at, settings, people, _trained(course.pk, as_at))


def coverage_by_course(local_area: LocalArea, as_at: dt.date) -> list[CourseCoverage]:
    """Give every course's figure for the whole area; four queries, whatever the courses."""
    settings = settings_of(local_area)
    people = _people(local_area, as_at)
    done: dict[int, set[int]] = defaultdict(set)
    records = LearningRecord.objects.standing().filter(
        course__local_area=local_area, occurred_on__lte=as_at
    )
    for course_id, person in records.values_list("course_id", "person_id").distinct():
        done[course_id].add(person)
    found = []
    for course in Course.objects.filter(local_area=local_area).order_by("title"):
        cover = _cover(local_area, course, as_at, settings, people, done[course.pk])
        found.append(CourseCoverage(course, cover.whole, len(settings), len(cover.untouched)))
    return found


def _people(local_area: LocalArea, as_at: dt.date) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    posts = Post.objects.held_on(as_at).filter(
        organisation__local_area=local_area, organisation__kind__in=SCHOOL_KINDS
    )
    for organisation, person in posts.values_list("organisation_id", "person_id"):
        found[organisation].add(person)
    return found


def _trained(course_id: int, as_at: dt.date) -> set[int]:
    records = LearningRecord.objects.standing().filter(course=course_id, occurred_on__lte=as_at)
    return set(records.values_list("person_id", flat=True))


def _cover(
    local_area: LocalArea,
    course: Course,
    as_at: dt.date,
    settings: list[tuple[Organisation, str]],
    people: dict[int, set[int]],
    trained: set[int],
) -> Coverage:
    grouped: dict[str, list[Organisation]] = defaultdict(list)
    for organisation, group in settings:
        grouped[group].append(organisation)
    names = [name for _, name in GROUPS if name in grouped]
    cells = [
        [Cell(len(people[org.pk] & trained), len(people[org.pk])) for org in grouped[name]]
        for name in names
    ]
    members, totals, whole = protect_tree(cells, rules_of(local_area))
    rows = [
        SettingCoverage(org.pk, org.name, name, figure)
        for name, figures in zip(names, members, strict=True)
        for org, figure in zip(grouped[name], figures, strict=True)
    ]
    return Coverage(
        course,
        as_at,
        tuple(sorted(rows, key=lambda row: row.name)),
        tuple(
            GroupCoverage(name, len(grouped[name]), figure)
            for name, figure in zip(names, totals, strict=True)
        ),
        whole,
    )
