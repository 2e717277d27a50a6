"""Whoever goes from one employer to another leaves the first one no way into the account."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from accounts.enums import SignInServiceKind
from accounts.models import AuditEvent, SignInService
from accounts.services.leavers import hand_over_sign_ins, unlink_former_employers
from core import clock
from cpd_tracking.models import CalendarFeed
from cpd_tracking.services.feeds import make_feed
from tests.factories.accounts import OrganisationFactory, PostFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
OWN = "tom.akinwale@gmail.com"


@pytest.fixture
def schools(area):
    return OrganisationFactory.create_batch(2, local_area=area)


@pytest.fixture
def tom(schools):
    """Worked at the first school until yesterday, works at the second since."""
    person = UserFactory(email="tom@first.sch.example", personal_email=OWN)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    today = clock.today()
    PostFactory(person=person, organisation=schools[0], ends_on=today - DAY)
    PostFactory(person=person, organisation=schools[1], starts_on=today)
    UserSession.objects.create(
        user=person, session_key="k", ip="192.0.2.1", user_agent="", created_at=clock.now()
    )
    return person


def test_the_former_employers_mailbox_opens_nothing_any_more(tom):
    make_feed(person=tom, at=clock.now())

    assert hand_over_sign_ins(at=clock.now()) == 1

    tom.refresh_from_db()
    assert tom.email == OWN
    assert list(EmailAddress.objects.values_list("email", flat=True)) == [OWN]
    assert not UserSession.objects.exists()
    assert not CalendarFeed.objects.exists(), "a work calendar may hold its address"
    assert hand_over_sign_ins(at=clock.now()) == 0, "doing it twice changes nothing"


def test_so_it_is_where_the_next_post_begins_later(tom, schools):
    tom.posts.filter(organisation=schools[1]).update(starts_on=clock.today() + 9 * DAY)

    assert hand_over_sign_ins(at=clock.now()) == 1


def test_an_address_that_the_new_colleagues_share_stays(tom, schools):
    colleague = UserFactory(email="nadia@first.sch.example")
    PostFactory(person=colleague, organisation=schools[1])

    assert hand_over_sign_ins(at=clock.now()) == 0


@pytest.mark.parametrize("email", ["tom.a@outlook.com", OWN])
def test_an_address_of_ones_own_stays(tom, email):
    type(tom).objects.filter(pk=tom.pk).update(email=email)

    assert hand_over_sign_ins(at=clock.now()) == 0


def test_whoever_still_works_there_keeps_the_address(tom, schools):
    PostFactory(person=tom, organisation=schools[0], job_role="midday_supervisor")

    assert hand_over_sign_ins(at=clock.now()) == 0


def test_without_an_address_of_ones_own_nobody_is_locked_out(tom):
    type(tom).objects.filter(pk=tom.pk).update(personal_email=None)

    assert hand_over_sign_ins(at=clock.now()) == 0


@pytest.fixture
def services(area, schools):
    return [
        SignInService.objects.create(
            local_area=area,
            organisation=school,
            slug=f"school-{number}",
            name=school.name,
            kind=SignInServiceKind.ENTRA,
            server_url="https://login.example/v2.0",
            tenant=f"tenant-{number}",
            client_id="c",
        )
        for number, school in enumerate(schools)
    ]


def test_the_former_employers_directory_is_unlinked_for_good(tom, schools, services):
    for service in services:
        SocialAccount.objects.create(user=tom, provider=service.slug, uid=f"t|{service.pk}")

    assert unlink_former_employers(at=clock.now()) == 1

    assert [each.provider for each in SocialAccount.objects.all()] == [services[1].slug]
    assert not UserSession.objects.exists()
    assert AuditEvent.objects.get(verb="sign_in.service_unlinked").subject == tom.public_id
    # A post that the first school adds afterwards brings nothing back.
    PostFactory(person=tom, organisation=schools[0], job_role="volunteer", is_employment=False)
    assert SocialAccount.objects.count() == 1
    assert unlink_former_employers(at=clock.now()) == 0
