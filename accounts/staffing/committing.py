"""Commits a list: one transaction, planned again under lock; killed half-way it never was."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts import audit
from accounts.enums import ImportState
from accounts.models import Organisation, StaffImport, User
from accounts.staffing.drafting import can_import, refresh_plan, without_people
from accounts.staffing.plan import Plan
from accounts.staffing.writing import Stale, write_plan
from core import clock


class UnableToCommit(Exception):
    """The list cannot be imported as asked; the message says why and what to do."""


class PlanHasChanged(UnableToCommit):
    """Somebody changed these people since the preview; the preview has been made again."""


def commit_import(
    *,
    by: User | None,
    staff_import: StaffImport,
    at: dt.datetime,
    leave_out_errors: bool = False,
    ending: int | None = None,
) -> StaffImport:
    """Import a previewed list; done already, it answers with what was done.

    `leave_out_errors` says that rows with errors may be left out; `ending` is the number of posts
    that end, typed by whoever confirms, where a full list would end more than 5 % of an
    employer's. Raises PermissionDenied, UnableToCommit or PlanHasChanged; then nothing is written
    but, for the last, the new preview.
    """
    try:
        with transaction.atomic():
            committed = _commit(by, staff_import, at, leave_out_errors, ending)
            if committed is not None:
                return committed
    except (IntegrityError, Stale):
        # Somebody was quicker: the preview is made again below.
        pass
    with transaction.atomic():
        found = locked_import(staff_import)
        if found.state == ImportState.PREVIEW:
            refresh_plan(found, by=by, at=at)
            found.save(update_fields=["plan"])
    raise PlanHasChanged(
        "These people have changed since the preview was made. Nothing was imported. Look at the "
        "new preview, then import."
    )


def _commit(
    by: User | None,
    staff_import: StaffImport,
    at: dt.datetime,
    leave_out_errors: bool,
    ending: int | None,
) -> StaffImport | None:
    """Commit, or return None where the plan is not the one that was shown."""
    found = locked_import(staff_import)
    on = clock.london_date(at)
    if not can_import(by, local_area=found.local_area, organisation=found.organisation, on=on):
        raise PermissionDenied
    if found.state in (ImportState.COMMITTED, ImportState.UNDONE):
        return found
    if found.state != ImportState.PREVIEW:
        raise UnableToCommit("This list was discarded. Start with the file again.")
    shown = found.plan["digest"]
    # Two lists of one employer follow each other.
    lock_employers([employer["id"] for employer in found.plan["employers"]])
    plan = refresh_plan(found, by=by, at=at)
    if found.plan["digest"] != shown:
        return None
    _check(plan, leave_out_errors, ending)
    found.changes = write_plan(plan, local_area=found.local_area, by=by, at=at)
    found.state = ImportState.COMMITTED
    found.committed_at = at
    found.rows = []
    found.plan = without_people(found.plan)
    found.save(update_fields=["changes", "state", "committed_at", "rows", "plan"])
    audit.record(
        actor=by,
        verb="staff_import.committed",
        obj=found,
        local_area=found.local_area,
        data={"mode": found.mode, **plan.counts()},
        at=at,
    )
    return found


def locked_import(staff_import: StaffImport) -> StaffImport:
    """Return the import as it is now, locked."""
    return (
        StaffImport.objects.select_for_update(of=("self",))
        .select_related("local_area", "organisation")
        .get(pk=staff_import.pk)
    )


def lock_employers(organisation_ids: list[int]) -> None:
    """Lock the employers in the order of their keys; who only names one is not held up."""
    rows = Organisation.objects.select_for_update(no_key=True).filter(pk__in=organisation_ids)
    list(rows.order_by("pk").values_list("pk", flat=True))


def _check(plan: Plan, leave_out_errors: bool, ending: int | None) -> None:
    wrong = plan.wrong_rows
    if wrong and wrong == plan.rows:
        raise UnableToCommit("No row can be imported as it is. Mend the list and choose it again.")
    if wrong and not leave_out_errors:
        rows = "1 row" if wrong == 1 else f"{wrong:,} rows"
        raise UnableToCommit(
            f"{rows} cannot be imported. Mend the list and choose it again, or say that "
            f"{'it' if wrong == 1 else 'they'} may be left out."
        )
    if plan.demands_number and ending != plan.ending:
        raise UnableToCommit(
            f"This list would end {plan.ending:,} posts. Type that number to say that you mean it."
        )
