"""Passkeys in a real browser, with an authenticator that the browser itself plays."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from accounts.enums import Role
from accounts.models import User
from core import clock
from tests.factories.accounts import OrganisationFactory, PostFactory, RoleGrantFactory

PASSWORD = "correct horse battery"


@pytest.fixture
def lead(area) -> User:
    """A head with a password who has not set up anything yet."""
    school = OrganisationFactory(local_area=area)
    person = PostFactory(organisation=school).person
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    RoleGrantFactory(person=person, role=Role.SETTING_LEAD, local_area=area, organisation=school)
    return person


def with_authenticator(page: Any) -> Any:
    """Give the page a device with a fingerprint reader, as Chromium's developer tools do."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    added = tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return lambda: tools.send(
        "WebAuthn.getCredentials", {"authenticatorId": added["authenticatorId"]}
    )["credentials"]


def sign_in_by_password(page: Any, person: User) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email address or sign-in name").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.browser
def test_a_manager_sets_up_a_passkey_and_then_signs_in_with_it_alone(
    browse, lead, settings, screen, accessible
):
    settings.SECOND_STEP_ENFORCED = True
    page = browse(size=screen)
    credentials = with_authenticator(page)
    sign_in_by_password(page, lead)
    page.wait_for_url("**/second-step/**")
    accessible(page)

    page.get_by_role("link", name="Set up a passkey").click()
    page.wait_for_url("**/webauthn/add/")
    accessible(page)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/recovery-codes/")
    accessible(page)
    assert page.locator(".wm-codes li").count() == 10
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_load_state()
    assert "/second-step/" not in page.url
    (made,) = credentials()
    assert made["isResidentCredential"]
    assert made["rpId"] == "localhost"

    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(lambda url: "/accounts/login" not in url)

    page.goto("/accounts/2fa/webauthn/")
    assert page.get_by_text("Signs in by itself").is_visible()
    accessible(page)
    assert Authenticator.objects.filter(user=lead, type="webauthn").get().last_used_at is not None


@pytest.mark.browser
def test_a_passkey_is_the_second_step_after_a_password(browse, lead):
    page = browse(lead)
    with_authenticator(page)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Sign in with it alone, without my password").uncheck()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/recovery-codes/")

    page.context.clear_cookies()
    sign_in_by_password(page, lead)
    page.wait_for_url("**/2fa/authenticate/")
    page.get_by_role("button", name="Use a passkey or security key").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)

    assert page.goto("/my-learning/").status == 200


@pytest.mark.browser
def test_a_suspended_persons_passkey_opens_nothing(browse, lead, area):
    from accounts.services.suspension import suspend_person

    page = browse(lead)
    with_authenticator(page)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/recovery-codes/")
    admin = RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=area).person
    suspend_person(by=admin, person=lead, local_area=area, reason="Left", at=clock.now())

    page.goto("/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/accounts/inactive/")

    assert page.get_by_text("You cannot sign in at the moment").is_visible()


@pytest.mark.django_db
def test_hosts_of_one_domain_share_passkeys_where_the_installation_says_so(area, settings):
    from allauth.core import context
    from django.test import RequestFactory

    from accounts.passkeys import SecondStepAdapter

    settings.ALLOWED_HOSTS = ["east.learning.example", "learning.example.evil.example"]

    def entity(host: str) -> str:
        request = RequestFactory().get("/", HTTP_HOST=host)
        with context.request_context(request):
            return SecondStepAdapter().get_public_key_credential_rp_entity()["id"]

    assert entity("east.learning.example") == "east.learning.example"
    settings.PASSKEY_DOMAIN = "learning.example"
    assert entity("east.learning.example") == "learning.example"
    assert entity("learning.example.evil.example") == "learning.example.evil.example"
