"""Registers: who is expected, who came, and which settings never do."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q

from core import clock
from networks.enums import Presence
from networks.models import Attendance, Meeting, Membership, Network, Reply

A_YEAR = dt.timedelta(days=365)


@dataclass(frozen=True)
class RegisterRow:
    """One person on a register; `presence` and `reply` are "" where nothing is known."""

    person_id: int
    name: str
    presence: str
    reply: str


@dataclass(frozen=True)
class RegisterGroup:
    """A setting and its people on a register."""

    name: str
    rows: tuple[RegisterRow, ...]


@dataclass(frozen=True)
class SettingAttendance:
    """A setting's presence at the meetings with a register: `came` of `held`."""

    organisation_id: int
    name: str
    came: int
    held: int
    has_people: bool


def expected_people(meeting: Meeting) -> dict[int, int | None]:
    """Return person id to organisation id: members on the day, and whoever is on it already.

    A line keeps the setting the person came for then, whatever the membership says now.
    """
    day = clock.london_date(meeting.starts_at)
    expected = dict(
        Membership.objects.in_force(day)
        .people()
        .filter(network=meeting.network_id)
        .order_by("pk")
        .values_list("person_id", "organisation_id")
    )
    expected.update(
        Attendance.objects.filter(meeting=meeting).values_list("person_id", "organisation_id")
    )
    return expected


def register_groups(meeting: Meeting) -> list[RegisterGroup]:
    """Return the register by setting, in alphabetical order; four queries for any size."""
    from accounts.models import Organisation, User

    expected = expected_people(meeting)
    lines = dict(Attendance.objects.filter(meeting=meeting).values_list("person_id", "presence"))
    replies = dict(Reply.objects.filter(meeting=meeting).values_list("person_id", "answer"))
    names = dict(
        Organisation.objects.filter(pk__in={pk for pk in expected.values() if pk}).values_list(
            "pk", "name"
        )
    )
    groups: dict[str, list[RegisterRow]] = defaultdict(list)
    for person in User.objects.filter(pk__in=expected).order_by("family_name", "given_name"):
        organisation_id = expected[person.pk]
        groups[names.get(organisation_id, "") if organisation_id else ""].append(
            RegisterRow(
                person_id=person.pk,
                name=person.get_full_name(),
                presence=lines.get(person.pk, ""),
                reply=replies.get(person.pk, ""),
            )
        )
    ordered = sorted(groups.items(), key=lambda item: (item[0] == "", item[0]))
    return [RegisterGroup(name=name or "No setting", rows=tuple(rows)) for name, rows in ordered]


def attendance_by_setting(
    network: Network, *, at: dt.datetime, since: dt.datetime | None = None
) -> list[SettingAttendance]:
    """Return for each member setting how many meetings it came to, of those with a register.

    Counts settings, not people: two people from one school are one presence. Only meetings
    since the setting joined count as held for it. `since` defaults to a year before `at`.
    """
    today = clock.london_date(at)
    meetings = list(
        Meeting.objects.held(at)
        .filter(
            network=network,
            register_saved_at__isnull=False,
            starts_at__gte=since or at - A_YEAR,
        )
        .values_list("pk", "starts_at")
    )
    came = dict(
        Attendance.objects.present()
        .filter(meeting__in=[pk for pk, _ in meetings], organisation__isnull=False)
        .values_list("organisation")
        .annotate(meetings=Count("meeting", distinct=True))
    )
    settings: dict[int, SettingAttendance] = {}
    joined: dict[int, dt.date] = {}
    rows = (
        Membership.objects.in_force(today)
        .filter(Q(organisation__isnull=False), network=network)
        .values_list("organisation", "organisation__name", "person", "starts_on")
    )
    for organisation_id, name, person_id, starts_on in rows:
        joined[organisation_id] = min(joined.get(organisation_id, starts_on), starts_on)
        known = settings.get(organisation_id)
        settings[organisation_id] = SettingAttendance(
            organisation_id=organisation_id,
            name=name,
            came=came.get(organisation_id, 0),
            held=sum(clock.london_date(start) >= joined[organisation_id] for _, start in meetings),
            has_people=bool(person_id) or (known is not None and known.has_people),
        )
    return sorted(settings.values(), key=lambda setting: (setting.name, setting.organisation_id))


def settings_that_never_attend(
    network: Network, *, at: dt.datetime, since: dt.datetime | None = None
) -> list[SettingAttendance]:
    """Return member settings nobody came for, though at least one register was taken."""
    return [
        setting
        for setting in attendance_by_setting(network, at=at, since=since)
        if setting.held and not setting.came
    ]


def presence_counts(meeting: Meeting) -> dict[str, int]:
    """Return the number of lines of each presence on a meeting's register."""
    counts = dict(
        Attendance.objects.filter(meeting=meeting)
        .values_list("presence")
        .annotate(number=Count("pk"))
    )
    return {presence: counts.get(presence, 0) for presence in Presence.values}
