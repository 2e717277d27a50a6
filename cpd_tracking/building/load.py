"""Reads the facts the engine needs, for a set of people, in a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Q

from accounts.models import Organisation, OrganisationConversion, Post
from cpd_tracking.engine.dates import SchoolTerm
from cpd_tracking.engine.facts import (
    Calendar,
    PauseFact,
    PostFact,
    RecordFact,
    Rule,
    RuleVersion,
)
from cpd_tracking.models import (
    Extension,
    Horizon,
    LearningRecord,
    Pause,
    RequirementVersion,
    Term,
    TrainingRequirement,
)

T = TypeVar("T")


class ByPerson(defaultdict[int, list[T]], Generic[T]):
    """Rows gathered under their person."""

    def __init__(self) -> None:
        super().__init__(list)


@dataclass(frozen=True)
class Facts:
    """Everything the engine may know about a set of people."""

    posts: ByPerson[PostFact]
    records: ByPerson[RecordFact]
    pauses: ByPerson[PauseFact]
    extensions: dict[tuple[int, int, int | None], dict[dt.date, dt.date]]


def load_rules(requirement_ids: Collection[int] | None = None) -> list[Rule]:
    """Return rules with their versions in order of date; those without versions bind nobody."""
    requirements = TrainingRequirement.objects.order_by("pk")
    if requirement_ids is not None:
        requirements = requirements.filter(pk__in=requirement_ids)
    versions: ByPerson[RuleVersion] = ByPerson()
    rows = RequirementVersion.objects.order_by("requirement_id", "valid_from")
    if requirement_ids is not None:
        rows = rows.filter(requirement__in=requirement_ids)
    for row in rows:
        versions[row.requirement_id].append(_version(row))
    return [
        Rule(pk, local_area_id, subject_kind, tuple(versions[pk]))
        for pk, local_area_id, subject_kind in requirements.values_list(
            "pk", "local_area_id", "subject_kind"
        )
        if versions[pk]
    ]


def _version(row: RequirementVersion) -> RuleVersion:
    same = (
        "valid_from", "valid_to", "basis", "audience", "trigger", "trigger_on", "due_unit",
        "due_count", "due_month", "due_day", "cycle_month", "cycle_day", "validity_months",
        "anchor", "window_days", "grace_days", "may_pause", "demands_score",
        "earlier_records_count", "satisfied_by", "exempt_if",
    )  # fmt: skip
    return RuleVersion(version_id=row.pk, **{name: getattr(row, name) for name in same})


def load_calendars(local_area_ids: Collection[int], at: dt.date) -> dict[int, Calendar]:
    """Return each area's calendar; the horizon is stored the first time it is asked for."""
    terms: ByPerson[SchoolTerm] = ByPerson()
    for term in Term.objects.filter(local_area__in=local_area_ids).order_by("starts_on"):
        terms[term.local_area_id].append(
            SchoolTerm(
                term.starts_on, term.ends_on, term.half_term_starts_on, term.half_term_ends_on
            )
        )
    days = dict(
        Horizon.objects.filter(local_area__in=local_area_ids).values_list("local_area", "day")
    )
    for area in local_area_ids:
        if area not in days:
            horizon, _ = Horizon.objects.get_or_create(
                local_area_id=area, defaults={"day": end_of_next_academic_year(at)}
            )
            days[area] = horizon.day
    return {area: Calendar(tuple(terms[area]), days[area]) for area in local_area_ids}


def end_of_next_academic_year(day: dt.date) -> dt.date:
    """Return 31 August after the academic year (from 1 September) that follows the day's own."""
    return dt.date(day.year + (2 if day.month >= 9 else 1), 8, 31)


def load_facts(person_ids: Collection[int], rules: Collection[Rule]) -> Facts:
    """Return the facts of these people that can bear on these rules; five queries at most."""
    courses, topics = _what_satisfies(rules)
    return Facts(
        posts=_posts(person_ids, _lineages() if _asks_for_organisations(rules) else {}),
        records=_records(person_ids, courses, topics),
        pauses=_pauses(person_ids),
        extensions=_extensions(person_ids, [rule.requirement_id for rule in rules]),
    )


def _what_satisfies(rules: Collection[Rule]) -> tuple[set[int], set[int]]:
    alternatives = [
        alternative
        for rule in rules
        for version in rule.versions
        for alternative in version.satisfied_by
    ]
    return (
        {item["course"] for item in alternatives if "course" in item},
        {item["topic"] for item in alternatives if "topic" in item},
    )


def _lineages() -> dict[int, frozenset[int]]:
    """Each organisation with everything above it, and the schools it was.

    So a rule of a parent binds its teams, and a rule of a school goes on when it becomes another.
    """
    above: ByPerson[int] = ByPerson()
    parents = Organisation.objects.filter(parent__isnull=False).order_by()
    became = OrganisationConversion.objects.order_by()
    for pk, other in parents.values_list("pk", "parent_id").union(
        became.values_list("successor_id", "predecessor_id"), all=True
    ):
        above[pk].append(other)
    found: dict[int, frozenset[int]] = {}
    for pk in list(above):
        reached, waiting = {pk}, [pk]
        while waiting:
            further = [other for other in above.get(waiting.pop(), ()) if other not in reached]
            reached.update(further)
            waiting.extend(further)
        found[pk] = frozenset(reached)
    return found


_POST_FIELDS = (
    "pk", "person_id", "organisation_id", "job_role", "starts_on", "ends_on",
    "organisation__kind", "organisation__phase", "organisation__ward",
    "organisation__local_area_id",
)  # fmt: skip


def _asks_for_organisations(rules: Collection[Rule]) -> bool:
    return any("organisations" in version.audience for rule in rules for version in rule.versions)


def _posts(person_ids: Collection[int], lineages: dict[int, frozenset[int]]) -> ByPerson[PostFact]:
    posts: ByPerson[PostFact] = ByPerson()
    rows: Any = (
        Post.objects.filter(person__in=person_ids)
        .order_by("starts_on", "pk")
        .values_list(*_POST_FIELDS, "handles_personal_data", "is_employment", "term_time_only")
    )
    for row in rows.iterator(5000):
        lineage = lineages.get(row[2]) or frozenset((row[2],))
        posts[row[1]].append(PostFact(*(*row[:10], lineage, *row[10:])))
    return posts


def _records(
    person_ids: Collection[int], courses: set[int], topics: set[int]
) -> ByPerson[RecordFact]:
    records: ByPerson[RecordFact] = ByPerson()
    rows = (
        LearningRecord.objects.standing()
        .filter(Q(course__in=courses) | Q(topic__in=topics), person__in=person_ids)
        .order_by("occurred_on", "pk")
        .values_list(
            "pk", "person_id", "occurred_on", "source", "course_id", "topic_id", "began_on",
            "valid_until", "is_reviewed",
        )
    )  # fmt: skip
    for row in rows.iterator(5000):
        records[row[1]].append(RecordFact(*row))
    return records


def _pauses(person_ids: Collection[int]) -> ByPerson[PauseFact]:
    pauses: ByPerson[PauseFact] = ByPerson()
    rows = Pause.objects.filter(person__in=person_ids).order_by("starts_on", "pk")
    for row in rows.values_list("person_id", "post_id", "starts_on", "ends_on"):
        pauses[row[0]].append(PauseFact(*row))
    return pauses


def _extensions(
    person_ids: Collection[int], requirement_ids: Collection[int]
) -> dict[tuple[int, int, int | None], dict[dt.date, dt.date]]:
    """By person, requirement and post: period start to due date; the one recorded last wins."""
    found: dict[tuple[int, int, int | None], dict[dt.date, dt.date]] = defaultdict(dict)
    rows: Any = Extension.objects.filter(
        person__in=person_ids, requirement__in=requirement_ids
    ).order_by("recorded_at", "pk")
    for person, requirement, post, starts_on, due_on in rows.values_list(
        "person_id", "requirement_id", "post_id", "period_starts_on", "due_on"
    ):
        found[(person, requirement, post)][starts_on] = due_on
    return found
