"""A list on its way to being imported: read, planned again, discarded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import access, audit
from accounts.enums import ImportMode, ImportState, JobRole, OrganisationStatus, Role
from accounts.models import LocalArea, Organisation, StaffImport, User
from accounts.permissions import can_manage_posts
from accounts.staffing.cells import cut
from accounts.staffing.lines import Source
from accounts.staffing.plan import Plan
from accounts.staffing.planning import plan_list
from accounts.staffing.reading import Sheet, UnreadableList, read_list
from accounts.staffing.titles import plain_title
from core import clock


class UnableToDraft(Exception):
    """The list cannot be prepared; the message says why."""


def can_import(
    user: User | None,
    *,
    local_area: LocalArea,
    organisation: Organisation | None,
    on: dt.date,
) -> bool:
    """Whether the person may import this employer's list, or without one a list of the area's.

    `user` None is a command of the installation's own staff.
    """
    if organisation is not None and organisation.local_area_id != local_area.pk:
        return False
    if user is None:
        return True
    if organisation is None:
        areas = access.areas_with_role(user, (Role.TRAINING_ADMIN,), on)
        return areas.filter(pk=local_area.pk).exists()
    return can_manage_posts(user, organisation, on=on)


def draft_import(
    *,
    by: User | None,
    local_area: LocalArea,
    organisation: Organisation | None,
    mode: str,
    content: bytes | str,
    source_name: str,
    at: dt.datetime,
    titles: Mapping[str, str] | None = None,
) -> StaffImport:
    """Read a list and keep it with its plan; nobody's data change yet.

    It takes the place of the person's earlier previews of the same employer, which are discarded:
    people's cells do not lie about while a list is mended and brought again.

    Raises PermissionDenied, UnableToDraft, or UnreadableList, which leaves an audit event and
    nothing else.
    """
    on = clock.london_date(at)
    if not can_import(by, local_area=local_area, organisation=organisation, on=on):
        raise PermissionDenied
    if organisation is not None and organisation.status == OrganisationStatus.CLOSED:
        raise UnableToDraft(f"{organisation} has closed. Import the list of its successor.")
    try:
        sheet = read_list(content)
        if organisation is None and "employer" not in sheet.recognised.columns:
            raise UnreadableList(
                "missing columns",
                "The list has no column that names the employer. Add one with the URN or the name.",
            )
    except UnreadableList as refusal:
        audit.record_refusal(
            by=by,
            what="staff_import",
            local_area=local_area,
            data={
                "why": refusal.code,
                "size": len(content),
                "organisation": organisation.pk if organisation else None,
            },
            at=at,
        )
        raise
    with transaction.atomic():
        _discard_earlier(by, local_area, organisation)
        staff_import = StaffImport(
            local_area=local_area,
            organisation=organisation,
            mode=ImportMode(mode),
            source_name=cut(source_name),
            fingerprint=sheet.fingerprint(),
            rows=sheet.as_rows(),
            plan=_about(sheet, {**_remembered(local_area, organisation), **_checked(titles or {})}),
            made_by=by,
            made_at=at,
        )
        refresh_plan(staff_import, by=by, at=at)
        staff_import.save()
        audit.record(
            actor=by,
            verb="staff_import.prepared",
            obj=staff_import,
            local_area=local_area,
            data={"organisation": organisation.pk if organisation else None}
            | staff_import.plan["counts"],
            at=at,
        )
    return staff_import


@transaction.atomic
def choose_titles(
    *, by: User, staff_import: StaffImport, titles: Mapping[str, str], at: dt.datetime
) -> StaffImport:
    """Say what job titles mean, and plan again; raises PermissionDenied or UnableToDraft."""
    staff_import = locked_preview(staff_import, by=by, at=at)
    staff_import.plan["titles"] = {**staff_import.plan["titles"], **_checked(titles)}
    refresh_plan(staff_import, by=by, at=at)
    staff_import.save(update_fields=["plan"])
    return staff_import


@transaction.atomic
def discard_import(*, by: User, staff_import: StaffImport, at: dt.datetime) -> StaffImport:
    """Forget a list that was not imported: its cells and its plan go."""
    staff_import = locked_preview(staff_import, by=by, at=at)
    _forget(staff_import)
    audit.record(
        actor=by,
        verb="staff_import.discarded",
        obj=staff_import,
        local_area=staff_import.local_area,
        at=at,
    )
    return staff_import


def _discard_earlier(
    by: User | None, local_area: LocalArea, organisation: Organisation | None
) -> None:
    if by is None:
        return
    earlier = StaffImport.objects.select_for_update(of=("self",)).filter(
        made_by=by, local_area=local_area, organisation=organisation, state=ImportState.PREVIEW
    )
    for each in earlier.order_by("pk"):
        _forget(each)


def _forget(staff_import: StaffImport) -> None:
    staff_import.state = ImportState.DISCARDED
    staff_import.rows = []
    staff_import.plan = without_people(staff_import.plan)
    staff_import.save(update_fields=["state", "rows", "plan"])


def locked_preview(staff_import: StaffImport, *, by: User | None, at: dt.datetime) -> StaffImport:
    """Lock a list that is still a preview, for somebody who may import it."""
    found = (
        StaffImport.objects.select_for_update(of=("self",))
        .select_related("local_area", "organisation")
        .get(pk=staff_import.pk)
    )
    may = can_import(
        by,
        local_area=found.local_area,
        organisation=found.organisation,
        on=clock.london_date(at),
    )
    if not may:
        raise PermissionDenied
    if found.state != ImportState.PREVIEW:
        raise UnableToDraft("This list is not waiting any more. Start with the file again.")
    return found


def refresh_plan(staff_import: StaffImport, *, by: User | None, at: dt.datetime) -> Plan:
    """Plan the kept rows again, put the plan into words on the (unsaved) import and return it."""
    plan = plan_list(
        source=_source(staff_import),
        local_area=staff_import.local_area,
        organisation=staff_import.organisation,
        mode=staff_import.mode,
        titles=staff_import.plan["titles"],
        by=by,
        on=clock.london_date(at),
    )
    about = {key: staff_import.plan[key] for key in ("system", "recognised", "ignored", "titles")}
    staff_import.plan = about | plan.as_json()
    return plan


def without_people(plan: dict[str, Any]) -> dict[str, Any]:
    """Return what of a plan is kept for good: numbers, headings and titles, nobody's name."""
    about = {key: plan.get(key) for key in ("system", "recognised", "ignored", "titles", "counts")}
    return about | {"employers": plan.get("employers", [])}


def _about(sheet: Sheet, titles: dict[str, str]) -> dict[str, Any]:
    recognised = sheet.recognised
    return {
        "system": recognised.system,
        "recognised": [[cut(recognised.headings[name]), name] for name in recognised.columns],
        "ignored": [cut(heading) for heading in recognised.ignored[:100]],
        "titles": titles,
    }


def _source(staff_import: StaffImport) -> Source:
    about, rows = staff_import.plan, staff_import.rows
    return Source(
        fields=list(rows[0]),
        lines=[(row[0], row[1:]) for row in rows[1:]],
        headings={name: heading for heading, name in about["recognised"]},
        ignored=tuple(about["ignored"]),
        system=about["system"],
    )


def _checked(titles: Mapping[str, str]) -> dict[str, str]:
    return {
        plain_title(title): role
        for title, role in titles.items()
        if role in JobRole.values and plain_title(title)
    }


def _remembered(local_area: LocalArea, organisation: Organisation | None) -> dict[str, str]:
    """Return what was said about titles when this employer's last list was imported."""
    last = (
        StaffImport.objects.filter(
            local_area=local_area, organisation=organisation, state=ImportState.COMMITTED
        )
        .order_by("-committed_at", "-pk")
        .values_list("plan__titles", flat=True)
        .first()
    )
    return dict(last or {})
