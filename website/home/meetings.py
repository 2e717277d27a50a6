"""The next meetings of the networks a person belongs to."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from accounts.models import User
from networks.enums import ReplyAnswer
from networks.models import Meeting, Network, Reply
from website.home.parts import Event

SHOWN = 2
_ANSWERS: dict[str, tuple[str, str]] = {
    ReplyAnswer.YES: ("booked", "You are coming"),
    ReplyAnswer.NO: ("not_required", "You are not coming"),
}


def next_meetings(user: User, *, at: dt.datetime, today: dt.date) -> list[Event]:
    """Return the person's next meetings, soonest first, with their own reply; two queries."""
    meetings = list(
        Meeting.objects.upcoming(at)
        .filter(network__in=Network.objects.open().joined_by(user, today).values("pk"))
        .select_related("network")[:SHOWN]
    )
    replies = dict(
        Reply.objects.filter(person=user, meeting__in=meetings).values_list("meeting_id", "answer")
        if meetings
        else ()
    )
    return [_event(meeting, replies.get(meeting.pk, "")) for meeting in meetings]


def _event(meeting: Meeting, answer: str) -> Event:
    starts, ends = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
    status, label = _ANSWERS.get(answer, ("open", "Say whether you are coming"))
    return Event(
        title=f"{meeting.network.name}: {meeting.title}",
        day=str(starts.day),
        month=f"{starts:%b}",
        url=meeting.get_absolute_url(),
        when=f"{starts:%A} {starts.day} {starts:%B}, {_clock(starts)} to {_clock(ends)}",
        place=meeting.where,
        status=status,
        status_label=label,
    )


def _clock(moment: dt.datetime) -> str:
    """Return a time as GOV.UK writes it: 9am, 4:30pm."""
    hour = moment.hour % 12 or 12
    minutes = f":{moment:%M}" if moment.minute else ""
    return f"{hour}{minutes}{'am' if moment.hour < 12 else 'pm'}"
