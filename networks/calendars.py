"""Meetings as an iCalendar file (RFC 5545) with a lasting UID and a growing SEQUENCE."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from icalendar import Calendar, Event, vText, vUri

from networks.models import Meeting


def calendar_file(meetings: Iterable[Meeting], *, base_url: str, at: dt.datetime) -> bytes:
    """Return the file for meetings with `network` loaded; times are UTC instants.

    A cancelled meeting stays in it with STATUS:CANCELLED and a higher SEQUENCE; a file of one
    cancelled meeting alone says METHOD:CANCEL.
    """
    rows = list(meetings)
    calendar = Calendar()
    calendar.add("prodid", "-//Waymark//Networks//EN")
    calendar.add("version", "2.0")
    only_cancelled = bool(rows) and all(row.cancelled_at is not None for row in rows)
    calendar.add("method", "CANCEL" if only_cancelled else "PUBLISH")
    for row in rows:
        calendar.add_component(meeting_event(row, base_url=base_url, at=at))
    return bytes(calendar.to_ical())


def meeting_event(row: Meeting, *, base_url: str, at: dt.datetime) -> Event:
    """Return one meeting as a calendar's event; a cancelled one says so."""
    event = Event()
    event.add("uid", f"meeting-{row.uid}@waymark")
    event.add("sequence", row.sequence)
    event.add("dtstamp", at.astimezone(dt.UTC))
    event.add("dtstart", row.starts_at.astimezone(dt.UTC))
    event.add("dtend", row.ends_at.astimezone(dt.UTC))
    event.add("summary", f"{row.title} ({row.network.name})")
    if row.place or row.online_url:
        event["location"] = vText(row.place or "Online")
    link = base_url + row.get_absolute_url()
    lines = [*row.agenda_items, *([row.online_url] if row.online_url else []), link]
    event.add("description", "\n".join(lines))
    event["url"] = vUri(link)
    event.add("status", "CANCELLED" if row.cancelled_at is not None else "CONFIRMED")
    return event
