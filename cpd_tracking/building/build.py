"""Works out obligations for a set of people and rules, and writes only what differs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from itertools import islice

from django.db import transaction

from accounts.models import LocalArea, Post, User
from core import bulk
from cpd_tracking.building.load import Facts, load_calendars, load_facts, load_rules
from cpd_tracking.engine.audience import scopes_of_person, scopes_of_posts
from cpd_tracking.engine.facts import Calendar, Period, Rule
from cpd_tracking.engine.periods import periods_for
from cpd_tracking.models import Obligation, SatisfyingRecord

CHUNK = 2_000  # people worked out at a time: bounds memory, whatever the borough

Key = tuple[int, int | None, int | None, dt.date]  # requirement, person, post, starts_on
_DATES = tuple(
    field.name for field in fields(Period) if field.name not in ("starts_on", "record_ids")
)


@dataclass(frozen=True)
class Built:
    """How many obligations were written, changed and taken away; all 0 when nothing changed."""

    created: int = 0
    updated: int = 0
    deleted: int = 0

    def __add__(self, other: Built) -> Built:
        return Built(
            self.created + other.created,
            self.updated + other.updated,
            self.deleted + other.deleted,
        )

    def __bool__(self) -> bool:
        return bool(self.created or self.updated or self.deleted)


@dataclass(frozen=True)
class _Row:
    """An obligation as it should be, or as it is (`pk`)."""

    learner_id: int
    values: tuple[object, ...]
    record_ids: tuple[int, ...]
    pk: int = 0


def build_obligations(
    *,
    person_ids: Collection[int] | None = None,
    requirement_ids: Collection[int] | None = None,
    local_area: LocalArea | None = None,
    at: dt.date,
) -> Built:
    """Bring obligations up to date with the facts, in one transaction; return what changed.

    Rebuilds the given people, or without them everyone with a post (in `local_area`), for the
    given requirements or all. `at` only matters the first time, for the calendar's horizon.
    People are locked, so two builds of one person follow each other.
    """
    rules = load_rules(requirement_ids)
    if local_area is not None:
        rules = [rule for rule in rules if rule.local_area_id == local_area.pk]
    if not rules:
        return Built()
    built = Built()
    # A savepoint of its own would cost two queries more for every completion.
    with transaction.atomic(savepoint=False):
        calendars = load_calendars({rule.local_area_id for rule in rules}, at)
        for people in _chunks(_people(person_ids, local_area)):
            list(
                User.objects.select_for_update(no_key=True)
                .filter(pk__in=people)
                .order_by("pk")
                .values_list("pk", flat=True)
            )
            built += _build_chunk(people, rules, calendars)
    return built


def compare_with_rebuild(
    *, local_area: LocalArea | None = None, at: dt.date
) -> tuple[int, list[tuple[Key, str]]]:
    """Return how many obligations a full rebuild gives, and every difference from what is stored.

    Reads only. A difference is a natural key and "missing", "surplus" or "different".
    """
    rules = load_rules()
    if local_area is not None:
        rules = [rule for rule in rules if rule.local_area_id == local_area.pk]
    calendars = load_calendars({rule.local_area_id for rule in rules}, at)
    total, differences = 0, []
    for people in _chunks(_people(None, local_area)):
        wanted = _wanted(people, rules, load_facts(people, rules), calendars)
        stored = _stored(people, [rule.requirement_id for rule in rules])
        total += len(wanted)
        for key in wanted.keys() | stored.keys():
            if key not in stored:
                differences.append((key, "missing"))
            elif key not in wanted:
                differences.append((key, "surplus"))
            elif _differs(wanted[key], stored[key]):
                differences.append((key, "different"))
    return total, differences


def _people(person_ids: Collection[int] | None, local_area: LocalArea | None) -> Iterable[int]:
    if person_ids is not None:
        return sorted(set(person_ids))
    posts = Post.objects.all()
    obligations = Obligation.objects.filter(learner__isnull=False)
    if local_area is not None:
        posts = posts.filter(organisation__local_area=local_area)
        obligations = obligations.filter(requirement__local_area=local_area)
    return sorted(
        {
            *posts.order_by().values_list("person_id", flat=True).distinct(),
            *obligations.order_by().values_list("learner_id", flat=True).distinct(),
        }
    )


def _chunks(people: Iterable[int]) -> Iterator[list[int]]:
    waiting = iter(people)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk


def _build_chunk(people: list[int], rules: list[Rule], calendars: dict[int, Calendar]) -> Built:
    wanted = _wanted(people, rules, load_facts(people, rules), calendars)
    stored = _stored(people, [rule.requirement_id for rule in rules])
    surplus = [row.pk for key, row in stored.items() if key not in wanted]
    missing = [key for key in wanted if key not in stored]
    changed = [key for key, row in wanted.items() if key in stored and _differs(row, stored[key])]
    if surplus:
        Obligation.objects.filter(pk__in=surplus).delete()
    if missing:
        _insert(missing, wanted)
    if changed:
        _update(changed, wanted, stored)
    return Built(len(missing), len(changed), len(surplus))


def _wanted(
    people: list[int], rules: list[Rule], facts: Facts, calendars: dict[int, Calendar]
) -> dict[Key, _Row]:
    rows: dict[Key, _Row] = {}
    for person in people:
        posts = facts.posts.get(person)
        if not posts:
            continue
        for rule in rules:
            if rule.subject_kind == "organisation":
                continue
            by_person = rule.subject_kind == "person"
            scopes = scopes_of_person(rule, posts) if by_person else scopes_of_posts(rule, posts)
            for scope in scopes:
                periods = periods_for(
                    rule=rule,
                    scope=scope,
                    records=facts.records.get(person, ()),
                    pauses=facts.pauses.get(person, ()),
                    extensions=facts.extensions.get(
                        (person, rule.requirement_id, scope.post_id), {}
                    ),
                    calendar=calendars[rule.local_area_id],
                )
                subject = (person, None) if by_person else (None, scope.post_id)
                for period in periods:
                    rows[(rule.requirement_id, *subject, period.starts_on)] = _Row(
                        person,
                        tuple(getattr(period, name) for name in _DATES),
                        tuple(sorted(period.record_ids)),
                    )
    return rows


def _stored(people: list[int], requirement_ids: list[int]) -> dict[Key, _Row]:
    evidence: dict[int, list[int]] = {}
    lines = SatisfyingRecord.objects.filter(
        obligation__learner__in=people, obligation__requirement__in=requirement_ids
    )
    for obligation, record in lines.values_list("obligation_id", "record_id").iterator(5000):
        evidence.setdefault(obligation, []).append(record)
    rows: dict[Key, _Row] = {}
    found = Obligation.objects.filter(learner__in=people, requirement__in=requirement_ids)
    for row in (
        found.order_by()
        .values_list(
            "pk", "requirement_id", "person_id", "post_id", "starts_on", "learner_id", *_DATES
        )
        .iterator(5000)
    ):
        rows[row[1:5]] = _Row(row[5], row[6:], tuple(sorted(evidence.get(row[0], ()))), row[0])
    return rows


def _differs(wanted: _Row, stored: _Row) -> bool:
    return (wanted.learner_id, wanted.values, wanted.record_ids) != (
        stored.learner_id,
        stored.values,
        stored.record_ids,
    )


def _obligation(key: Key, row: _Row, pk: int | None = None) -> Obligation:
    requirement_id, person_id, post_id, starts_on = key
    return Obligation(
        pk=pk,
        requirement_id=requirement_id,
        person_id=person_id,
        post_id=post_id,
        starts_on=starts_on,
        learner_id=row.learner_id,
        **dict(zip(_DATES, row.values, strict=True)),
    )


def _insert(keys: list[Key], wanted: dict[Key, _Row]) -> None:
    if len(keys) < bulk.ENOUGH:
        created = Obligation.objects.bulk_create(
            [_obligation(key, wanted[key]) for key in keys], batch_size=1000
        )
        found = {key: row.pk for key, row in zip(keys, created, strict=True)}
    else:
        found = _load(keys, wanted)
    _write_evidence((found[key], record) for key in keys for record in wanted[key].record_ids)


def _load(keys: list[Key], wanted: dict[Key, _Row]) -> dict[Key, int]:
    """Insert many rows the quick way, then read their primary keys back."""
    bulk.load_rows(
        Obligation,
        ("requirement_id", "person_id", "post_id", "starts_on", "learner_id", *_DATES),
        ((*key, wanted[key].learner_id, *wanted[key].values) for key in keys),
    )
    rows = Obligation.objects.filter(
        learner__in={wanted[key].learner_id for key in keys},
        requirement__in={key[0] for key in keys},
    ).order_by()
    return {
        row[1:]: row[0]
        for row in rows.values_list("pk", "requirement_id", "person_id", "post_id", "starts_on")
    }


def _update(keys: list[Key], wanted: dict[Key, _Row], stored: dict[Key, _Row]) -> None:
    bulk.update_rows(
        Obligation,
        ("learner_id", *_DATES),
        ((stored[key].pk, wanted[key].learner_id, *wanted[key].values) for key in keys),
    )
    moved = [key for key in keys if wanted[key].record_ids != stored[key].record_ids]
    if not moved:
        return
    SatisfyingRecord.objects.filter(obligation__in=[stored[key].pk for key in moved]).delete()
    _write_evidence((stored[key].pk, record) for key in moved for record in wanted[key].record_ids)


def _write_evidence(pairs: Iterable[tuple[int, int]]) -> None:
    lines = list(pairs)
    if len(lines) >= bulk.ENOUGH:
        bulk.load_rows(SatisfyingRecord, ("obligation_id", "record_id"), lines)
        return
    SatisfyingRecord.objects.bulk_create(
        SatisfyingRecord(obligation_id=obligation, record_id=record) for obligation, record in lines
    )
