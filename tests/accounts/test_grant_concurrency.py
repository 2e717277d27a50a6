"""At the same moment, on a real PostgreSQL: one administrator remains, one grant is made."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.enums import Role
from accounts.models import AuditEvent, RoleGrant, RoleProposal
from accounts.permissions import administrators
from accounts.services.delegations import delegate_role
from accounts.services.proposals import UnableToDecide, decide_proposal, propose_administrator
from accounts.services.roles import UnableToEndRole, end_role, grant_role
from core import clock
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)

DAY = dt.timedelta(days=1)
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.usefixtures("on_postgres"),
    pytest.mark.django_db(transaction=True),
]


def at_once(*works: Callable[[], object]) -> list[Exception]:
    """Run the works in threads that start together; return what they raised."""
    gate, errors = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
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


@pytest.mark.parametrize("days", [-1, 0, 7])
def test_two_administrators_who_end_each_other_leave_one(area, days):
    ana, ben = RoleGrantFactory.create_batch(2, role=Role.SYSTEM_ADMIN, local_area=area)
    last_day = clock.today() + days * DAY

    errors = at_once(
        lambda: end_role(by=ana.person, grant=ben, ends_on=last_day, at=clock.now()),
        lambda: end_role(by=ben.person, grant=ana, ends_on=last_day, at=clock.now()),
    )

    assert len(errors) == 1
    assert isinstance(errors[0], UnableToEndRole | PermissionDenied)
    assert administrators(area, last_day + DAY).count() == 1


def test_eight_administrators_who_all_resign_leave_one(area):
    grants = RoleGrantFactory.create_batch(8, role=Role.SYSTEM_ADMIN, local_area=area)
    today = clock.today()

    errors = at_once(
        *[
            lambda grant=grant: end_role(
                by=grant.person, grant=grant, ends_on=today, at=clock.now()
            )
            for grant in grants
        ]
    )

    assert [type(error) for error in errors] == [UnableToEndRole]
    assert administrators(area, today + DAY).count() == 1


def test_a_role_granted_eight_times_at_once_is_one(area):
    admin = RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=area).person
    person = UserFactory()

    errors = at_once(
        *[
            lambda: grant_role(
                by=admin,
                person=person,
                role=Role.TRAINING_ADMIN,
                local_area=area,
                starts_on=clock.today(),
                at=clock.now(),
            )
        ]
        * 8
    )

    assert errors == []
    assert RoleGrant.objects.filter(person=person).count() == 1
    assert AuditEvent.objects.filter(verb="role.granted").count() == 1
    assert list(person.groups.all()) == [area.editors]


def test_a_role_handed_on_while_it_is_ended_never_outlives_it(area):
    school = OrganisationFactory(local_area=area)
    own = RoleGrantFactory(role=Role.SETTING_LEAD, local_area=area, organisation=school)
    colleague = PostFactory(organisation=school).person
    today = clock.today()

    at_once(
        lambda: end_role(by=own.person, grant=own, ends_on=today, at=clock.now()),
        lambda: delegate_role(
            by=own.person,
            grant=own,
            to=colleague,
            starts_on=today,
            ends_on=today + 30 * DAY,
            reason="",
            at=clock.now(),
        ),
    )

    assert not RoleGrant.objects.in_force(today + DAY).filter(organisation=school).exists()


def test_a_proposal_made_and_decided_twice_at_once_makes_one_administrator(area):
    ana, ben = (
        grant.person
        for grant in RoleGrantFactory.create_batch(2, role=Role.SYSTEM_ADMIN, local_area=area)
    )
    third = RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=area).person
    candidate = UserFactory()

    def propose(by):
        return lambda: propose_administrator(
            by=by, person=candidate, local_area=area, starts_on=clock.today(), at=clock.now()
        )

    assert at_once(propose(ana), propose(ana), propose(ana)) == []
    proposal = RoleProposal.objects.get()

    def decide(by):
        return lambda: decide_proposal(by=by, proposal=proposal, approve=True, at=clock.now())

    errors = at_once(decide(ben), decide(third))

    assert [type(error) for error in errors] == [UnableToDecide]
    assert RoleGrant.objects.filter(person=candidate).count() == 1
