"""One's own profile, and what is left open to somebody who has left."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import JobRole, Role
from accounts.models import LocalArea, Organisation, User
from networks.enums import Visibility
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)
from tests.factories.networks import join, make_meeting, make_network
from tests.factories.resources_repo import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(area: LocalArea) -> Organisation:
    return OrganisationFactory(local_area=area, name="Otterford Primary")


@pytest.fixture
def leaver(school: Organisation, today: dt.date) -> User:
    return PostFactory(organisation=school, ends_on=today - dt.timedelta(days=1)).person


def test_the_profile_shows_ones_own_posts_and_whom_to_ask(area, school, sign_in, today):
    lead = UserFactory(given_name="Nadia", family_name="Ferreira")
    RoleGrantFactory(person=lead, role=Role.SETTING_LEAD, local_area=area, organisation=school)
    manager = UserFactory(given_name="Esther", family_name="Fisher")
    person = PostFactory(
        organisation=school, line_manager=manager, term_time_only=True, weekly_hours=27.5
    ).person
    PostFactory(
        person=person, organisation__name="Earlier School", job_role=JobRole.ELSA,
        starts_on=dt.date(2020, 9, 1), ends_on=dt.date(2022, 8, 31),
    )  # fmt: skip
    page = sign_in(person).get("/profile/").content.decode()
    for words in (
        "Teacher at Otterford Primary",
        "Esther Fisher",
        "27.5 a week, term time only",
        "Ask Nadia Ferreira to correct it",
        "Earlier School",
        person.email,
    ):
        assert words in page


def test_the_profile_costs_the_same_with_one_post_and_with_ten(
    area, school, sign_in, django_assert_num_queries
):
    person = PostFactory(organisation=school).person
    client = sign_in(person)
    client.get("/profile/")
    queries = 8
    with django_assert_num_queries(queries):
        client.get("/profile/")
    for _ in range(10):
        PostFactory(person=person, organisation=OrganisationFactory(local_area=area))
    with django_assert_num_queries(queries):
        client.get("/profile/")


def test_a_visitor_has_no_profile(client, area):
    assert client.get("/profile/").url.startswith("/accounts/login/")


def test_the_employer_keeps_the_name_as_long_as_there_is_a_post(school, sign_in, leaver):
    employed = PostFactory(organisation=school).person
    changes = {"given_name": "New", "family_name": "Name"}
    assert sign_in(employed).post("/profile/name/", changes).status_code == 404
    sign_in(leaver).post("/profile/name/", changes)
    leaver.refresh_from_db()
    employed.refresh_from_db()
    assert str(leaver) == "New Name"
    assert str(employed) != "New Name"


# --- Somebody who has left ------------------------------------------------------------------------


def test_the_own_record_stays_readable_and_downloadable(sign_in, leaver):
    client = sign_in(leaver)
    for path in ("/", "/my-learning/", "/my-record/", "/my-record/download.csv", "/profile/"):
        assert client.get(path).status_code == 200, path
    assert "Your record stays yours" in client.get("/profile/").content.decode()


def test_the_profile_link_to_the_record_is_the_first_thing(sign_in, leaver):
    page = sign_in(leaver).get("/profile/").content.decode()
    assert page.index("/my-record/") < page.index("Your posts")


@pytest.mark.parametrize(
    "path", ["/team/", "/team/export.csv", "/setting/", "/setting/sessions/new/", "/people/"]
)
def test_a_lead_who_left_leads_no_room(area, school, sign_in, today, path):
    lead = UserFactory()
    post = PostFactory(person=lead, organisation=school)
    RoleGrantFactory(
        person=lead, role=Role.SETTING_LEAD, local_area=area, organisation=school,
        ends_on=today - dt.timedelta(days=1),
    )  # fmt: skip
    PostFactory(organisation=school, line_manager=lead)
    post.ends_on = today - dt.timedelta(days=1)
    post.save()
    assert sign_in(lead).get(path).status_code == 403


def test_networks_their_meetings_and_members_are_closed(area, sign_in, leaver):
    lead = PostFactory(organisation=OrganisationFactory(local_area=area)).person
    network = make_network(area, "Primary SENCO Forum", visibility=Visibility.AREA)
    join(network, lead, "lead")
    make_meeting(network, lead, days=3, title="Autumn forum")
    client = sign_in(leaver)
    for path in (
        network.page.get_url(),
        reverse("networks:members", args=[network.slug]),
        reverse("networks:meetings", args=[network.slug]),
        reverse("networks:discussion", args=[network.slug]),
    ):
        assert client.get(path).status_code == 404, path
    assert "Primary SENCO Forum" not in client.get("/networks/").content.decode()
    assert "Autumn forum" not in client.get("/").content.decode()


def test_pages_that_are_not_public_are_closed_and_public_ones_open(area, sign_in, leaver):
    closed = publish(area, title="Graded return plan")
    public = publish(area, title="Local Offer slides")
    public.is_public = True
    public.save()
    client = sign_in(leaver)
    assert client.get(closed.get_url()).status_code == 404
    assert client.get(public.get_url()).status_code == 200
    listed = client.get("/resources/").content.decode()
    found = client.get("/search/?q=plan").content.decode()
    assert "Graded return plan" not in listed + found


def test_people_are_closed(area, school, sign_in, leaver):
    colleague = PostFactory(organisation=school, person__family_name="Secretname").person
    client = sign_in(leaver)
    for path in (
        reverse("cpd_tracking:person", args=[colleague.public_id]),
        reverse("accounts:person", args=[colleague.public_id]),
    ):
        assert client.get(path).status_code in (403, 404), path
    assert not User.objects.visible_to(leaver).exclude(pk=leaver.pk).exists()
