"""Joining by a mailed link: one person, once, and nothing to be learned from a dead link."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import identify_hasher
from django.core import mail
from django.test import Client

from accounts.enums import InvitationKind, Role, SignInServiceKind
from accounts.invitation_secrets import new_nonce, token_digest, token_of
from accounts.models import AuditEvent, Invitation, SignInService
from accounts.services.invitations import UnableToAccept, accept_with_service
from core import clock
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
PASSWORDS = {"password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def school(area):
    return OrganisationFactory(name="Otterford Primary", local_area=area)


@pytest.fixture
def person(school):
    person = UserFactory(
        given_name="Tom", family_name="Akinwale", email="tom@otterford.example", is_active=False
    )
    PostFactory(person=person, organisation=school)
    return person


@pytest.fixture
def invitation(person, school):
    """An open invitation; its path is on `.path`."""
    nonce = new_nonce()
    invitation = Invitation.objects.create(
        person=person,
        organisation=school,
        kind=InvitationKind.MAIL,
        address=person.email,
        secret_digest=token_digest(token_of(nonce)),
        made_at=clock.now(),
        expires_at=clock.now() + dt.timedelta(days=14),
    )
    invitation.path = f"/join/link/{token_of(nonce)}/"
    return invitation


def test_the_page_says_whose_account_it_is_and_who_invites(client, invitation):
    page = client.get(invitation.path)

    assert page.status_code == 200
    for words in (b"Tom Akinwale", b"Otterford Primary", b"Merrowdale SEND Learning"):
        assert words in page.content
    assert b"At least 12 characters" in page.content


def test_a_scanner_that_follows_the_link_changes_nothing(client, invitation, person):
    before = list(Invitation.objects.values())

    for _ in range(3):
        assert client.get(invitation.path).status_code == 200
        assert client.head(invitation.path).status_code == 200

    assert list(Invitation.objects.values()) == before
    person.refresh_from_db()
    assert not person.is_active
    assert not client.session.keys()


def test_a_password_opens_the_account_and_signs_in(client, invitation, person):
    response = client.post(invitation.path, PASSWORDS, follow=True)

    assert response.redirect_chain[-1][0] == "/join/welcome/"
    assert b"You have joined" in response.content
    person.refresh_from_db()
    assert person.is_active and person.check_password(PASSWORD)
    assert client.session["_auth_user_id"] == str(person.pk)
    address = EmailAddress.objects.get(user=person)
    assert (address.email, address.verified, address.primary) == (person.email, True, True)
    assert UserSession.objects.filter(user=person).count() == 1
    assert AuditEvent.objects.get(verb="invitation.accepted").subject == person.public_id


def test_they_come_back_with_their_address_in_any_case(client, invitation, person):
    client.post(invitation.path, PASSWORDS)

    response = Client().post(
        "/accounts/login/", {"login": "TOM@Otterford.example", "password": PASSWORD}
    )

    assert response.status_code == 302


def test_passwords_are_kept_as_argon2id(client, invitation, person, settings):
    from config.settings import base

    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS

    client.post(invitation.path, PASSWORDS)

    person.refresh_from_db()
    assert person.password.startswith("argon2$argon2id$")
    assert identify_hasher(person.password).memory_cost >= 46 * 1024


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("short", "short", b"too short"),
        ("four words nobody has", "different words altogether", b"The two passwords differ"),
        ("akinwale tom", "akinwale tom", b"too similar to the family name"),
        ("", "", b"Enter password"),
    ],
)
def test_a_poor_password_is_refused_and_the_invitation_stays(
    client, invitation, person, first, second, words
):
    page = client.post(invitation.path, {"password1": first, "password2": second})

    assert words in page.content
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    person.refresh_from_db()
    assert not person.has_usable_password()


def test_the_link_works_once(client, invitation, person):
    client.post(invitation.path, PASSWORDS)

    again = Client()
    assert again.get(invitation.path).status_code == 410
    other = "another long password of mine"
    answer = again.post(invitation.path, {"password1": other, "password2": other})
    assert answer.status_code == 410
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def dead_links(invitation):
    """Every way in which a link opens nothing."""
    nobody = "/join/link/" + token_of(new_nonce()) + "/"
    yield nobody
    yield "/join/link/x/"
    now = clock.now()
    for values in (
        {"expires_at": now - dt.timedelta(seconds=1)},
        {"withdrawn_at": now},
        {"accepted_at": now},
    ):
        undone = {key: None for key in values if key != "expires_at"}
        Invitation.objects.filter(pk=invitation.pk).update(**values)
        yield invitation.path
        Invitation.objects.filter(pk=invitation.pk).update(
            **{"expires_at": now + dt.timedelta(days=1), **undone}
        )


def test_every_dead_link_gets_the_same_answer_which_tells_nothing(client, invitation):
    answers = set()
    for path in dead_links(invitation):
        answer = client.get(path)
        assert answer.status_code == 410
        answers.add(answer.content)

    assert len(answers) == 1
    page = answers.pop()
    for secret in (b"Tom", b"Akinwale", b"Otterford", b"tom@"):
        assert secret not in page
    assert b"ask whoever looks after training at your setting" in page


def test_a_link_mailed_to_an_earlier_address_is_dead(client, invitation, person):
    person.email = "tom.akinwale@otterford.example"
    person.save()

    assert client.get(invitation.path).status_code == 410


def test_a_link_of_somebody_who_has_left_is_dead(client, invitation, person, today):
    person.posts.update(ends_on=today - dt.timedelta(days=1))

    assert client.get(invitation.path).status_code == 410
    assert client.post(invitation.path, PASSWORDS).status_code == 410


@pytest.mark.parametrize("stop", ["suspended_at", "erased_at"])
def test_a_link_of_somebody_shut_out_is_dead(client, invitation, person, stop):
    setattr(person, stop, clock.now())
    person.save()

    assert client.post(invitation.path, PASSWORDS).status_code == 410


def test_an_address_proved_by_another_account_meanwhile_is_not_taken_over(
    client, invitation, person
):
    owner = UserFactory()
    EmailAddress.objects.create(user=owner, email=person.email, verified=True)

    assert client.post(invitation.path, PASSWORDS).status_code == 410
    assert EmailAddress.objects.get(email=person.email).user == owner
    person.refresh_from_db()
    assert not person.is_active


def test_an_address_that_only_looks_alike_opens_nothing(person, client, invitation):
    client.post(invitation.path, PASSWORDS)
    mail.outbox.clear()

    # A dotless i and a long s that fold into the real letters.
    for alike in ("tom@otterford.example".replace("t", "ｔ", 1), "tom@otterforɗ.example"):
        answer = Client().post("/accounts/login/", {"login": alike, "password": PASSWORD})
        assert answer.status_code == 200
        Client().post("/accounts/password/reset/", {"email": alike})
    assert mail.outbox == []


def test_whoever_is_signed_in_on_the_device_is_asked_to_sign_out_first(
    invitation, person, sign_in, school
):
    other = PostFactory(organisation=school).person
    client = sign_in(other)

    assert client.get(invitation.path).status_code == 409
    assert client.post(invitation.path, PASSWORDS).status_code == 409
    person.refresh_from_db()
    assert not person.is_active
    client.post("/accounts/logout/", {"next": invitation.path})
    assert client.get(invitation.path).status_code == 200


def test_no_cache_keeps_the_page_and_no_request_tells_its_address(client, invitation):
    for page in (client.get(invitation.path), client.get("/join/link/none/")):
        assert "no-store" in page.headers["Cache-Control"]
        assert page.headers["Referrer-Policy"] == "strict-origin"


def test_the_form_needs_its_token(invitation, person):
    answer = Client(enforce_csrf_checks=True).post(invitation.path, PASSWORDS)

    assert answer.status_code == 403
    person.refresh_from_db()
    assert not person.is_active


def test_a_role_that_demands_a_second_step_still_does(
    client, invitation, person, area, school, settings
):
    settings.SECOND_STEP_ENFORCED = True
    RoleGrantFactory(person=person, role=Role.SETTING_LEAD, local_area=area, organisation=school)

    client.post(invitation.path, PASSWORDS)

    answer = client.get("/people/invitations/")
    assert answer.status_code == 302
    assert answer.url.startswith("/second-step/")


# --- The employer's own sign-in -------------------------------------------------------------------


@pytest.fixture
def service(area, school):
    return SignInService.objects.create(
        local_area=area,
        organisation=school,
        slug="otterford",
        name="Otterford Primary",
        kind=SignInServiceKind.ENTRA,
        server_url="https://login.example/tenant/v2.0",
        tenant="tenant",
        client_id="client",
    )


def test_the_employers_own_sign_in_is_offered(client, invitation, service):
    page = client.get(invitation.path)

    assert b"Sign in with Otterford Primary" in page.content


def test_choosing_it_remembers_which_invitation(client, invitation, service):
    answer = client.post(f"{invitation.path}service/otterford/")

    assert answer.status_code == 302
    assert client.session["accounts.invitation"][0] == invitation.pk
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_a_service_of_another_employer_is_not_offered(client, invitation, service, area):
    service.organisation = OrganisationFactory(local_area=area)
    service.save()

    assert b"Sign in with" not in client.get(invitation.path).content
    assert client.post(f"{invitation.path}service/otterford/").status_code == 404


def test_accepting_with_a_service_sets_no_password_and_works_once(invitation, person):
    accepted = accept_with_service(invitation.pk, at=clock.now())

    assert accepted == person
    person.refresh_from_db()
    assert person.is_active and not person.has_usable_password()
    with pytest.raises(UnableToAccept):
        accept_with_service(invitation.pk, at=clock.now())


# --- In a browser ---------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_joining_by_keyboard_on_both_screens(
    browse, accessible, screen, invitation, person
) -> None:
    page = browse(None, screen)
    page.goto(invitation.path)
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= screen[0]

    page.focus("input[name=password1]")
    page.keyboard.type("short")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=There is a problem")
    accessible(page)
    for name in ("password1", "password2"):
        page.focus(f"input[name={name}]")
        page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/join/welcome/")

    accessible(page)
    assert "You have joined" in page.inner_text("main")
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_address_of_the_link_is_told_to_no_later_request(browse, invitation) -> None:
    page = browse()
    told: list[str] = []
    page.on("request", lambda request: told.append(request.headers.get("referer", "")))
    page.goto(invitation.path)
    page.fill("input[name=password1]", PASSWORD)
    page.fill("input[name=password2]", PASSWORD)
    page.click("text=Set password and come in")
    page.wait_for_url("**/join/welcome/")

    assert told
    assert [address for address in told if "/join/link/" in address] == []
