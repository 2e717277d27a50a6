"""Who may know of a network: hidden ones are 404 everywhere, and in no number."""

from __future__ import annotations

import pytest

from accounts.enums import Role
from core import clock
from networks.enums import Visibility
from networks.models import Meeting, Membership, Network, NetworkPage
from networks.permissions import can_look_inside
from networks.selectors import network_cards
from networks.services.discussion import start_thread
from tests.factories.accounts import RoleGrantFactory
from tests.factories.networks import join, make_led_network, make_meeting, make_person


@pytest.fixture
def circle(area):
    """A hidden network with everything that could leak."""
    network, lead = make_led_network(
        area, name="Social-care SEND circle", visibility=Visibility.HIDDEN
    )
    meeting = make_meeting(network, lead)
    message = start_thread(
        by=lead, network=network, title="Circle matters", body="Quiet words", is_question=True,
        at=clock.now(),
    )  # fmt: skip
    return network, lead, meeting, message


def test_every_address_of_a_hidden_network_is_404(area, circle, sign_in) -> None:
    network, lead, meeting, message = circle
    paths = [
        "", "meetings/", "meetings/schedule/", f"meetings/{meeting.pk}/",
        f"meetings/{meeting.pk}/change/", f"meetings/{meeting.pk}/register/",
        f"meetings/{meeting.pk}/meeting.ics", "meetings.ics", "messages/", "messages/write/",
        "messages/held/", f"messages/{message.thread_id}/", f"messages/held/{message.pk}/change/",
        f"messages/remove/{message.pk}/", "members/", "members/add/", "join/", "settings/",
    ]  # fmt: skip
    client, member = sign_in(make_person(area)), sign_in(lead)
    for path in paths:
        url = f"/networks/{network.slug}/{path}"
        assert client.get(url).status_code == 404, url
        assert member.get(url).status_code != 404 or "held/" in url, url
    for path in (f"meetings/{meeting.pk}/reply/", f"meetings/{meeting.pk}/cancel/", "leave/"):
        assert client.post(f"/networks/{network.slug}/{path}").status_code == 404
    assert meeting.replies.count() == 0


def test_a_hidden_network_is_in_no_list_search_or_number(area, circle, sign_in) -> None:
    network, lead, *_ = circle
    outsider = make_person(area)
    assert network.name not in sign_in(outsider).get("/networks/").content.decode()
    assert network.name in sign_in(lead).get("/networks/").content.decode()
    assert network_cards(outsider, local_area=area, at=clock.now()) == []
    assert not NetworkPage.objects.visible_to(outsider).exists()
    found = NetworkPage.objects.filter(
        pk__in=NetworkPage.objects.visible_to(outsider).values("pk")
    ).search("circle")
    assert list(found) == []
    inside = NetworkPage.objects.filter(pk__in=NetworkPage.objects.visible_to(lead).values("pk"))
    assert [page.network for page in inside.search("circle")] == [network]


def test_members_only_shows_its_door_and_nothing_behind_it(area, sign_in) -> None:
    network, lead = make_led_network(area, visibility=Visibility.MEMBERS)
    member = make_person(area, given_name="Quintessa")
    join(network, member)
    meeting = make_meeting(network, lead, days=7, title="Private agenda")
    outsider = make_person(area)

    home = sign_in(outsider).get(f"/networks/{network.slug}/").content.decode()
    listing = sign_in(outsider).get("/networks/").content.decode()

    assert network.name in home
    assert lead.get_full_name() in home
    for text in (home, listing):
        assert "Private agenda" not in text
        assert "Quintessa" not in text
        assert "Next meeting" not in text
    for path in ("meetings/", f"meetings/{meeting.pk}/", "members/", "meetings.ics"):
        assert sign_in(outsider).get(f"/networks/{network.slug}/{path}").status_code == 403


def test_another_area_knows_nothing(area, other_area, sign_in) -> None:
    network, lead = make_led_network(area)
    make_meeting(network, lead)
    stranger = make_person(other_area)
    assert not Network.objects.visible_to(stranger).exists()
    assert not Meeting.objects.visible_to(stranger).exists()
    assert not Membership.objects.visible_to(stranger).exists()
    client = sign_in(stranger)
    assert client.get(f"/networks/{network.slug}/").status_code == 404
    assert client.get(
        f"/networks/{network.slug}/", headers={"host": "eastmarch.localhost"}
    ).status_code == 404  # fmt: skip


def test_visitors_are_asked_to_sign_in(area, client) -> None:
    network, _ = make_led_network(area)
    for url in ("/networks/", f"/networks/{network.slug}/", f"/networks/{network.slug}/meetings/"):
        response = client.get(url)
        assert response.status_code == 302
        assert "/accounts/login/" in response["Location"]


@pytest.mark.parametrize("visibility", Visibility.values)
@pytest.mark.parametrize("who", ["lead", "member", "former", "steward", "outsider", "suspended"])
def test_queryset_and_predicate_agree(area, visibility, who) -> None:
    network, lead = make_led_network(area, visibility=visibility)
    person = lead if who == "lead" else make_person(area)
    if who in ("member", "suspended", "former"):
        membership = join(network, person)
    if who == "former":
        Membership.objects.filter(pk=membership.pk).update(ends_on=membership.starts_on)
    if who == "steward":
        RoleGrantFactory(person=person, role=Role.STEWARD, local_area=area)
    today = clock.today()

    inside = Network.objects.inside_visible_to(person, today).filter(pk=network.pk).exists()
    known = Network.objects.visible_to(person, today).filter(pk=network.pk).exists()

    assert can_look_inside(person, network, on=today) is inside
    belongs = who in ("lead", "member", "steward", "suspended")
    assert inside is (belongs or visibility == Visibility.AREA)
    assert known is (belongs or visibility != Visibility.HIDDEN)
    page = NetworkPage.objects.get(network=network)
    assert page.can_view(person) is known


@pytest.mark.parametrize("networks", [1, 30])
def test_the_list_costs_the_same_for_one_and_for_thirty(
    area, sign_in, networks, django_assert_num_queries
) -> None:
    from tests.factories.networks import make_network

    for number in range(networks):
        make_network(area, f"Forum {number}")
    client = sign_in(make_person(area))
    client.get("/networks/")
    with django_assert_num_queries(13):
        client.get("/networks/")


@pytest.mark.parametrize("people", [1, 30])
def test_a_home_costs_the_same_for_one_and_for_thirty(
    area, sign_in, people, django_assert_num_queries
) -> None:
    network, lead = make_led_network(area)
    for number in range(people):
        member = make_person(area)
        join(network, member)
        make_meeting(network, lead, days=number + 1)
        start_thread(
            by=member, network=network, title=f"Question {number}", body="Words",
            is_question=True, at=clock.now(),
        )  # fmt: skip
    client = sign_in(lead)
    client.get(f"/networks/{network.slug}/")
    with django_assert_num_queries(25):
        client.get(f"/networks/{network.slug}/")
