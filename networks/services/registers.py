"""Take a register: part by part, twice over, by two people; each learning record is made once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import audit
from accounts.models import User
from core import clock
from networks.enums import Presence
from networks.models import Attendance, Meeting
from networks.permissions import can_take_register
from networks.selectors import expected_people
from networks.signals import AttendanceNews, attendance_recorded, attendance_withdrawn


class UnableToTakeRegister(Exception):
    """The register cannot be saved; the message says why."""


@dataclass(frozen=True)
class RegisterSaved:
    """What a save changed, and where the register stands: numbers of people."""

    changed: int
    present: int
    apologies: int
    absent: int
    not_recorded: int


@transaction.atomic
def take_register(
    *,
    by: User,
    meeting: Meeting,
    presences: Mapping[int, str],
    hours: Decimal,
    at: dt.datetime,
) -> RegisterSaved:
    """Save the lines given (person id to presence); lines not given stay as they are.

    Only members on the day of the meeting, and people already on the register, are accepted;
    others in `presences` raise UnableToTakeRegister and nothing is saved. Saving the same
    register again changes nothing and sends nothing. `hours` apply to everyone present.
    """
    meeting = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("network__local_area")
        .get(pk=meeting.pk)
    )
    if not can_take_register(by, meeting.network, on=clock.london_date(at)):
        raise PermissionDenied
    if meeting.cancelled_at is not None:
        raise UnableToTakeRegister("This meeting was cancelled.")
    if not meeting.has_started(at):
        raise UnableToTakeRegister("You can take the register once the meeting has begun.")
    if not Decimal("0.25") <= hours <= Decimal("12"):
        raise UnableToTakeRegister("Hours must be between 0.25 and 12.")
    expected = expected_people(meeting)
    if set(presences) - set(expected) or set(presences.values()) - set(Presence.values):
        raise UnableToTakeRegister("Someone on this register is no longer expected. Reload it.")
    lines = {line.person_id: line for line in meeting.attendances.select_related("organisation")}
    changed = 0
    for person_id, presence in presences.items():
        line = lines.get(person_id)
        before = line.presence if line else None
        credited = hours if presence == Presence.PRESENT else None
        if line is not None and before == presence and line.hours == credited:
            continue
        if line is None:
            line = Attendance(
                meeting=meeting, person_id=person_id, organisation_id=expected[person_id]
            )
            lines[person_id] = line
        line.presence, line.hours = presence, credited
        line.recorded_by, line.recorded_at = by, at
        line.save()
        changed += 1
        _tell(line, meeting, before, at)
    if changed:
        meeting.register_saved_at = at
        meeting.save(update_fields=["register_saved_at"])
        audit.record(
            actor=by,
            verb="register.saved",
            obj=meeting,
            local_area=meeting.network.local_area,
            data={"lines": changed},
            at=at,
        )
    counts = [line.presence for line in lines.values()]
    return RegisterSaved(
        changed=changed,
        present=counts.count(Presence.PRESENT),
        apologies=counts.count(Presence.APOLOGIES),
        absent=counts.count(Presence.ABSENT),
        not_recorded=len(set(expected) - set(lines)),
    )


def _tell(line: Attendance, meeting: Meeting, before: str | None, at: dt.datetime) -> None:
    if line.presence == Presence.PRESENT and line.hours is not None:
        attendance_recorded.send(
            sender=Attendance,
            attendance=AttendanceNews(
                person_id=line.person_id,
                meeting_id=meeting.pk,
                organisation_id=line.organisation_id,
                occurred_on=clock.london_date(meeting.starts_at),
                hours=line.hours,
                source_uid=line.source_uid,
                title=meeting.title,
                network_name=meeting.network.name,
                is_supervision=meeting.network.is_supervision,
                course_id=meeting.carries_course_id,
            ),
            at=at,
        )
    elif before == Presence.PRESENT:
        attendance_withdrawn.send(sender=Attendance, source_uid=line.source_uid, at=at)
