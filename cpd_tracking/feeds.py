"""Due dates and meetings as a calendar that a calendar program reads again and again (RFC 5545)."""

from __future__ import annotations

import datetime as dt

from django.core import signing
from django.urls import reverse
from icalendar import Calendar, Event, vText, vUri

from accounts.models import User
from cpd_tracking.models import CalendarFeed
from cpd_tracking.selectors.learner import own_obligations
from cpd_tracking.wording import words_of
from networks.calendars import meeting_event
from networks.models import Meeting, Network

_SALT = "cpd_tracking.calendar"
LOOKS_BACK = dt.timedelta(days=60)
LOOKS_AHEAD = dt.timedelta(days=400)


class NoSuchFeed(LookupError):
    """The address is not ours, was closed, or its person may not sign in any more."""


def feed_token(feed: CalendarFeed) -> str:
    """Return the secret part of the feed's address."""
    return signing.Signer(salt=_SALT).sign(f"{feed.pk}:{feed.nonce}").replace(":", ".")


def feed_of_token(token: str) -> CalendarFeed:
    """Return the feed of an address; raises NoSuchFeed."""
    try:
        key, nonce = signing.Signer(salt=_SALT).unsign(token.replace(".", ":")).split(":")
    except (signing.BadSignature, ValueError) as error:
        raise NoSuchFeed from error
    feed = (
        CalendarFeed.objects.select_related("person")
        .filter(pk=key, nonce=nonce, person__is_active=True, person__suspended_at__isnull=True)
        .first()
    )
    if feed is None:
        raise NoSuchFeed
    return feed


def calendar_of(person: User, *, today: dt.date, at: dt.datetime, base_url: str) -> bytes:
    """Return the person's calendar: what is due, a day each, and the meetings of their networks.

    What is done disappears at the next reading. Each entry has a lasting UID; titles are those of
    the training, never why somebody is late or away.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Waymark//My learning//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "My learning")
    calendar.add("refresh-interval", dt.timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for entry in _due(person, today, at, base_url):
        calendar.add_component(entry)
    for meeting in _meetings(person, today, at):
        calendar.add_component(meeting_event(meeting, base_url=base_url, at=at))
    return bytes(calendar.to_ical())


def _due(person: User, today: dt.date, at: dt.datetime, base_url: str) -> list[Event]:
    """One entry a requirement and due date, whatever the number of posts that ask for it."""
    found: dict[tuple[int, dt.date], Event] = {}
    for row in own_obligations(person, today):
        due_on = _next_due(row)
        if due_on is None or not today - LOOKS_BACK <= due_on <= today + LOOKS_AHEAD:
            continue
        words = words_of(row, today)
        event = Event()
        event.add("uid", f"due-{person.public_id}-{row.requirement_id}-{due_on:%Y%m%d}@waymark")
        event.add("dtstamp", at.astimezone(dt.UTC))
        event.add("dtstart", due_on)
        event.add("dtend", due_on + dt.timedelta(days=1))
        event["summary"] = vText(f"Due: {words.title}")
        link = base_url + reverse("cpd_tracking:why", args=[row.pk])
        event["description"] = vText(f"{words.why[0].upper()}{words.why[1:]}.\n{link}")
        event["url"] = vUri(link)
        event.add("transp", "TRANSPARENT")
        found.setdefault((row.requirement_id, due_on), event)
    return list(found.values())


def _next_due(row: object) -> dt.date | None:
    """The day something is due: of what is open its due date, of what is done its expiry."""
    from cpd_tracking.enums import Status

    status = row.status  # type: ignore[attr-defined]
    if status in (Status.EXEMPT, Status.PAUSED):
        return None
    if status == Status.COMPLIANT:
        return row.expires_on  # type: ignore[attr-defined, no-any-return]
    return row.due_on  # type: ignore[attr-defined, no-any-return]


def _meetings(person: User, today: dt.date, at: dt.datetime) -> list[Meeting]:
    mine = Network.objects.joined_by(person, today).open()
    return list(
        Meeting.objects.filter(network__in=mine, starts_at__gte=at - LOOKS_BACK)
        .select_related("network")
        .order_by("starts_at", "pk")[:500]
    )
