"""One's own address: proved, kept, and the way in once the last post has ended."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.address_links import token_of
from accounts.enums import JobRole, Role
from accounts.models import AuditEvent, LocalArea, Organisation, RoleGrant, User
from accounts.services.addresses import (
    UnableToSetAddress,
    ask_for_address,
    confirm_address,
    is_taken,
)
from accounts.services.leavers import (
    end_roles_of_leavers,
    hand_over_sign_ins,
    promise_leaving_mails,
)
from core import clock, outbox
from core.models import Outbox
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
WORK, OWN = "tom@otterford.sch.example", "tom.akinwale@gmail.com"
AT = dt.datetime(2026, 9, 21, 10, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 9, 21)
DAY = dt.timedelta(days=1)
PASSWORD = "a long enough pass phrase"


@pytest.fixture
def school(area: LocalArea) -> Organisation:
    return OrganisationFactory(local_area=area, name="Otterford Primary")


@pytest.fixture
def tom(school: Organisation) -> User:
    person = UserFactory(given_name="Tom", family_name="Akinwale", email=WORK, last_login=AT - DAY)
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=WORK, verified=True, primary=True)
    PostFactory(person=person, organisation=school)
    return person


@pytest.fixture
def client(tom, sign_in) -> Client:
    return sign_in(tom)


def deliver() -> list:
    mail.outbox.clear()
    outbox.sweep(at=clock.now() + DAY)
    return list(mail.outbox)


def leave(person: User, last_day: dt.date = TODAY - DAY, own: str | None = OWN) -> None:
    person.posts.update(ends_on=last_day)
    User.objects.filter(pk=person.pk).update(personal_email=own)


def can_sign_in(email: str) -> bool:
    client = Client()
    client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    return "_auth_user_id" in client.session


# --- Giving an address ----------------------------------------------------------------------------


def test_an_address_is_asked_for_proved_and_kept(client, tom):
    assert "Keep your record when you leave" in client.get("/profile/").content.decode()

    client.post("/profile/address/", {"address": " Tom.Akinwale@GMAIL.com "})
    [letter] = deliver()
    tom.refresh_from_db()
    assert (letter.to, tom.personal_email) == ([OWN], None)
    assert "Waits for you to open the link" in client.get("/profile/").content.decode()

    link = next(word for word in letter.body.split() if "/profile/address/" in word)
    path = link[link.index("/profile/") :]
    page = client.get(path).content.decode()
    tom.refresh_from_db()
    assert OWN in page
    assert tom.personal_email is None  # reading changes nothing

    client.post(path)
    tom.refresh_from_db()
    assert (tom.personal_email, tom.email) == (OWN, WORK)
    assert "Confirmed" in client.get("/profile/").content.decode()


def test_the_promise_forgets_the_address_once_it_is_kept(tom):
    ask_for_address(by=tom, address=OWN, at=clock.now())
    assert Outbox.objects.get(kind="accounts.personal_address").payload["address"] == OWN
    deliver()
    assert Outbox.objects.get(kind="accounts.personal_address").payload == {}
    assert deliver() == []


def test_while_employed_ones_own_address_opens_nothing(tom):
    User.objects.filter(pk=tom.pk).update(personal_email=OWN)
    assert can_sign_in(WORK)
    assert not can_sign_in(OWN)
    Client().post(reverse("account_reset_password"), {"email": OWN})
    assert not any(OWN in letter.to and "reset" in letter.body for letter in mail.outbox)


@pytest.mark.parametrize(
    "address",
    [
        "tom.other@otterford.sch.example",
        "tom@OTTERFORD.SCH.EXAMPLE",
        "tom@bramblewick.merrowdale.sch.uk",
        "tom@merrowdale.gov.uk",
        "tom@nhs.net",
        "tom@shared.example",
    ],
)
def test_an_employers_address_is_not_ones_own(client, tom, school, address):
    for _ in range(2):
        PostFactory(organisation=school, person__email=f"p{_}@shared.example")
    page = client.post("/profile/address/", {"address": address}).content.decode()
    assert "This one belongs to an employer" in page
    assert deliver() == []


@pytest.mark.parametrize("address", ["", "nonsense", "a@b", "x" * 300 + "@gmail.com"])
def test_a_wrong_address_is_refused(client, address):
    response = client.post("/profile/address/", {"address": address})
    assert response.status_code == 200
    assert response.context["form"].errors


def test_a_link_works_for_its_own_account_only(tom, sign_in):
    other = UserFactory()
    token = token_of(tom, OWN)
    response = sign_in(other).post(reverse("accounts:address-confirm", args=[token]))
    other.refresh_from_db()
    assert response.status_code == 400
    assert "belongs to another account" in response.content.decode()
    assert OWN not in response.content.decode()
    assert other.personal_email is None


def test_a_visitor_with_a_link_signs_in_first(tom):
    response = Client().get(reverse("accounts:address-confirm", args=[token_of(tom, OWN)]))
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


def test_an_older_link_does_not_bring_an_older_address_back(client, tom):
    older = token_of(tom, "tom.old@gmail.com")
    client.post(reverse("accounts:address-confirm", args=[token_of(tom, OWN)]))
    response = client.post(reverse("accounts:address-confirm", args=[older]))
    tom.refresh_from_db()
    assert (response.status_code, tom.personal_email) == (400, OWN)


def test_a_damaged_or_old_link_says_so(client, tom, monkeypatch):
    import time

    token = token_of(tom, OWN)
    assert client.get(reverse("accounts:address-confirm", args=[token + "x"])).status_code == 400
    later = time.time() + 4 * 86_400
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert client.get(reverse("accounts:address-confirm", args=[token])).status_code == 400


def test_an_address_of_somebody_else_is_told_only_to_who_opens_its_mailbox(client, tom):
    UserFactory(email=OWN)
    page = client.post("/profile/address/", {"address": OWN}, follow=True).content.decode()
    assert "We have sent a link" in page
    with pytest.raises(UnableToSetAddress, match="Another account"):
        confirm_address(by=tom, token=token_of(tom, OWN), at=AT)


def test_five_links_an_hour(tom):
    for number in range(5):
        ask_for_address(by=tom, address=f"tom{number}@gmail.com", at=AT)
    with pytest.raises(UnableToSetAddress, match="Try again in an hour"):
        ask_for_address(by=tom, address="tom6@gmail.com", at=AT)
    ask_for_address(by=tom, address="tom6@gmail.com", at=AT + dt.timedelta(hours=2))


def test_who_signs_in_with_a_private_mailbox_says_so_with_one_press(sign_in, school):
    person = UserFactory(email="beata@gmail.com")
    PostFactory(person=person, organisation=school, job_role=JobRole.CHILDMINDER)
    EmailAddress.objects.create(user=person, email="beata@gmail.com", verified=True, primary=True)
    client = sign_in(person)
    assert "Keep your record when you leave" not in client.get("/profile/").content.decode()
    client.post("/profile/address/own/")
    person.refresh_from_db()
    assert person.personal_email == "beata@gmail.com"


def test_an_employers_address_is_not_made_ones_own_by_a_press(client, tom):
    page = client.post("/profile/address/own/", follow=True).content.decode()
    tom.refresh_from_db()
    assert "belongs to an employer" in page
    assert tom.personal_email is None


def test_the_question_is_put_away_and_the_address_taken_back(client, tom):
    client.post("/profile/address/not-now/")
    assert "Keep your record when you leave" not in client.get("/profile/").content.decode()
    User.objects.filter(pk=tom.pk).update(personal_email=OWN)
    client.post("/profile/address/remove/")
    tom.refresh_from_db()
    assert tom.personal_email is None


def test_allauths_list_of_addresses_is_closed(client, tom):
    assert client.get("/accounts/email/").url == "/profile/"
    response = client.post("/accounts/email/", {"action_add": "", "email": "any@evil.example"})
    assert response.status_code == 405
    assert not EmailAddress.objects.filter(email="any@evil.example").exists()


def test_nobody_else_sees_the_address(area, school, tom, sign_in):
    User.objects.filter(pk=tom.pk).update(personal_email=OWN)
    lead = RoleGrantFactory(role=Role.SETTING_LEAD, local_area=area, organisation=school).person
    client = sign_in(lead)
    for path in ("/people/", reverse("accounts:person", args=[tom.public_id])):
        assert OWN not in client.get(path).content.decode()


# --- Leaving --------------------------------------------------------------------------------------


def test_the_sign_in_becomes_ones_own_the_day_after_the_last(tom, client):
    UserSession.objects.create(
        user=tom,
        session_key=client.session.session_key,
        ip="127.0.0.1",
        user_agent="x",
    )
    leave(tom, TODAY)
    assert hand_over_sign_ins(at=AT) == 0  # the last day is still a working day
    assert hand_over_sign_ins(at=AT + DAY) == 1

    tom.refresh_from_db()
    assert tom.email == OWN
    assert list(EmailAddress.objects.filter(user=tom).values_list("email", "verified")) == [
        (OWN, True)
    ]
    assert client.get("/profile/").status_code == 302  # the session has ended
    assert not can_sign_in(WORK)
    assert can_sign_in(OWN)
    assert AuditEvent.objects.filter(verb="sign_in.handed_over").count() == 1
    letters = {letter.to[0]: letter.body for letter in deliver()}
    assert set(letters) == {WORK, OWN}
    assert "does not sign in" in letters[WORK]
    assert OWN not in letters[WORK]
    assert WORK not in str(Outbox.objects.values_list("payload", flat=True))


def test_handing_over_twice_is_once(tom):
    leave(tom)
    assert [hand_over_sign_ins(at=AT), hand_over_sign_ins(at=AT)] == [1, 0]


def test_the_old_mailbox_gets_no_password_link_after_that(tom):
    leave(tom)
    hand_over_sign_ins(at=AT)
    deliver()
    mail.outbox.clear()
    Client().post(reverse("account_reset_password"), {"email": WORK})
    assert not any("/password/reset/key/" in letter.body for letter in mail.outbox)


def _still_employed(person, area):
    PostFactory(person=person, organisation=OrganisationFactory(local_area=area))


def _holds_a_role(person, area):
    RoleGrantFactory(person=person, role=Role.STEWARD, local_area=area)


def _is_suspended(person, area):
    User.objects.filter(pk=person.pk).update(suspended_at=AT)


def _has_given_none(person, area):
    User.objects.filter(pk=person.pk).update(personal_email=None)


def _has_lost_it_to_another(person, area):
    UserFactory(email=OWN)


@pytest.mark.parametrize(
    "unless",
    [
        _holds_a_role,
        _is_suspended,
        _has_given_none,
        _has_lost_it_to_another,
    ],
)
def test_nothing_is_handed_over_unless_everything_has_ended(tom, area, unless):
    leave(tom)
    unless(tom, area)
    assert hand_over_sign_ins(at=AT) == 0
    tom.refresh_from_db()
    assert tom.email == WORK


def test_without_an_address_of_ones_own_the_work_one_still_opens_the_record(tom, client):
    leave(tom, own=None)
    hand_over_sign_ins(at=AT)
    page = client.get("/profile/").content.decode()
    assert "You still sign in with an address of your last employer" in page
    assert client.get("/my-record/").status_code == 200


def test_one_mail_two_weeks_before_the_last_day(tom):
    leave(tom, TODAY + 20 * DAY, own=None)
    assert promise_leaving_mails(at=AT) == 0
    assert promise_leaving_mails(at=AT + 6 * DAY) == 1
    assert promise_leaving_mails(at=AT + 7 * DAY) == 0
    [letter] = deliver()
    assert letter.to == [WORK]
    assert "Give an address of your own" in letter.body
    assert "11 October 2026" in letter.body
    assert promise_leaving_mails(at=AT + 8 * DAY) == 0


def test_the_mail_says_which_address_takes_over(tom):
    leave(tom, TODAY + 5 * DAY)
    promise_leaving_mails(at=AT)
    [letter] = deliver()
    assert f"you sign in with your own address, {OWN}" in letter.body


def test_no_mail_where_another_post_goes_on_or_the_end_was_taken_back(tom, area):
    leave(tom, TODAY + 5 * DAY, own=None)
    _still_employed(tom, area)
    assert promise_leaving_mails(at=AT) == 0
    tom.posts.exclude(ends_on=TODAY + 5 * DAY).delete()
    assert promise_leaving_mails(at=AT) == 1
    tom.posts.update(ends_on=None)
    assert deliver() == []


def test_a_fixed_end_takes_its_roles_along(tom, school, area):
    grant = RoleGrantFactory(
        person=tom, role=Role.SETTING_LEAD, local_area=area, organisation=school
    )
    elsewhere = RoleGrantFactory(person=tom, role=Role.REVIEWER, local_area=area)
    leave(tom, TODAY)
    assert end_roles_of_leavers(at=AT) == 0
    assert end_roles_of_leavers(at=AT + DAY) == 1
    assert RoleGrant.objects.get(pk=grant.pk).ends_on == TODAY
    assert RoleGrant.objects.get(pk=elsewhere.pk).ends_on is None
    assert end_roles_of_leavers(at=AT + DAY) == 0


def test_what_a_merged_account_gave_is_this_persons_own(tom):
    second = UserFactory(personal_email=OWN)
    assert is_taken(OWN, tom)

    User.objects.filter(pk=second.pk).update(merged_into=tom, is_active=False)

    assert not is_taken(OWN, tom)
    assert is_taken(OWN, UserFactory())
