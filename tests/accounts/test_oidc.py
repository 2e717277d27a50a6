"""Sign-in by an employer's directory, against a real OpenID Connect provider in another process."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import html
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import jwt
import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.enums import InvitationKind, OrganisationKind, Role, SignInServiceKind
from accounts.models import AuditEvent, Invitation, SignInService, User
from accounts.oidc.identity import UntrustedToken, identity_of
from accounts.oidc.outgoing import ForbiddenAddress, GuardedSession, check_address
from accounts.oidc.provider import EmployerOAuth2Adapter
from core import clock
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)

TENANT = "8f4bd1a2-6f0e-4a52-9a0c-2d9c1f6b7e10"
OTHER_TENANT = "0c5de3f7-2d1c-4c39-8e06-7a1f0b9d4c22"
WREN = "5b1f7c1e-3a42-4f6b-9d55-0e6a8c7b2f31"
ROWAN = "c2a9d0f4-7b18-4e7d-8a3c-6f5e4d3c2b1a"
CALLBACK = "http://testserver/accounts/oidc/otterford/login/callback/"


@dataclass
class Provider:
    """The process, and how to tell it what to say."""

    process: subprocess.Popen[str]
    issuer: str

    def order(self, **order: Any) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline().strip() == "done"

    def say(self, **claims: Any) -> None:
        """Put these claims into the next ID tokens, and into what userinfo answers."""
        self.order(say={"id_token": claims})


@pytest.fixture(scope="module")
def provider(tmp_path_factory) -> Iterator[Provider]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.oidc_provider.run"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent.parent,
        env={
            **os.environ,
            "OIDC_FOLDER": str(tmp_path_factory.mktemp("provider")),
            "OIDC_PORT": str(port),
            "OIDC_TENANT": TENANT,
        },
    )
    assert process.stdout
    assert process.stdout.readline().strip() == "ready"
    yield Provider(process, f"http://127.0.0.1:{port}/{TENANT}/v2.0")
    assert process.stdin
    process.stdin.close()
    process.wait(timeout=20)


@pytest.fixture(autouse=True)
def _loopback(settings, monkeypatch):
    settings.OIDC_LOOPBACK = True
    monkeypatch.setenv("SIGN_IN_SECRET_OTTERFORD", "a secret of the client")


@pytest.fixture
def school(area):
    return OrganisationFactory(local_area=area, name="Otterford Primary")


@pytest.fixture
def service(provider, school, area) -> SignInService:
    provider.order(redirect_uris=[CALLBACK])
    provider.say(tid=TENANT, oid=WREN)
    return SignInService.objects.create(
        local_area=area,
        organisation=school,
        slug="otterford",
        name="Otterford Primary",
        kind=SignInServiceKind.ENTRA,
        server_url=provider.issuer,
        tenant=TENANT,
        client_id="waymark",
    )


@pytest.fixture
def wren(school, service) -> User:
    """A teacher whose account in the directory is linked."""
    person = PostFactory(organisation=school).person
    SocialAccount.objects.create(user=person, provider="otterford", uid=f"{TENANT}|{WREN}")
    return person


def go(client: Client, query: str = "") -> str:
    """Press the button; return the address the page leads to."""
    page = client.post(f"/accounts/oidc/otterford/login/{query}")
    assert page.status_code == 200, page.headers
    (address,) = re.findall(r'url=([^"]+)"', page.content.decode())
    return html.unescape(address)


def at_the_provider(address: str, name: str = "wren") -> str:
    """Sign in there as a person would; return the address they are sent back to."""
    session = requests.Session()
    session.trust_env = False
    page = session.get(address)
    (token,) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[:1]
    sent = {"login": name, "password": "a passphrase at work", "csrfmiddlewaretoken": token}
    answer = session.post(page.url, data=sent, allow_redirects=False)
    while (
        urlsplit(location := urljoin(page.url, answer.headers["Location"])).path
        != urlsplit(CALLBACK).path
    ):
        answer = session.get(location, allow_redirects=False)
    return location


def come_back(client: Client, address: str) -> Any:
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


def sign_in_there(client: Client | None = None, query: str = "") -> tuple[Client, Any]:
    client = client or Client(REMOTE_ADDR="192.0.2.10")
    return client, come_back(client, at_the_provider(go(client, query)))


def confirmed(person: User) -> Client:
    """A client that has signed in just now."""
    client = Client(REMOTE_ADDR="192.0.2.10")
    client.force_login(person)
    return client


# --- Signing in ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_linked_person_signs_in_with_their_account_at_work(wren):
    client, answer = sign_in_there()

    assert answer.status_code == 302
    assert answer.url == "/"
    assert client.session["_auth_user_id"] == str(wren.pk)


@pytest.mark.django_db
def test_the_way_there_carries_a_state_a_nonce_and_a_proof_key(service):
    asked = parse_qs(urlsplit(go(Client(REMOTE_ADDR="192.0.2.10"))).query)

    assert asked["client_id"] == ["waymark"]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["nonce"][0]) == 32
    assert asked["state"][0]
    assert set(asked["scope"][0].split()) == {"openid", "profile"}
    assert asked["redirect_uri"] == [CALLBACK]


@pytest.mark.django_db
def test_the_address_bar_adds_nothing_to_what_is_asked(service):
    query = "?scope=offline_access&auth_params=prompt%3Dnone%26login_hint%3Dx"

    asked = parse_qs(urlsplit(go(Client(REMOTE_ADDR="192.0.2.10"), query)).query)

    assert set(asked["scope"][0].split()) == {"openid", "profile"}
    assert "login_hint" not in asked


@pytest.mark.django_db
def test_somebody_unknown_gets_one_clear_page_and_no_account(service):
    people = User.objects.count()

    client, answer = sign_in_there()

    assert answer.status_code == 403
    assert b"Your account here is not linked yet" in answer.content
    assert "_auth_user_id" not in client.session
    assert User.objects.count() == people
    event = AuditEvent.objects.get(verb="refused.sign_in_service")
    assert event.data["why"] == "not_linked"


@pytest.mark.django_db
def test_nobody_is_linked_by_their_address(service, provider, school):
    from allauth.account.models import EmailAddress

    head = PostFactory(organisation=school).person
    EmailAddress.objects.create(user=head, email=head.email, verified=True, primary=True)
    provider.say(tid=TENANT, oid=WREN, email=head.email, email_verified=True)

    client, answer = sign_in_there()

    assert answer.status_code == 403
    assert "_auth_user_id" not in client.session
    assert not SocialAccount.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "claims",
    [
        {"oid": WREN},
        {"tid": TENANT},
        {"tid": OTHER_TENANT, "oid": WREN},
        {"tid": [TENANT], "oid": WREN},
        {"tid": TENANT, "oid": "not-a-guid"},
        {"tid": TENANT, "oid": f"{WREN}|{ROWAN}"},
    ],
    ids=["no tenant", "no subject", "another tenant", "a list", "no guid", "two"],
)
def test_a_token_of_no_tenant_or_another_one_is_refused(wren, provider, claims):
    provider.say(**claims)

    client, answer = sign_in_there()

    assert answer.status_code == 401
    assert b"did not confirm who you are" in answer.content
    assert "_auth_user_id" not in client.session
    assert AuditEvent.objects.filter(verb="refused.sign_in_service").exists()


@pytest.mark.django_db
def test_userinfo_cannot_name_another_person_or_tenant_than_the_token(wren, provider):
    provider.order(
        say={
            "id_token": {"tid": OTHER_TENANT, "oid": ROWAN},
            "userinfo": {"tid": TENANT, "oid": WREN},
        }
    )

    client, answer = sign_in_there()

    assert answer.status_code == 401
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changed", [{"iss": "https://evil.example"}, {"aud": "another-app"}, {"exp": 1}]
)
def test_a_token_of_another_issuer_or_for_another_application_or_old_is_refused(
    wren, provider, changed
):
    provider.order(say={"id_token": {"tid": TENANT, "oid": WREN}, "token": changed})

    client, answer = sign_in_there()

    assert answer.status_code == 401
    assert "_auth_user_id" not in client.session


def _tampered(token: str) -> str:
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["oid"] = ROWAN
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"{head}.{forged}.{signature}"


def _claims(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "forge",
    [
        _tampered,
        lambda token: jwt.encode(_claims(token), None, algorithm="none"),
        lambda token: jwt.encode(
            _claims(token),
            "a secret of the client, made long enough to be one",
            algorithm="HS256",
            headers={"kid": jwt.get_unverified_header(token)["kid"]},
        ),
        lambda token: "not a token",
        lambda token: None,
    ],
    ids=["changed", "unsigned", "signed with a shared secret", "nonsense", "missing"],
)
def test_a_token_whose_signature_is_not_the_services_is_refused(
    wren, service, provider, monkeypatch, forge
):
    fetch = EmployerOAuth2Adapter.get_access_token_data

    def forged(self, *args, **kwargs):
        data = fetch(self, *args, **kwargs)
        data["id_token"] = forge(data["id_token"])
        return data

    monkeypatch.setattr(EmployerOAuth2Adapter, "get_access_token_data", forged)

    client, answer = sign_in_there()

    assert answer.status_code == 401
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_a_token_given_out_for_another_sign_in_is_refused(wren, service, monkeypatch):
    fetch = EmployerOAuth2Adapter.complete_login

    def other_nonce(self, *args, **kwargs):
        login = fetch(self, *args, **kwargs)
        login.nonce = "of another sign-in"
        return login

    monkeypatch.setattr(EmployerOAuth2Adapter, "complete_login", other_nonce)

    client, answer = sign_in_there()

    assert answer.status_code == 401
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_an_answer_for_another_browser_or_twice_opens_nothing(wren):
    mine, stranger = Client(REMOTE_ADDR="192.0.2.10"), Client(REMOTE_ADDR="192.0.2.66")
    address = at_the_provider(go(mine))

    assert come_back(stranger, address).status_code == 401
    assert come_back(mine, address).status_code == 302
    mine.logout()
    assert come_back(mine, address).status_code == 401


@pytest.mark.django_db
def test_a_service_of_the_next_area_or_switched_off_is_not_there(wren, service, other_area):
    elsewhere = Client(REMOTE_ADDR="192.0.2.10", HTTP_HOST="eastmarch.localhost")
    assert elsewhere.post("/accounts/oidc/otterford/login/").status_code == 404

    service.is_active = False
    service.save()
    assert Client().post("/accounts/oidc/otterford/login/").status_code == 404
    assert b"Otterford Primary" not in Client().get("/accounts/login/").content


@pytest.mark.django_db
def test_the_sign_in_page_shows_the_services_of_its_area(service, other_area):
    assert b"Sign in with Otterford Primary" in Client().get("/accounts/login/").content
    elsewhere = Client(HTTP_HOST="eastmarch.localhost").get("/accounts/login/").content
    assert b"Otterford" not in elsewhere


@pytest.mark.django_db
def test_a_get_only_asks(service):
    page = Client().get("/accounts/oidc/otterford/login/")

    assert page.status_code == 200
    assert b"Continue" in page.content
    assert b"http-equiv" not in page.content


@pytest.mark.django_db
def test_a_service_that_does_not_answer_is_said_to_be_away(service):
    service.server_url = "http://127.0.0.1:9/nothing"
    service.save()

    answer = Client().post("/accounts/oidc/otterford/login/")

    assert answer.status_code == 503
    assert b"does not answer at the moment" in answer.content


# --- Who may use it ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_when_the_post_there_ends_the_service_lets_the_person_in_no_more(wren, today):
    post = wren.posts.get()
    post.ends_on = today - dt.timedelta(days=1)
    post.save()

    client, answer = sign_in_there()

    assert answer.status_code == 403
    assert b"does not sign you in any more" in answer.content
    assert b"Your own record stays yours" in answer.content
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_a_suspended_person_does_not_come_in_by_it(wren):
    wren.is_active, wren.suspended_at = False, clock.now()
    wren.save()

    client, _ = sign_in_there()

    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_one_who_vouches_for_a_second_step_is_believed_and_another_is_not(wren, service, settings):
    settings.SECOND_STEP_ENFORCED = True
    RoleGrantFactory(
        person=wren,
        role=Role.SETTING_LEAD,
        local_area=service.local_area,
        organisation=service.organisation,
    )
    client, _ = sign_in_there()
    assert client.get("/my-learning/").url.startswith("/second-step/")

    service.vouches_for_second_step = True
    service.save()
    client, _ = sign_in_there()
    assert client.get("/my-learning/").status_code == 200


@pytest.mark.django_db
def test_a_trusts_directory_is_its_academies_and_nobody_elses(service, area, today):
    from accounts.services.linked_accounts import may_link

    trust = OrganisationFactory(local_area=area, kind=OrganisationKind.TRUST)
    academy = OrganisationFactory(local_area=area, trust=trust)
    service.organisation = trust
    service.save()

    assert may_link(PostFactory(organisation=academy).person, service, on=today)
    stranger = PostFactory(organisation=OrganisationFactory(local_area=area)).person
    assert not may_link(stranger, service, on=today)
    grant = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area)
    assert not may_link(grant.person, service, on=today)
    authority = OrganisationFactory(local_area=area, kind=OrganisationKind.LOCAL_AUTHORITY)
    service.organisation = authority
    assert may_link(grant.person, service, on=today)


# --- Linking -------------------------------------------------------------------------------------


def invite(person: User, organisation: Any) -> None:
    now = clock.now()
    Invitation.objects.create(
        person=person,
        organisation=organisation,
        kind=InvitationKind.MAIL,
        address=person.email,
        secret_digest=f"{person.pk:064}",
        made_at=now,
        expires_at=now + dt.timedelta(days=14),
    )


@pytest.mark.django_db
def test_an_invited_person_joins_with_their_account_at_work(service, school, today):
    person = PostFactory(organisation=school).person
    invite(person, school)
    client = Client(REMOTE_ADDR="192.0.2.10")
    session = client.session
    session["accounts.invitation"] = [person.invitations.get().pk, time.time() + 60]
    session.save()

    client, answer = sign_in_there(client)

    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)
    account = SocialAccount.objects.get()
    assert (account.user, account.uid) == (person, f"{TENANT}|{WREN}")
    assert account.extra_data == {"tenant": TENANT, "subject": WREN}
    assert person.invitations.get().accepted_at is not None

    again, _ = sign_in_there()
    assert again.session["_auth_user_id"] == str(person.pk)


@pytest.mark.django_db
def test_an_invitation_left_open_is_not_accepted_by_the_next_person_at_the_computer(
    service, school, today
):
    person = PostFactory(organisation=school).person
    invite(person, school)
    client = Client(REMOTE_ADDR="192.0.2.10")
    session = client.session
    session["accounts.invitation"] = [person.invitations.get().pk, time.time() - 1]
    session.save()

    client, answer = sign_in_there(client)

    assert answer.status_code == 403
    assert not SocialAccount.objects.exists()
    assert person.invitations.get().accepted_at is None


@pytest.mark.django_db
def test_an_invitation_of_another_employer_is_not_accepted_with_this_service(service, area):
    elsewhere = OrganisationFactory(local_area=area)
    person = PostFactory(organisation=elsewhere).person
    invite(person, elsewhere)
    client = Client(REMOTE_ADDR="192.0.2.10")
    session = client.session
    session["accounts.invitation"] = [person.invitations.get().pk, time.time() + 60]
    session.save()

    client, answer = sign_in_there(client)

    assert answer.status_code == 403
    assert not SocialAccount.objects.exists()
    assert person.invitations.get().accepted_at is None
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_a_signed_in_person_links_the_service_of_their_employer(service, school):
    person = PostFactory(organisation=school).person
    client = confirmed(person)
    assert b"Otterford Primary" in client.get("/accounts/3rdparty/").content

    client, answer = sign_in_there(client, "?process=connect")

    assert answer.url == "/accounts/3rdparty/"
    assert SocialAccount.objects.get(user=person).uid == f"{TENANT}|{WREN}"
    event = AuditEvent.objects.get(verb="sign_in.service_linked")
    assert event.subject == person.public_id


@pytest.mark.django_db
def test_linking_needs_proof_that_it_is_still_them(service, school):
    person = PostFactory(organisation=school).person
    person.set_password("correct horse battery")
    person.save()
    client = Client(REMOTE_ADDR="192.0.2.10")
    client.force_login(person)
    session = client.session
    session["began_at"] -= 6 * 60
    session.save()

    answer = client.get("/accounts/oidc/otterford/login/?process=connect")

    assert answer.url.startswith("/accounts/reauthenticate/")
    assert Client().get("/accounts/oidc/otterford/login/?process=connect").status_code == 404


@pytest.mark.django_db
def test_somebody_elses_employers_service_cannot_be_linked(service, area):
    stranger = PostFactory(organisation=OrganisationFactory(local_area=area)).person
    client = confirmed(stranger)
    assert b"Otterford" not in client.get("/accounts/3rdparty/").content

    client, answer = sign_in_there(client, "?process=connect")

    assert answer.status_code == 403
    assert not SocialAccount.objects.exists()


@pytest.mark.django_db
def test_an_account_at_work_signs_in_one_person_only(wren, school):
    other = PostFactory(organisation=school).person

    sign_in_there(confirmed(other), "?process=connect")

    assert list(SocialAccount.objects.values_list("user", flat=True)) == [wren.pk]


@pytest.mark.django_db
def test_a_linked_account_goes_again_unless_it_is_the_only_way_in(wren):
    account = SocialAccount.objects.get()
    client = confirmed(wren)
    client.post(f"/sign-in-services/linked/{account.pk}/remove/")
    assert SocialAccount.objects.exists(), "no password, no passkey"

    wren.set_password("correct horse battery")
    wren.save()
    other = confirmed(UserFactory())
    assert other.post(f"/sign-in-services/linked/{account.pk}/remove/").status_code == 404
    confirmed(wren).post(f"/sign-in-services/linked/{account.pk}/remove/")

    assert not SocialAccount.objects.exists()
    assert AuditEvent.objects.filter(verb="sign_in.service_unlinked").exists()


# --- Google Workspace ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_google_is_keyed_on_domain_and_subject(wren, service, provider):
    service.kind, service.tenant = SignInServiceKind.GOOGLE, "otterford.example"
    service.save()
    SocialAccount.objects.update(uid="otterford.example|1157")
    provider.say(hd="otterford.example", sub="1157")
    client = Client(REMOTE_ADDR="192.0.2.10")
    asked = parse_qs(urlsplit(go(client)).query)
    assert asked["hd"] == ["otterford.example"]
    assert set(asked["scope"][0].split()) == {"openid", "email"}

    client, _ = sign_in_there()
    assert client.session["_auth_user_id"] == str(wren.pk)

    for claims in ({"sub": "1157"}, {"sub": "1157", "hd": "elsewhere.example"}):
        provider.say(**claims)
        client, answer = sign_in_there()
        assert answer.status_code == 401


# --- Identities, without a network ----------------------------------------------------------------

ENTRA = {
    "kind": SignInServiceKind.ENTRA,
    "tenant": TENANT,
    "server_url": f"https://login.microsoftonline.com/{TENANT}/v2.0",
    "client_id": "waymark",
}


def test_entras_common_issuer_is_not_a_tenants():
    claims = {
        "iss": "https://login.microsoftonline.com/common/v2.0",
        "tid": TENANT,
        "oid": WREN,
        "aud": "waymark",
    }
    with pytest.raises(UntrustedToken):
        identity_of(claims, **ENTRA)
    with pytest.raises(UntrustedToken):
        identity_of(claims, **(ENTRA | {"server_url": claims["iss"]}))


def test_a_token_for_several_applications_must_be_for_ours_first():
    claims = {"iss": ENTRA["server_url"], "tid": TENANT, "oid": WREN, "aud": ["waymark", "other"]}
    with pytest.raises(UntrustedToken):
        identity_of(claims, **ENTRA)

    assert identity_of(claims | {"azp": "waymark"}, **ENTRA).uid == f"{TENANT}|{WREN}"


# --- Where requests may go -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "http://login.example.org/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://intranet/",
        "https://db.internal/",
        "https://user:secret@login.example.org/",
        "file:///etc/passwd",
    ],
)
def test_requests_go_to_public_hosts_over_https_only(settings, address):
    settings.OIDC_LOOPBACK = False

    with pytest.raises(ForbiddenAddress):
        check_address(address)


def test_a_public_name_that_leads_to_this_machine_gets_no_request(settings, monkeypatch, provider):
    settings.OIDC_LOOPBACK = False
    port = urlsplit(provider.issuer).port
    found = socket.getaddrinfo("127.0.0.1", port, type=socket.SOCK_STREAM)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    session = GuardedSession()
    session.trust_env = False

    with pytest.raises(requests.RequestException, match="not public"):
        session.get(f"https://login.example.org:{port}/", verify=False)


def test_a_redirect_to_a_forbidden_address_is_not_followed(monkeypatch, provider, settings):
    settings.OIDC_LOOPBACK = True
    session = GuardedSession()
    session.trust_env = False
    with contextlib.closing(session), pytest.raises(ForbiddenAddress):
        first = requests.Response()
        first.status_code = 302
        first.headers["Location"] = "https://169.254.169.254/"
        first.url = provider.issuer
        first.raw = __import__("io").BytesIO()
        request = requests.Request("GET", provider.issuer).prepare()
        first.request = request
        list(session.resolve_redirects(first, request))


# --- In a browser --------------------------------------------------------------------------------


@pytest.mark.browser
def test_the_whole_way_in_a_browser_under_the_content_security_policy(
    browse, site_url, provider, area, accessible
):
    school = OrganisationFactory(local_area=area, name="Otterford Primary")
    person = PostFactory(organisation=school).person
    SocialAccount.objects.create(user=person, provider="otterford", uid=f"{TENANT}|{WREN}")
    SignInService.objects.create(
        local_area=area,
        organisation=school,
        slug="otterford",
        name="Otterford Primary",
        kind=SignInServiceKind.ENTRA,
        server_url=provider.issuer,
        tenant=TENANT,
        client_id="waymark",
    )
    provider.order(redirect_uris=[f"{site_url}/accounts/oidc/otterford/login/callback/"])
    provider.say(tid=TENANT, oid=WREN)
    page = browse()
    page.goto("/accounts/login/")
    accessible(page)

    page.get_by_role("button", name="Sign in with Otterford Primary").click()
    page.wait_for_url(f"{provider.issuer.split('/' + TENANT)[0]}/**")
    page.get_by_label("Username").fill("wren")
    page.get_by_label("Password").fill("a passphrase at work")
    page.get_by_role("button", name="Sign in").click()

    page.wait_for_url(f"{site_url}/")
    assert page.get_by_text(person.given_name).first.is_visible()
