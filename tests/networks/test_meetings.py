"""Meetings: a series, an answer in one press, and calendars that follow."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from icalendar import Calendar

from core import clock
from networks.calendars import calendar_file
from networks.models import Meeting, Reply
from networks.services import meetings as services
from networks.services.registers import take_register
from tests.factories.networks import join, make_led_network, make_meeting, make_person

LONDON = ZoneInfo("Europe/London")
FORM = {
    "title": "Autumn forum",
    "held_on_0": "7", "held_on_1": "10", "held_on_2": "2026",
    "start": "3:45pm",
    "minutes": "90",
    "place": "Otterford Primary",
    "online_url": "", "agenda": "Moving between schools",
    "repeat_every": "4", "how_many": "3",
}  # fmt: skip


def test_a_series_keeps_its_time_of_day_when_the_clocks_change(area, sign_in) -> None:
    network, lead = make_led_network(area, standing_items="Shared practice\nTraining")
    sign_in(lead).post(f"/networks/{network.slug}/meetings/schedule/", FORM)

    meetings = list(Meeting.objects.all())
    assert [m.starts_at.astimezone(LONDON).strftime("%d %b %H:%M") for m in meetings] == [
        "07 Oct 15:45",
        "04 Nov 15:45",
        "02 Dec 15:45",
    ]
    assert len({meeting.series_id for meeting in meetings}) == 1
    assert meetings[0].agenda_items == ["Shared practice", "Training", "Moving between schools"]
    assert str(meetings[0].hours) == "1.50"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"place": ""}, "Enter a place, an online link or both"),
        ({"start": "teatime"}, "Enter a time, such as 3:45pm"),
        ({"held_on_0": "31", "held_on_1": "2"}, "must be a real date"),
        ({"minutes": "1000000"}, "Select a valid choice"),
        ({"how_many": "1000"}, "less than or equal to 30"),
        ({"online_url": "javascript:alert(1)"}, "Enter a valid URL"),
    ],
)
def test_bad_input_is_told_and_nothing_is_scheduled(area, sign_in, change, words) -> None:
    network, lead = make_led_network(area)
    response = sign_in(lead).post(
        f"/networks/{network.slug}/meetings/schedule/", {**FORM, **change}
    )
    assert words in response.content.decode()
    assert not Meeting.objects.exists()


def test_members_do_not_schedule_change_or_cancel(area, sign_in) -> None:
    network, lead = make_led_network(area)
    member = make_person(area)
    join(network, member)
    meeting = make_meeting(network, lead, days=3)
    client = sign_in(member)
    for path in ("schedule/", f"{meeting.pk}/change/", f"{meeting.pk}/cancel/"):
        url = f"/networks/{network.slug}/meetings/{path}"
        assert client.post(url, FORM).status_code == 403
    meeting.refresh_from_db()
    assert meeting.cancelled_at is None
    assert Meeting.objects.count() == 1


def test_one_press_answers_and_another_changes_it(area, sign_in) -> None:
    network, lead = make_led_network(area)
    member = make_person(area)
    join(network, member)
    meeting = make_meeting(network, lead, days=3)
    url = f"/networks/{network.slug}/meetings/{meeting.pk}/reply/"
    home = f"/networks/{network.slug}/"
    client = sign_in(member)

    answered = client.post(url, {"reply": "yes", "next": home}, follow=True)
    assert answered.redirect_chain[-1][0] == home
    assert "You are going." in answered.content.decode()
    assert "1 person is coming" in answered.content.decode()
    client.post(url, {"reply": "no", "next": "//evil.example/"})
    assert Reply.objects.get().answer == "no"
    assert client.get(url).status_code == 405


def test_an_answer_goes_back_only_to_our_own_pages(area, sign_in) -> None:
    network, lead = make_led_network(area)
    meeting = make_meeting(network, lead, days=3)
    response = sign_in(lead).post(
        f"/networks/{network.slug}/meetings/{meeting.pk}/reply/",
        {"reply": "yes", "next": "https://evil.example/"},
    )
    assert response["Location"] == meeting.get_absolute_url()


def test_who_does_not_belong_cannot_answer(area) -> None:
    network, lead = make_led_network(area)
    with pytest.raises(PermissionDenied):
        services.reply_to_meeting(
            by=make_person(area), meeting=make_meeting(network, lead, days=2), answer="yes",
            at=clock.now(),
        )  # fmt: skip


def test_a_calendar_knows_the_meeting_again_after_a_change(area) -> None:
    network, lead = make_led_network(area)
    meeting = make_meeting(network, lead, days=3)
    first = event_of(meeting)
    meeting = services.change_meeting(
        by=lead, meeting=meeting, at=clock.now(), place="Bramblewick Primary"
    )
    second = event_of(meeting)
    assert first["UID"] == second["UID"]
    assert (int(first["SEQUENCE"]), int(second["SEQUENCE"])) == (0, 1)
    assert str(second["LOCATION"]) == "Bramblewick Primary"


def event_of(meeting: Meeting):
    calendar = Calendar.from_ical(
        calendar_file([meeting], base_url="http://localhost", at=clock.now())
    )
    return next(iter(calendar.walk("VEVENT")))


def test_a_cancelled_meeting_cancels_itself_in_calendars(area, sign_in) -> None:
    network, lead = make_led_network(area)
    meeting = make_meeting(network, lead, days=3)
    sign_in(lead).post(f"/networks/{network.slug}/meetings/{meeting.pk}/cancel/")
    meeting.refresh_from_db()
    text = sign_in(lead).get(
        f"/networks/{network.slug}/meetings/{meeting.pk}/meeting.ics"
    ).content.decode()  # fmt: skip
    assert "METHOD:CANCEL" in text
    assert "STATUS:CANCELLED" in text
    assert "SEQUENCE:1" in text


def test_a_meeting_with_a_register_is_not_cancelled(area) -> None:
    from decimal import Decimal

    network, lead = make_led_network(area)
    meeting = make_meeting(network, lead)
    take_register(
        by=lead, meeting=meeting, presences={lead.pk: "present"}, hours=Decimal("1"),
        at=clock.now(),
    )  # fmt: skip
    with pytest.raises(services.UnableToScheduleMeeting, match="register has been taken"):
        services.cancel_meeting(by=lead, meeting=meeting, at=clock.now() + dt.timedelta(minutes=1))
