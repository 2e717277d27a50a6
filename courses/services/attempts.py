"""Attempts at packages: begin one, keep its place, take in what the package says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from accounts.models import User
from courses.enums import ActivityKind, AttemptStatus, Evidence
from courses.models import (
    Activity,
    Attempt,
    AttemptState,
    Enrolment,
    PackageRevision,
    Statement,
)
from courses.packages.completion import CompletionRule
from courses.packages.launch import expectation_for
from courses.packages.saving import SaveVerdict, judge_save
from courses.packages.statements import Judged, judge_statement
from courses.services.enrolments import lesson_fulfilled, lock_enrolment

MOST_STATEMENTS_A_REQUEST = 25


class UnableToAttempt(Exception):
    """The activity cannot be begun; the message says why."""


class AttemptClosed(Exception):
    """The attempt is finished or withdrawn; nothing more is taken in."""


class TooEarly(Exception):
    """The activity has not been open long enough; `seconds_left` says how long it still needs."""

    def __init__(self, seconds_left: int) -> None:
        self.seconds_left = seconds_left
        super().__init__(f"{seconds_left} seconds left.")


class StaleState(Exception):
    """Another device saved after the state this one continues; `version` is the one held."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(f"Version {version} is held.")


class StateTooLarge(Exception):
    """The state is over 1 MB."""


@dataclass
class TakenIn:
    """What became of a batch of statements: their ids, and why some were not worth keeping."""

    attempt: Attempt
    accepted: list[str] = field(default_factory=list)
    ignored: list[dict[str, str]] = field(default_factory=list)


@transaction.atomic
def open_attempt(*, person: User, activity: Activity, at: dt.datetime) -> Attempt:
    """Return the open attempt at a package, or begin one on its newest approved revision.

    Raises PermissionDenied without an open enrolment that holds the activity, UnableToAttempt when
    no revision may be played.
    """
    enrolment = enrolment_for(person, activity)
    if activity.kind != ActivityKind.PACKAGE:
        raise UnableToAttempt("This is a quiz, not a package.")
    found = Attempt.objects.open().filter(enrolment=enrolment, activity=activity).first()
    if found is not None:
        return found
    revision = (
        PackageRevision.objects.playable()
        .filter(package=activity.package_id)
        .order_by("-number")
        .first()
    )
    if revision is None:
        raise UnableToAttempt("This activity is not available at the moment.")
    return begin_attempt(enrolment=enrolment, activity=activity, revision=revision, at=at)


def enrolment_for(person: User, activity: Activity) -> Enrolment:
    """Return the person's open enrolment, locked, if its version holds the activity."""
    found = Enrolment.objects.open().filter(person=person, course=activity.course_id).first()
    if found is None:
        raise PermissionDenied
    enrolment = lock_enrolment(found.pk)
    held = {item.id for lesson in enrolment.version.outline.lessons() for item in lesson.activities}
    if enrolment.finished_at is not None or activity.pk not in held:
        raise PermissionDenied
    return enrolment


def begin_attempt(
    *,
    enrolment: Enrolment,
    activity: Activity,
    revision: PackageRevision | None,
    at: dt.datetime,
) -> Attempt:
    """Create the next attempt under the enrolment's lock, and remember the place."""
    last = enrolment.attempts.filter(activity=activity).aggregate(last=Max("number"))["last"]
    enrolment.last_lesson_id = activity.lesson_id
    enrolment.last_active_at = at
    enrolment.save(update_fields=["last_lesson", "last_active_at"])
    return Attempt.objects.create(
        person_id=enrolment.person_id,
        enrolment=enrolment,
        activity=activity,
        revision=revision,
        number=(last or 0) + 1,
        started_at=at,
    )


def lock_attempt(attempt: Attempt) -> tuple[Attempt, Enrolment]:
    """Return the attempt and its enrolment, locked in that order's reverse; raise AttemptClosed.

    The enrolment is locked first everywhere, so two requests never wait for each other in a ring.
    """
    enrolment = lock_enrolment(attempt.enrolment_id)
    locked = (
        Attempt.objects.select_for_update(of=("self",))
        .select_related("revision", "activity")
        .get(pk=attempt.pk)
    )
    if locked.status != AttemptStatus.OPEN:
        raise AttemptClosed
    if locked.revision is not None and not locked.revision.is_playable:
        raise AttemptClosed
    return locked, enrolment


@transaction.atomic
def record_statements(
    *, attempt: Attempt, statements: Sequence[tuple[UUID, Any]], at: dt.datetime
) -> TakenIn:
    """Take in a batch of (id, statement) a browser sent; the same id twice is kept once.

    Statements are rewritten and judged by courses.packages.statements; one that finishes the
    activity completes the attempt as CLIENT_ASSERTED. Statements that were kept before are
    accepted even when the attempt is finished (their answer was lost). Raises AttemptClosed.
    """
    before = set(
        Statement.objects.filter(
            attempt=attempt, uid__in=[uid for uid, _ in statements]
        ).values_list("uid", flat=True)
    )
    fresh = [(uid, statement) for uid, statement in statements if uid not in before]
    if not fresh:
        attempt.refresh_from_db()
        return TakenIn(attempt, accepted=[str(uid) for uid, _ in statements])
    locked, enrolment = lock_attempt(attempt)
    taken = TakenIn(locked, accepted=[str(uid) for uid in before])
    assert locked.revision is not None
    expectation = expectation_for(locked.revision)
    rows: dict[UUID, Statement] = {}
    finishing: Judged | None = None
    for uid, statement in fresh:
        judged = judge_statement(
            statement,
            expectation=expectation,
            actor=f"urn:uuid:{locked.uuid}",
            object_id=f"{settings.SITE_URL}/learning/activities/{locked.activity_id}",
            at=at,
            statement_id=uid,
        )
        if not judged.keep:
            taken.ignored.append({"id": str(uid), "reason": judged.reason})
            continue
        taken.accepted.append(str(uid))
        rows[uid] = Statement(
            attempt=locked, uid=uid, verb=judged.verb, statement=judged.statement, stored_at=at
        )
        if judged.completes and finishing is None:
            finishing = judged
    Statement.objects.bulk_create(rows.values(), ignore_conflicts=True)
    if finishing is not None:
        locked.raw, locked.max = finishing.raw, finishing.max
        locked.scaled, locked.success = finishing.scaled, finishing.success
        complete_attempt(
            attempt=locked, enrolment=enrolment, evidence=Evidence.CLIENT_ASSERTED, at=at
        )
    return taken


def complete_attempt(
    *, attempt: Attempt, enrolment: Enrolment, evidence: str, at: dt.datetime
) -> None:
    """Close a locked attempt as completed, and tick its lesson off if that was the last of it."""
    attempt.status = AttemptStatus.COMPLETED
    attempt.completed_at = at
    attempt.evidence = evidence
    attempt.save()
    if attempt.activity.kind == ActivityKind.QUIZ and not attempt.success:
        return
    lesson_fulfilled(attempt=attempt, enrolment=enrolment, at=at)


@transaction.atomic
def record_viewed(*, attempt: Attempt, at: dt.datetime) -> Attempt:
    """Complete content that never says it is finished: viewed long enough, or self-declared.

    Raises TooEarly by the server's clock, AttemptClosed, or UnableToAttempt for content that
    completes by its own statements.
    """
    locked, enrolment = lock_attempt(attempt)
    assert locked.revision is not None
    rule = locked.revision.rule
    if rule.by_statement:
        raise UnableToAttempt("This activity says itself when it is finished.")
    if rule is CompletionRule.VIEWED:
        needed = dt.timedelta(seconds=locked.revision.minimum_seconds)
        left = (locked.started_at + needed - at).total_seconds()
        if left > 0:
            raise TooEarly(int(left) + 1)
    complete_attempt(attempt=locked, enrolment=enrolment, evidence=Evidence.SELF_DECLARED, at=at)
    return locked


@transaction.atomic
def save_state(*, attempt: Attempt, data: str, based_on: int, save_id: str, at: dt.datetime) -> int:
    """Keep where the learner is inside a package, and return the version now held.

    Raises AttemptClosed, StaleState (saved elsewhere meanwhile) or StateTooLarge.
    """
    locked, enrolment = lock_attempt(attempt)
    held = AttemptState.objects.filter(attempt=locked).first()
    verdict = judge_save(
        held_version=held.version if held else 0,
        held_save_id=held.save_id if held else "",
        based_on=based_on,
        save_id=save_id,
        state=data,
    )
    if verdict is SaveVerdict.TOO_LARGE:
        raise StateTooLarge
    if verdict is SaveVerdict.SAME:
        assert held is not None
        return held.version
    if verdict is SaveVerdict.STALE:
        raise StaleState(held.version if held else 0)
    version = (held.version if held else 0) + 1
    AttemptState.objects.update_or_create(
        attempt=locked,
        defaults={"data": data, "version": version, "save_id": save_id, "saved_at": at},
    )
    Enrolment.objects.filter(pk=enrolment.pk).update(
        last_lesson=locked.activity.lesson_id, last_active_at=at
    )
    return version
