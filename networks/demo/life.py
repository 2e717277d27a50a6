"""What goes on in the demo's networks: meetings, registers, replies and messages."""

from __future__ import annotations

import datetime as dt
import random

from django.utils import timezone
from stdnum.gb import upn

from accounts.querysets import in_force
from networks.demo.founding import Built
from networks.demo.plan import TALKS, Planned
from networks.enums import Presence
from networks.models import Meeting
from networks.services.discussion import send_message, start_thread
from networks.services.meetings import hours_of, reply_to_meeting, schedule_meetings
from networks.services.registers import take_register


def _weekday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=max(0, day.weekday() - 4))


def hold_meetings(
    planned: Planned,
    built: Built,
    today: dt.date,
    at: dt.datetime,
    rng: random.Random,
    back: int,
) -> None:
    """Schedule the planned meetings; those over get a register, the others replies."""
    for title, days in planned.meetings:
        if days < -back:
            continue
        day = _weekday(today + dt.timedelta(days=days))
        start = timezone.make_aware(dt.datetime.combine(day, dt.time(15, 45)))
        asked = min(at, start) - dt.timedelta(days=28)
        [meeting] = schedule_meetings(
            by=built.lead,
            network=built.network,
            title=title,
            starts_at=[start],
            minutes=planned.minutes,
            place=planned.place,
            online_url=planned.online,
            agenda=title.partition(": ")[2].capitalize(),
            at=asked,
        )
        if meeting.ends_at < at:
            _register(built, meeting, rng)
        else:
            _replies(built, meeting, at, rng)


def _register(built: Built, meeting: Meeting, rng: random.Random) -> None:
    day = timezone.localdate(meeting.starts_at)
    expected = set(built.network.memberships.filter(in_force(day)).values_list("person", flat=True))
    presences: dict[int, str] = {}
    for person, organisation in built.members:
        if person.pk not in expected:
            continue
        chance = rng.random()
        if person == built.lead:
            presences[person.pk] = Presence.PRESENT
        elif organisation is not None and organisation.pk in built.silent:
            presences[person.pk] = Presence.APOLOGIES if chance < 0.2 else Presence.ABSENT
        else:
            presences[person.pk] = (
                Presence.PRESENT
                if chance < 0.78
                else Presence.APOLOGIES
                if chance < 0.92
                else Presence.ABSENT
            )
    if built.lead.pk not in expected:
        return
    take_register(
        by=built.lead,
        meeting=meeting,
        presences=presences,
        hours=hours_of(int((meeting.ends_at - meeting.starts_at).total_seconds() // 60)),
        at=meeting.ends_at + dt.timedelta(minutes=10),
    )


def _replies(built: Built, meeting: Meeting, at: dt.datetime, rng: random.Random) -> None:
    for person, organisation in built.members:
        silent = organisation is not None and organisation.pk in built.silent
        if person in (built.lead, built.deputy) or silent or rng.random() > 0.4:
            continue
        answer = "yes" if rng.random() < 0.85 else "no"
        reply_to_meeting(by=person, meeting=meeting, answer=answer, at=at)


def talk(key: str, built: Built, at: dt.datetime) -> None:
    """Let members write what the plan says, a few weeks up to today."""
    for is_question, title, texts in TALKS.get(key, ()):
        (who, days, text), *answers = texts
        first = start_thread(
            by=built.person(who),
            network=built.network,
            title=title,
            body=text,
            is_question=is_question,
            at=_working_hour(at, days),
        )
        for other, ago, words in answers:
            send_message(
                by=built.person(other),
                thread=first.thread,
                body=words,
                at=_working_hour(at, ago),
            )
    if key == "primary":
        _hold_one(built, at)


def _working_hour(at: dt.datetime, days: float) -> dt.datetime:
    """Return a moment so many days ago, between eight and six; the later part of a day is later."""
    part = 1 - days % 1
    hour, minute = divmod(int(8 * 60 + part * 600), 60)
    day = timezone.localdate(at) - dt.timedelta(days=int(days) + 1)
    return timezone.make_aware(dt.datetime.combine(day, dt.time(min(hour, 23), minute)))


def _hold_one(built: Built, at: dt.datetime) -> None:
    """Let one message be held, with a number made up for the fictional authority 999."""
    digits = "999200001001"
    number = upn.calc_check_digit(digits) + digits
    start_thread(
        by=built.person(6),
        network=built.network,
        title="Moving a support plan to another school",
        body=f"The file came without the last review. Does anyone have it? The number is {number}.",
        is_question=True,
        at=_working_hour(at, 0.6),
    )
