"""Schedule, move and cancel meetings; answer an invitation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts import audit
from accounts.models import User
from core import clock
from networks.enums import ReplyAnswer
from networks.models import Meeting, MeetingSeries, Network, Reply
from networks.permissions import can_take_register, role_in
from networks.services.free_text import HoldsPupilIdentifier, refuse_identifiers

MOST_MEETINGS_AT_ONCE = 30


class UnableToScheduleMeeting(Exception):
    """The meeting cannot be scheduled or changed; the message says why."""


class UnableToReply(Exception):
    """The invitation cannot be answered; the message says why."""


@transaction.atomic
def schedule_meetings(
    *,
    by: User,
    network: Network,
    title: str,
    starts_at: Sequence[dt.datetime],
    minutes: int,
    at: dt.datetime,
    place: str = "",
    online_url: str = "",
    agenda: str = "",
    hours: Decimal | None = None,
    carries_course_id: int | None = None,
) -> list[Meeting]:
    """Schedule one meeting, or several as a series; the standing items open each agenda.

    `hours` of learning default to the length in quarter hours. Raises PermissionDenied, or
    UnableToScheduleMeeting.
    """
    if not can_take_register(by, network, on=clock.london_date(at)):
        raise PermissionDenied
    if not starts_at:
        raise UnableToScheduleMeeting("Choose at least one date.")
    if len(starts_at) > MOST_MEETINGS_AT_ONCE:
        raise UnableToScheduleMeeting(f"Schedule at most {MOST_MEETINGS_AT_ONCE} at a time.")
    if not place and not online_url:
        raise UnableToScheduleMeeting("Say where it is: a place, an online link or both.")
    _refuse_identifiers(title, place, online_url, agenda)
    series = (
        MeetingSeries.objects.create(network=network, title=title) if len(starts_at) > 1 else None
    )
    items = [line for line in (network.standing_items, agenda) if line.strip()]
    meetings = []
    for start in sorted(starts_at):
        meeting = Meeting(
            network=network,
            series=series,
            title=title,
            starts_at=start,
            ends_at=start + dt.timedelta(minutes=minutes),
            place=place,
            online_url=online_url,
            agenda="\n".join(items),
            hours=hours or hours_of(minutes),
            carries_course_id=carries_course_id,
            scheduled_by=by,
        )
        try:
            meeting.full_clean()
        except ValidationError as error:
            raise UnableToScheduleMeeting(" ".join(error.messages)) from error
        meeting.save()
        meetings.append(meeting)
        audit.record(
            actor=by,
            verb="meeting.scheduled",
            obj=meeting,
            local_area=network.local_area,
            at=at,
        )
    return meetings


def hours_of(minutes: int) -> Decimal:
    """Return the length in hours, in whole quarters and at least one."""
    return max(Decimal(round(minutes / 15)) / 4, Decimal("0.25"))


@transaction.atomic
def change_meeting(*, by: User, meeting: Meeting, at: dt.datetime, **fields: Any) -> Meeting:
    """Change title, time, place or agenda; the calendar file's SEQUENCE grows."""
    meeting = _locked(meeting)
    _check_may_change(by, meeting, at)
    for name in ("title", "starts_at", "ends_at", "place", "online_url", "agenda", "hours"):
        if name in fields:
            setattr(meeting, name, fields[name])
    if not meeting.place and not meeting.online_url:
        raise UnableToScheduleMeeting("Say where it is: a place, an online link or both.")
    _refuse_identifiers(meeting.title, meeting.place, meeting.online_url, meeting.agenda)
    meeting.sequence += 1
    meeting.full_clean()
    meeting.save()
    audit.record(
        actor=by,
        verb="meeting.changed",
        obj=meeting,
        local_area=meeting.network.local_area,
        data={"fields": sorted(fields)},
        at=at,
    )
    return meeting


@transaction.atomic
def cancel_meeting(*, by: User, meeting: Meeting, at: dt.datetime) -> Meeting:
    """Cancel a meeting whose register is empty; calendars that hold it show it as cancelled."""
    meeting = _locked(meeting)
    _check_may_change(by, meeting, at)
    if meeting.cancelled_at is not None:
        return meeting
    if meeting.attendances.exists():
        raise UnableToScheduleMeeting("Its register has been taken, so it cannot be cancelled.")
    meeting.cancelled_at = at
    meeting.sequence += 1
    meeting.save(update_fields=["cancelled_at", "sequence"])
    audit.record(
        actor=by,
        verb="meeting.cancelled",
        obj=meeting,
        local_area=meeting.network.local_area,
        at=at,
    )
    return meeting


@transaction.atomic
def reply_to_meeting(*, by: User, meeting: Meeting, answer: str, at: dt.datetime) -> Reply:
    """Say whether one will come; again changes the answer. Members only, before it ends."""
    if role_in(by, meeting.network, on=clock.london_date(at)) is None:
        raise PermissionDenied
    if meeting.cancelled_at is not None:
        raise UnableToReply("This meeting has been cancelled.")
    if meeting.ends_at < at:
        raise UnableToReply("This meeting is over.")
    if answer not in ReplyAnswer.values:
        raise UnableToReply("Choose whether you will come.")
    reply, _ = Reply.objects.update_or_create(
        meeting=meeting, person=by, defaults={"answer": answer, "replied_at": at}
    )
    return reply


def _locked(meeting: Meeting) -> Meeting:
    return (
        Meeting.objects.select_for_update(of=("self",)).select_related("network").get(pk=meeting.pk)
    )


def _check_may_change(by: User, meeting: Meeting, at: dt.datetime) -> None:
    if not can_take_register(by, meeting.network, on=clock.london_date(at)):
        raise PermissionDenied


def _refuse_identifiers(*texts: str) -> None:
    try:
        refuse_identifiers(*texts)
    except HoldsPupilIdentifier as error:
        raise UnableToScheduleMeeting(str(error)) from error
