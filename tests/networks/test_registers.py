"""The register: learning records are told of once, whoever presses how often."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEvent
from core import clock
from networks.enums import MembershipRole, Presence
from networks.models import Attendance
from networks.selectors import settings_that_never_attend
from networks.services.registers import UnableToTakeRegister, take_register
from networks.signals import attendance_recorded, attendance_withdrawn
from tests.factories.accounts import OrganisationFactory
from tests.factories.networks import join, make_led_network, make_meeting, make_person


@pytest.fixture
def news():
    heard: list[tuple[str, Any]] = []

    def recorded(sender: Any, *, attendance: Any, at: Any, **kwargs: Any) -> None:
        heard.append(("recorded", attendance))

    def withdrawn(sender: Any, *, source_uid: str, at: Any, **kwargs: Any) -> None:
        heard.append(("withdrawn", source_uid))

    attendance_recorded.connect(recorded)
    attendance_withdrawn.connect(withdrawn)
    yield heard
    attendance_recorded.disconnect(recorded)
    attendance_withdrawn.disconnect(withdrawn)


def take(meeting: Any, by: Any, presences: dict[int, str], hours: str = "1.5") -> Any:
    return take_register(
        by=by, meeting=meeting, presences=presences, hours=Decimal(hours), at=clock.now()
    )


def test_a_register_tells_of_each_person_present_once(area, news) -> None:
    network, lead = make_led_network(area)
    there, away = make_person(area), make_person(area)
    join(network, there), join(network, away)
    meeting = make_meeting(network, lead)

    saved = take(meeting, lead, {there.pk: "present", away.pk: "apologies"})

    [(kind, attendance)] = news
    assert kind == "recorded"
    assert attendance.person_id == there.pk
    assert attendance.organisation_id == there.posts.get().organisation_id
    assert attendance.hours == Decimal("1.5")
    assert attendance.occurred_on == clock.london_date(meeting.starts_at)
    assert attendance.source_uid == Attendance.objects.get(person=there).source_uid
    assert (saved.present, saved.apologies, saved.absent, saved.not_recorded) == (1, 1, 0, 1)


def test_pressing_twice_changes_nothing_the_second_time(area, news) -> None:
    network, lead = make_led_network(area)
    meeting = make_meeting(network, lead)

    take(meeting, lead, {lead.pk: "present"})
    again = take(meeting, lead, {lead.pk: "present"})

    assert again.changed == 0
    assert len(news) == 1
    assert Attendance.objects.count() == 1
    assert AuditEvent.objects.filter(verb="register.saved").count() == 1


def test_a_part_of_the_register_leaves_the_rest_as_it_was(area, news) -> None:
    network, lead = make_led_network(area)
    other = make_person(area)
    join(network, other)
    meeting = make_meeting(network, lead)
    take(meeting, lead, {other.pk: "absent"})

    saved = take(meeting, lead, {lead.pk: "present"})

    assert Attendance.objects.get(person=other).presence == Presence.ABSENT
    assert saved.not_recorded == 0


def test_a_correction_withdraws_what_was_told(area, news) -> None:
    network, lead = make_led_network(area)
    meeting = make_meeting(network, lead)
    take(meeting, lead, {lead.pk: "present"})
    uid = Attendance.objects.get().source_uid

    take(meeting, lead, {lead.pk: "absent"})

    assert news[-1] == ("withdrawn", uid)
    assert Attendance.objects.get().hours is None


def test_other_hours_are_told_again_under_the_same_name(area, news) -> None:
    network, lead = make_led_network(area)
    meeting = make_meeting(network, lead)
    take(meeting, lead, {lead.pk: "present"})
    take(meeting, lead, {lead.pk: "present"}, hours="2")

    assert [attendance.hours for _, attendance in news] == [Decimal("1.5"), Decimal("2")]
    assert len({attendance.source_uid for _, attendance in news}) == 1


def test_a_failing_receiver_leaves_no_line_behind(area) -> None:
    network, lead = make_led_network(area)
    meeting = make_meeting(network, lead)

    def refuse(sender: Any, **kwargs: Any) -> None:
        raise RuntimeError("no room for it")

    attendance_recorded.connect(refuse)
    try:
        with pytest.raises(RuntimeError):
            take(meeting, lead, {lead.pk: "present"})
    finally:
        attendance_recorded.disconnect(refuse)
    assert not Attendance.objects.exists()


def test_a_stranger_on_the_list_saves_nobody(area, news) -> None:
    network, lead = make_led_network(area)
    stranger = make_person(area)
    meeting = make_meeting(network, lead)

    with pytest.raises(UnableToTakeRegister):
        take(meeting, lead, {lead.pk: "present", stranger.pk: "present"})

    assert not Attendance.objects.exists()
    assert not news


@pytest.mark.parametrize("role", [MembershipRole.MEMBER, MembershipRole.MODERATOR])
def test_only_leads_take_registers(area, role) -> None:
    network, lead = make_led_network(area)
    member = make_person(area)
    join(network, member, role)

    with pytest.raises(PermissionDenied):
        take(make_meeting(network, lead), member, {member.pk: "present"})


def test_no_register_before_the_meeting_begins(area) -> None:
    network, lead = make_led_network(area)
    with pytest.raises(UnableToTakeRegister, match="once the meeting has begun"):
        take(make_meeting(network, lead, days=2), lead, {lead.pk: "present"})


def test_settings_that_never_came_are_named_and_the_others_are_not(area) -> None:
    network, lead = make_led_network(area)
    silent = OrganisationFactory(local_area=area, name="Silent Primary")
    join(network, make_person(area, silent))
    unnamed = OrganisationFactory(local_area=area, name="Unnamed Primary")
    join(network, organisation=unnamed)
    take(make_meeting(network, lead), lead, {lead.pk: "present"})

    rows = settings_that_never_attend(network, at=clock.now())

    assert [(row.name, row.has_people) for row in rows] == [
        ("Silent Primary", True),
        ("Unnamed Primary", False),
    ]


def test_the_page_saves_and_says_what_is_still_open(area, sign_in) -> None:
    network, lead = make_led_network(area)
    others = [make_person(area) for _ in range(3)]
    for person in others:
        join(network, person)
    meeting = make_meeting(network, lead)
    client = sign_in(lead)
    url = f"/networks/{network.slug}/meetings/{meeting.pk}/register/"

    response = client.post(
        url, {f"presence-{others[0].pk}": "present", "hours": "1,5"}, follow=True
    )

    assert Attendance.objects.get().hours == Decimal("1.50")
    assert "1 present, 0 apologies, 0 absent. 3 still to record" in response.content.decode()


def test_wrong_hours_keep_the_ticks_on_the_page(area, sign_in) -> None:
    network, lead = make_led_network(area)
    meeting = make_meeting(network, lead)
    response = sign_in(lead).post(
        f"/networks/{network.slug}/meetings/{meeting.pk}/register/",
        {f"presence-{lead.pk}": "apologies", "hours": "lots"},
    )
    text = response.content.decode()
    assert response.status_code == 422
    assert "Enter the hours as a number" in text
    assert 'value="apologies" data-key="a" checked' in text
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("people", [1, 30])
def test_a_register_costs_the_same_for_one_and_for_thirty(
    area, sign_in, people, django_assert_num_queries
) -> None:
    network, lead = make_led_network(area)
    for _ in range(people):
        join(network, make_person(area))
    meeting = make_meeting(network, lead)
    client = sign_in(lead)
    url = f"/networks/{network.slug}/meetings/{meeting.pk}/register/"
    client.get(url)
    with django_assert_num_queries(REGISTER_QUERIES):
        client.get(url)


REGISTER_QUERIES = 14
