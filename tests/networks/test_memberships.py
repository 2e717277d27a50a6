"""Who leads after a lead, and who speaks for a setting."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from accounts.enums import Role
from accounts.services.posts import end_post
from core import clock
from networks.enums import MembershipRole, Visibility
from networks.models import Membership, Network
from networks.services import memberships as services
from networks.tasks import fill_vacant_leads
from tests.factories.accounts import OrganisationFactory, PostFactory, RoleGrantFactory
from tests.factories.networks import join, make_led_network, make_network, make_person

YESTERDAY = dt.timedelta(days=1)


def lead_of(network: Network, on: dt.date):
    return Membership.objects.in_force(on).get(network=network, role=MembershipRole.LEAD).person


def end(membership: Membership, by=None, ends_on: dt.date | None = None) -> None:
    services.end_membership(
        by=by,
        membership=membership,
        ends_on=ends_on or clock.today() - YESTERDAY,
        at=clock.now(),
    )


def test_the_longest_serving_deputy_follows(area, today) -> None:
    network, lead = make_led_network(area)
    late, early = make_person(area), make_person(area)
    join(network, late, MembershipRole.DEPUTY, starts_on=dt.date(2025, 10, 1))
    join(network, early, MembershipRole.DEPUTY, starts_on=dt.date(2025, 9, 15))

    end(lead.memberships.get())

    assert lead_of(network, today) == early


def test_without_a_deputy_the_steward_takes_over(area, today) -> None:
    network, lead = make_led_network(area)
    steward = make_person(area)
    RoleGrantFactory(person=steward, role=Role.STEWARD, local_area=area)

    end(lead.memberships.get())

    assert lead_of(network, today) == steward


def test_a_lead_who_leaves_today_leads_until_midnight(area, today) -> None:
    network, lead = make_led_network(area)
    deputy = make_person(area)
    join(network, deputy, MembershipRole.DEPUTY)

    end(lead.memberships.get(), by=lead, ends_on=today)

    roles = set(Membership.objects.in_force(today + YESTERDAY).values_list("role", flat=True))
    assert roles == {MembershipRole.LEAD}


def test_a_vacancy_in_the_future_is_filled_when_it_comes(area, today) -> None:
    network, lead = make_led_network(area)
    deputy = make_person(area)
    join(network, deputy, MembershipRole.DEPUTY)
    end(lead.memberships.get(), ends_on=today + dt.timedelta(days=30))
    assert lead_of(network, today) == lead
    Membership.objects.filter(person=lead).update(ends_on=today - YESTERDAY)

    assert fill_vacant_leads() == 1
    assert fill_vacant_leads() == 0
    assert lead_of(network, today) == deputy


def test_the_last_lead_cannot_step_down_without_another(area) -> None:
    _network, lead = make_led_network(area)
    with pytest.raises(services.UnableToChangeMember, match="needs a lead"):
        services.change_role(
            by=lead, membership=lead.memberships.get(), role="member", at=clock.now()
        )


def test_ending_the_post_ends_speaking_for_the_setting(area, today) -> None:
    network = make_network(area, visibility=Visibility.HIDDEN)
    person = make_person(area)
    other_post = PostFactory(
        person=person, organisation=OrganisationFactory(local_area=area), starts_on="2025-09-01"
    )
    membership = join(network, person)
    post = person.posts.exclude(pk=other_post.pk).get()

    end_post(by=None, post=post, ends_on=today - YESTERDAY, at=clock.now())

    membership.refresh_from_db()
    assert membership.ends_on == today - YESTERDAY
    assert not Network.objects.visible_to(person).exists()


def test_a_group_of_eight_takes_eight(area, today) -> None:
    network = make_network(area, "ELSA group 1", capacity=8)
    for _ in range(8):
        join(network, make_person(area))
    with pytest.raises(services.UnableToAddMember, match="full"):
        join(network, make_person(area))


def test_nobody_speaks_for_a_setting_they_do_not_work_at(area) -> None:
    network, _lead = make_led_network(area)
    with pytest.raises(services.UnableToAddMember, match="no post"):
        join(network, make_person(area), organisation=OrganisationFactory(local_area=area))


def test_joining_is_for_open_networks_of_ones_own_area(area, other_area, sign_in) -> None:
    open_one = make_network(area, "Open forum")
    closed = make_network(area, "Closed forum", Visibility.MEMBERS)
    person = make_person(area)
    assert "Join" in sign_in(person).get("/networks/open-forum/").content.decode()

    sign_in(person).post("/networks/open-forum/join/")

    assert person.memberships.get().organisation == person.posts.get().organisation
    assert sign_in(person).post("/networks/closed-forum/join/").status_code == 403
    with pytest.raises(PermissionDenied):
        services.join_network(
            by=make_person(other_area), network=open_one, organisation=None, at=clock.now()
        )
    assert not closed.memberships.exists()


def test_only_leads_add_people_and_only_from_the_area(area, other_area, sign_in) -> None:
    network, lead = make_led_network(area)
    newcomer, stranger = make_person(area), make_person(other_area)
    url = f"/networks/{network.slug}/members/add/"
    assert sign_in(newcomer).post(url, {}).status_code == 403
    refused = sign_in(lead).post(url, {"email": stranger.email, "role": "member"})
    assert "No one in Merrowdale signs in with this address" in refused.content.decode()
    sign_in(lead).post(url, {"email": newcomer.email.upper(), "role": "deputy"})
    assert newcomer.memberships.get().role == MembershipRole.DEPUTY
    assert not stranger.memberships.exists()


def test_members_of_one_network_cannot_be_changed_from_another(area, sign_in) -> None:
    network, lead = make_led_network(area)
    _other, other_lead = make_led_network(area, name="Secondary SENCO Forum")
    url = f"/networks/{network.slug}/members/{other_lead.memberships.get().pk}/"
    assert sign_in(lead).post(url, {"end": "1"}).status_code == 404
    assert other_lead.memberships.get().ends_on is None
