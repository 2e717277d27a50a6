"""Write learning records: record, correct, withdraw; each brings obligations up to date at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from core import clock
from cpd_tracking.building import Built, build_obligations
from cpd_tracking.enums import RecordKind, RecordSource
from cpd_tracking.models import LearningRecord, RequirementVersion
from cpd_tracking.services.certificates import certify_new_record


class UnableToRecord(Exception):
    """The record cannot be written; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Learned:
    """One thing one person did, as a caller tells it; fields as on LearningRecord."""

    person_id: int
    kind: str
    title: str
    occurred_on: dt.date
    hours: Decimal
    source: str
    source_uid: str
    course_id: int | None = None
    course_version_id: int | None = None
    topic_id: int | None = None
    meeting_id: int | None = None
    session_id: int | None = None
    organisation_id: int | None = None
    began_on: dt.date | None = None
    score_scaled: float | None = None
    is_reviewed: bool = False
    valid_until: dt.date | None = None

    def facts(self) -> dict[str, Any]:
        """Return what two tellings of one fact are compared by, and a record is made from."""
        return {
            name: getattr(self, name) for name in self.__dataclass_fields__ if name != "source_uid"
        }


# Kinds of record that earn a certificate at once: Waymark or a trainer vouches for them.
_CERTIFIED_SOURCES = (
    RecordSource.SERVER_SCORED,
    RecordSource.CLIENT_SCORED,
    RecordSource.ATTESTED_BY_TRAINER,
)


@transaction.atomic
def record_learning(*, learned: Learned, at: dt.datetime, by: User | None = None) -> LearningRecord:
    """Write a record, or correct the one of the same `source_uid`; the same news twice is one.

    Obligations of the person that it can satisfy are right when this returns. Raises
    UnableToRecord for a day in the future.
    """
    if learned.occurred_on > clock.london_date(at):
        raise UnableToRecord("The date is in the future.")
    User.objects.select_for_update(no_key=True).get(pk=learned.person_id)
    told = list(LearningRecord.objects.filter(origin_uid=learned.source_uid).order_by("pk"))
    standing = told[-1] if told and not told[-1].is_withdrawal else None
    if standing is not None and _same(standing, learned):
        return standing
    record = LearningRecord.objects.create(
        **learned.facts(),
        source_uid=_next_uid(learned.source_uid, len(told)),
        origin_uid=learned.source_uid,
        supersedes=standing,
        recorded_at=at,
        recorded_by=by,
    )
    rebuild_after([learned], extra=[standing] if standing else (), at=at)
    if (
        learned.kind == RecordKind.COURSE
        and learned.course_id is not None
        and learned.source in _CERTIFIED_SOURCES
    ):
        certify_new_record(record=record, at=at)
    return record


@transaction.atomic
def withdraw_record(
    *, source_uid: str, at: dt.datetime, by: User | None = None
) -> LearningRecord | None:
    """Withdraw what was recorded under the uid; obligations follow. None if nothing stands."""
    standing = LearningRecord.objects.standing().filter(origin_uid=source_uid).first()
    if standing is None:
        return None
    User.objects.select_for_update(no_key=True).get(pk=standing.person_id)
    told = LearningRecord.objects.filter(origin_uid=source_uid).count()
    withdrawal = LearningRecord.objects.create(
        **{
            name: getattr(standing, name)
            for name in Learned.__dataclass_fields__
            if name != "source_uid"
        },
        source_uid=_next_uid(source_uid, told),
        origin_uid=source_uid,
        supersedes=standing,
        is_withdrawal=True,
        recorded_at=at,
        recorded_by=by,
    )
    standing.certificates.standing().update(
        revoked_at=at, revoked_because="The record was withdrawn."
    )
    rebuild_after([], extra=[standing], at=at)
    return withdrawal


@transaction.atomic
def record_many(
    *,
    learned: Iterable[Learned],
    at: dt.datetime,
    by: User | None = None,
    rebuild: bool = True,
) -> Built:
    """Write many records set-wise and rebuild those people once; uids already known are skipped.

    For attested sessions, imports and the demo. No certificates: they are issued when asked for.
    """
    rows = list({row.source_uid: row for row in learned}.values())
    future = [row for row in rows if row.occurred_on > clock.london_date(at)]
    if future:
        raise UnableToRecord("The date is in the future.")
    people = sorted({row.person_id for row in rows})
    if not people:
        return Built()
    known: set[str] = set()
    uids = [row.source_uid for row in rows]
    for start in range(0, len(uids), 5000):
        known.update(
            LearningRecord.objects.filter(source_uid__in=uids[start : start + 5000]).values_list(
                "source_uid", flat=True
            )
        )
    fresh = [row for row in rows if row.source_uid not in known]
    LearningRecord.objects.bulk_create(
        (
            LearningRecord(
                **row.facts(),
                source_uid=row.source_uid,
                origin_uid=row.source_uid,
                recorded_at=at,
                recorded_by=by,
            )
            for row in fresh
        ),
        batch_size=1000,
    )
    if not rebuild:
        return Built()
    return rebuild_after(fresh, at=at)


def rebuild_after(
    learned: Iterable[Learned], *, extra: Iterable[LearningRecord] = (), at: dt.datetime
) -> Built:
    """Rebuild the people of these records, for the rules the records can bear on."""
    rows: list[Learned | LearningRecord] = [*learned, *extra]
    requirement_ids = affected_requirements(
        course_ids={row.course_id for row in rows if row.course_id},
        topic_ids={row.topic_id for row in rows if row.topic_id},
    )
    if not requirement_ids:
        return Built()
    return build_obligations(
        person_ids={row.person_id for row in rows},
        requirement_ids=requirement_ids,
        at=clock.london_date(at),
    )


def affected_requirements(
    *, course_ids: Collection[int], topic_ids: Collection[int] = ()
) -> set[int]:
    """Return ids of requirements that one of the courses or topics can satisfy."""
    if not course_ids and not topic_ids:
        return set()
    return {
        requirement_id
        for requirement_id, alternatives in RequirementVersion.objects.order_by().values_list(
            "requirement_id", "satisfied_by"
        )
        for item in alternatives
        if item.get("course") in course_ids or item.get("topic") in topic_ids
    }


def _same(record: LearningRecord, learned: Learned) -> bool:
    return all(getattr(record, name) == value for name, value in learned.facts().items())


def _next_uid(source_uid: str, told: int) -> str:
    return source_uid if told == 0 else f"{source_uid}#{told + 1}"
