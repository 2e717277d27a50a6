"""How long things are kept, and their disposal: dry run, second approval, carried out by a worker.

What is kept how long is declared by each room (core.registry.Retained). Nothing that a person in
post needs to be up to date is among it: learning records go only with those who left.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import audit
from accounts.enums import RetentionState
from accounts.models import RetentionRule, RetentionRun, User
from accounts.privacy.holds import held_people
from accounts.privacy.rights import can_dispose, can_set_periods
from accounts.services.delegations import months_later
from core import clock, outbox
from core.registry import Retained, retained

DISPOSE = "privacy.dispose"
MOST_MONTHS = 1_200


class UnableToSetPeriod(Exception):
    """The period cannot be set; the message says why."""


class UnableToDispose(Exception):
    """The disposal cannot be proposed or decided; the message says why."""


@dataclass(frozen=True)
class Period:
    """How long one kind of record is kept here; `rule` is the installation's own figure."""

    kind: Retained
    rule: RetentionRule | None

    @property
    def months(self) -> int:
        """The figure that applies."""
        return self.rule.months if self.rule is not None else self.kind.months

    def begun_by(self, on: dt.date) -> dt.date:
        """Return the day on or before which the time of what is due began to run."""
        return months_later(on, -self.months)

    def due(self, on: dt.date) -> QuerySet[Any]:
        """Return the rows whose time was up on the day, but for people under a legal hold."""
        rows = self.kind.due(self.begun_by(on))
        for lookup in self.kind.people:
            held = rows.model._base_manager.filter(Q(**{f"{lookup}__in": held_people()}))
            rows = rows.exclude(pk__in=held.values("pk"))
        return rows


def periods() -> list[Period]:
    """Return every kind of record that has an end, with the figure that applies, by title."""
    rules = {rule.key: rule for rule in RetentionRule.objects.select_related("changed_by")}
    found = [Period(kind=kind, rule=rules.get(kind.key)) for kind in retained()]
    return sorted(found, key=lambda period: period.kind.title)


@transaction.atomic
def set_period(*, key: str, months: int, reason: str, by: User, at: dt.datetime) -> RetentionRule:
    """Set this installation's own figure; raises PermissionDenied or UnableToSetPeriod."""
    if not can_set_periods(by, on=clock.london_date(at)):
        raise PermissionDenied
    if key not in {kind.key for kind in retained()}:
        raise UnableToSetPeriod("There is no such kind of record.")
    if not 1 <= months <= MOST_MONTHS:
        raise UnableToSetPeriod("Enter a number of months between 1 and 1,200.")
    rule, _ = RetentionRule.objects.update_or_create(
        key=key,
        defaults={"months": months, "reason": reason, "changed_at": at, "changed_by": by},
    )
    audit.record(
        actor=by, verb="retention.changed", obj=rule, data={"key": key, "months": months}, at=at
    )
    return rule


def dry_run(on: dt.date) -> dict[str, tuple[int, str]]:
    """Return what would go on the day: for each key the number of rows and their fingerprint."""
    counts = {}
    for period in periods():
        number, digest = 0, hashlib.sha256()
        for pk in period.due(on).order_by("pk").values_list("pk", flat=True).iterator():
            number += 1
            digest.update(f"{pk}\n".encode())
        if number:
            counts[period.kind.key] = (number, digest.hexdigest())
    return counts


@transaction.atomic
def propose_run(*, by: User, at: dt.datetime) -> RetentionRun:
    """Keep today's dry run for a second person to approve.

    Raises PermissionDenied, or UnableToDispose where nothing is due or a proposal waits already.
    """
    on = clock.london_date(at)
    if not can_dispose(by, on=on):
        raise PermissionDenied
    if RetentionRun.objects.filter(state=RetentionState.PROPOSED, decided_at__isnull=True).exists():
        raise UnableToDispose("A disposal waits for a second person already.")
    counts = dry_run(on)
    if not counts:
        raise UnableToDispose("Nothing is due today.")
    run = RetentionRun.objects.create(due_on=on, counts=counts, proposed_at=at, proposed_by=by)
    audit.record(actor=by, verb="retention.proposed", obj=run, at=at)
    return run


@transaction.atomic
def decide_run(*, run: RetentionRun, approve: bool, by: User, at: dt.datetime) -> RetentionRun:
    """Approve a disposal, which a worker then carries out, or refuse it.

    Raises PermissionDenied, or UnableToDispose for one's own proposal or one decided already.
    """
    if not can_dispose(by, on=clock.london_date(at)):
        raise PermissionDenied
    run = RetentionRun.objects.select_for_update().get(pk=run.pk)
    if run.decided_at is not None or run.state != RetentionState.PROPOSED:
        raise UnableToDispose("This disposal has been decided already.")
    if run.proposed_by_id == by.pk:
        raise UnableToDispose("Disposal takes two people. Ask a colleague to look at it.")
    run.decided_at, run.decided_by = at, by
    if not approve:
        run.state = RetentionState.REFUSED
    run.save(update_fields=["decided_at", "decided_by", "state"])
    verb = "retention.approved" if approve else "retention.refused"
    audit.record(actor=by, verb=verb, obj=run, at=at)
    if approve:
        outbox.enqueue(kind=DISPOSE, key=f"{DISPOSE}:{run.pk}", payload={"run": run.pk})
    return run


@transaction.atomic
def carry_out_run(*, run_id: int, at: dt.datetime) -> RetentionRun | None:
    """Dispose of what was approved, all or nothing; what has changed since makes the run stale."""
    run = (
        RetentionRun.objects.select_for_update()
        .filter(pk=run_id, state=RetentionState.PROPOSED, decided_at__isnull=False)
        .first()
    )
    if run is None:
        return None
    found = {key: list(counted) for key, counted in dry_run(run.due_on).items()}
    if found != run.counts:
        run.state = RetentionState.STALE
    else:
        due = {period.kind.key: period for period in periods()}
        run.disposed = {
            key: due[key].kind.dispose(due[key].due(run.due_on), at) for key in run.counts
        }
        run.state = RetentionState.DONE
    run.save(update_fields=["state", "disposed"])
    audit.record(actor=None, verb=f"retention.{run.state}", obj=run, data=run.disposed, at=at)
    return run
