"""Networks, members, meetings and threads for tests, made through the services."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.enums import JobRole
from accounts.models import LocalArea, Organisation, User
from core import clock
from networks.enums import MembershipRole, NetworkKind, Visibility
from networks.models import Meeting, Membership, Network
from networks.services.meetings import schedule_meetings
from networks.services.memberships import add_member
from networks.services.networks import start_network
from networks.services.rooms import set_up_networks
from tests.factories.accounts import OrganisationFactory, PostFactory, UserFactory

LONG_AGO = dt.date(2025, 9, 1)


def make_person(area: LocalArea, organisation: Organisation | None = None, **fields: Any) -> User:
    """Return a person with a post in the area."""
    organisation = organisation or OrganisationFactory(local_area=area)
    person = UserFactory(**fields)
    PostFactory(person=person, organisation=organisation, job_role=JobRole.TEACHER)
    return person


def make_network(
    area: LocalArea, name: str = "Primary SENCO Forum", visibility: str = Visibility.AREA, **f: Any
) -> Network:
    """Return a network with its page."""
    return start_network(
        by=None,
        local_area=area,
        index_page=set_up_networks(local_area=area),
        name=name,
        kind=f.pop("kind", NetworkKind.FORUM),
        purpose=f"What {name} is for.",
        visibility=visibility,
        at=clock.now(),
        **f,
    )


def join(
    network: Network,
    person: User | None = None,
    role: str = MembershipRole.MEMBER,
    organisation: Organisation | None = None,
    starts_on: dt.date = LONG_AGO,
) -> Membership:
    """Return a membership; the setting is the person's post's unless one is given."""
    if organisation is None and person is not None:
        post = person.posts.first()
        organisation = post.organisation if post else None
    return add_member(
        by=None,
        network=network,
        person=person,
        organisation=organisation,
        role=role,
        starts_on=starts_on,
        at=clock.now(),
    )


def make_led_network(area: LocalArea, **fields: Any) -> tuple[Network, User]:
    """Return a network and its lead."""
    network = make_network(area, **fields)
    lead = make_person(area)
    join(network, lead, MembershipRole.LEAD)
    return network, lead


def make_meeting(network: Network, lead: User, days: int = -1, **fields: Any) -> Meeting:
    """Return a meeting some days from now (before now: one to take the register of)."""
    return schedule_meetings(
        by=lead,
        network=network,
        title=fields.pop("title", "Autumn forum"),
        starts_at=[clock.now() + dt.timedelta(days=days)],
        minutes=90,
        place="Otterford Primary",
        at=clock.now(),
        **fields,
    )[0]
