"""Two people press at once: on a real PostgreSQL each line is made, and told of, once."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from core import clock
from networks.enums import MembershipRole
from networks.models import Attendance, Membership
from networks.services.memberships import UnableToAddMember, add_member, end_membership
from networks.services.registers import take_register
from networks.signals import attendance_recorded
from tests.factories.networks import join, make_led_network, make_meeting, make_network, make_person

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.usefixtures("on_postgres"),
    pytest.mark.django_db(transaction=True),
]


def at_once(*works: Any) -> list[Exception]:
    """Run the works in threads that start together; return what they raised."""
    gate, errors = threading.Barrier(len(works)), []

    def run(work: Any) -> None:
        gate.wait()
        try:
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_a_register_sent_twice_at_once_is_one_register(area) -> None:
    network, lead = make_led_network(area)
    people = [make_person(area) for _ in range(10)]
    for person in people:
        join(network, person)
    meeting = make_meeting(network, lead)
    heard: list[int] = []

    def hear(sender: Any, *, attendance: Any, **kwargs: Any) -> None:
        heard.append(attendance.person_id)

    def press() -> None:
        take_register(
            by=lead,
            meeting=meeting,
            presences={person.pk: "present" for person in people},
            hours=Decimal("1.5"),
            at=clock.now(),
        )

    attendance_recorded.connect(hear)
    try:
        errors = at_once(*[press] * 6)
    finally:
        attendance_recorded.disconnect(hear)

    assert errors == []
    assert Attendance.objects.count() == 10
    assert sorted(heard) == sorted(person.pk for person in people)


def test_the_last_place_is_given_once(area) -> None:
    network = make_network(area, "ELSA group 1", capacity=1)
    people = [make_person(area) for _ in range(8)]
    today = clock.today()

    def take_place(person: Any) -> Any:
        return lambda: add_member(
            by=None, network=network, person=person, starts_on=today, at=clock.now()
        )

    errors = at_once(*[take_place(person) for person in people])

    assert len(errors) == 7
    assert all(isinstance(error, UnableToAddMember) for error in errors)
    assert network.memberships.count() == 1


def test_two_leads_who_leave_together_leave_a_lead(area) -> None:
    network, first = make_led_network(area)
    second, deputy = make_person(area), make_person(area)
    join(network, second, MembershipRole.LEAD)
    join(network, deputy, MembershipRole.DEPUTY)
    before = clock.today() - dt.timedelta(days=1)

    def leave(person: Any) -> Any:
        membership = person.memberships.get()
        return lambda: end_membership(
            by=None, membership=membership, ends_on=before, at=clock.now()
        )

    assert at_once(leave(first), leave(second)) == []
    leads = Membership.objects.in_force(clock.today()).filter(role=MembershipRole.LEAD)
    assert [membership.person for membership in leads] == [deputy]
