"""The screens and services with which administrators set up employers' sign-in."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import OrganisationKind, Role
from accounts.models import AuditEvent, SignInService
from accounts.oidc import configuration
from accounts.services import sign_in_services as services
from core import clock
from tests.factories.accounts import OrganisationFactory, RoleGrantFactory, UserFactory

pytestmark = pytest.mark.django_db

TENANT = "8f4bd1a2-6f0e-4a52-9a0c-2d9c1f6b7e10"


@pytest.fixture
def admin(area):
    return RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=area).person


@pytest.fixture
def school(area):
    return OrganisationFactory(local_area=area, name="Otterford Primary")


def add(by: Any, area: Any, organisation: Any, **changes: Any) -> SignInService:
    told = {
        "name": "Otterford Primary",
        "slug": "otterford",
        "kind": "entra",
        "tenant": TENANT,
        "client_id": "an-application",
    }
    return services.add_service(
        by=by, local_area=area, organisation=organisation, at=clock.now(), **(told | changes)
    )


def test_an_administrator_adds_a_service_on_screen(admin, school, sign_in):
    client = sign_in(admin)
    assert b"No sign-in services yet" in client.get("/sign-in-services/").content

    answer = client.post(
        "/sign-in-services/add/",
        {
            "organisation": school.pk,
            "name": "Otterford Primary",
            "slug": "Otter_ford",
            "kind": "entra",
            "tenant": TENANT.upper(),
            "client_id": " an-application ",
        },
    )

    assert answer.url == "/sign-in-services/otter-ford/"
    service = SignInService.objects.get()
    assert service.server_url == f"https://login.microsoftonline.com/{TENANT}/v2.0"
    assert (service.tenant, service.client_id) == (TENANT, "an-application")
    page = client.get(answer.url).content.decode()
    assert "http://testserver/accounts/oidc/otter-ford/login/callback/" in page
    assert "SIGN_IN_SECRET_OTTER_FORD" in page
    assert "The client secret is not set yet" in page
    assert AuditEvent.objects.get(verb="sign_in_service.added").actor == admin.public_id


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tenant": "common"}, "tenant"),
        ({"tenant": "not a guid"}, "tenant"),
        ({"kind": "google", "tenant": "no domain"}, "tenant"),
        ({"server_url": "http://login.example.org/" + TENANT}, "server_url"),
        ({"server_url": f"https://127.0.0.1/{TENANT}"}, "server_url"),
        ({"server_url": "https://login.microsoftonline.com/common/v2.0"}, "server_url"),
    ],
    ids=str,
)
def test_what_would_let_in_anybody_or_nobody_is_refused(admin, area, school, changes, field):
    with pytest.raises(services.UnableToSaveService) as refused:
        add(admin, area, school, **changes)

    assert refused.value.field == field
    assert not SignInService.objects.exists()


def test_one_service_a_tenant_and_one_spelling_a_name(admin, area, school):
    add(admin, area, school)

    with pytest.raises(services.UnableToSaveService, match="tenant already"):
        add(admin, area, school, slug="other")
    with pytest.raises(services.UnableToSaveService, match="short name"):
        add(admin, area, school, tenant="0c5de3f7-2d1c-4c39-8e06-7a1f0b9d4c22")


def test_only_employers_of_the_area_and_its_academies_trusts(admin, area, other_area, school):
    trust = OrganisationFactory(kind=OrganisationKind.TRUST, urn=None)
    stranger = OrganisationFactory(kind=OrganisationKind.TRUST, urn=None)
    OrganisationFactory(local_area=area, trust=trust)
    team = OrganisationFactory(local_area=area, parent=school)
    foreign = OrganisationFactory(local_area=other_area)

    offered = set(services.employers_of(area))

    assert {school, trust} <= offered
    assert not {stranger, team, foreign} & offered
    with pytest.raises(services.UnableToSaveService):
        add(admin, area, foreign)


def test_others_neither_see_nor_change_services(admin, area, other_area, school, sign_in):
    service = add(admin, area, school)
    neighbour = RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=other_area).person
    trainer = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person
    partial = RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=area, organisation=school).person
    for path in ("", "add/", "otterford/", "otterford/change/"):
        assert sign_in(trainer).get(f"/sign-in-services/{path}").status_code == 403
        assert sign_in(neighbour).get(f"/sign-in-services/{path}").status_code == 403
    assert sign_in(partial).get("/sign-in-services/otterford/").status_code in {403, 404}
    for path in ("switch/", "test/"):
        assert sign_in(trainer).post(f"/sign-in-services/otterford/{path}").status_code == 403
        assert sign_in(admin).get(f"/sign-in-services/otterford/{path}").status_code == 405
    for by in (neighbour, trainer, partial):
        with pytest.raises(PermissionDenied):
            services.switch_service(by=by, service=service, on=False, at=clock.now())
        with pytest.raises(PermissionDenied):
            services.check_connection(by=by, service=service, at=clock.now())


def test_tenant_and_address_stay_as_they_are(admin, area, school, sign_in):
    add(admin, area, school)
    told = {
        "name": "Otterford",
        "client_id": "another",
        "tenant": "evil",
        "server_url": "https://evil.example",
        "vouches_for_second_step": "on",
    }

    sign_in(admin).post("/sign-in-services/otterford/change/", told)

    service = SignInService.objects.get()
    assert (service.name, service.client_id) == ("Otterford", "another")
    assert service.tenant == TENANT
    assert "evil" not in service.server_url
    event = AuditEvent.objects.get(verb="sign_in_service.changed")
    assert event.data == {"vouches_for_second_step": True}


def test_switching_off_and_on_is_audited(admin, area, school, sign_in):
    add(admin, area, school)
    client = sign_in(admin)

    client.post("/sign-in-services/otterford/switch/", {"on": "no"})
    assert not SignInService.objects.get().is_active
    client.post("/sign-in-services/otterford/switch/", {"on": "yes"})
    assert SignInService.objects.get().is_active

    assert AuditEvent.objects.filter(verb__startswith="sign_in_service.switched").count() == 2


class _Answers:
    """Stands for the network: what a service answers, or how it fails."""

    def __init__(self, told: Any) -> None:
        self.told = told

    def get(self, address: str) -> requests.Response:
        if isinstance(self.told, Exception):
            raise self.told
        response = requests.Response()
        response.status_code = 200
        response._content = self.told
        return response


SOUND = (
    '{"issuer": "https://login.microsoftonline.com/%(t)s/v2.0", '
    '"authorization_endpoint": "https://login.microsoftonline.com/%(t)s/oauth2/v2.0/authorize", '
    '"token_endpoint": "%(token)s", '
    '"jwks_uri": "https://login.microsoftonline.com/%(t)s/discovery/v2.0/keys"}'
)
TOKEN = f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ((SOUND % {"t": TENANT, "token": TOKEN}).encode(), "answers and is who it should be"),
        ((SOUND % {"t": "common", "token": TOKEN}).encode(), "It says that it is"),
        (
            (SOUND % {"t": TENANT, "token": "https://10.0.0.1/token"}).encode(),
            "token_endpoint cannot be used",
        ),
        (b"<html>", "does not answer with a configuration"),
        (b"[]", "not a JSON object"),
        (requests.Timeout(), "does not answer in time"),
        (requests.ConnectionError(), "no connection"),
    ],
    ids=["sound", "another issuer", "an address inside", "no json", "a list", "slow", "away"],
)
def test_a_connection_is_tested_without_signing_in(
    admin, area, school, sign_in, monkeypatch, told, words
):
    add(admin, area, school)
    monkeypatch.setattr(configuration, "GuardedSession", lambda: _Answers(told))

    page = sign_in(admin).post("/sign-in-services/otterford/test/").content.decode()

    assert words in page
    assert "The client secret is missing" in page


def test_the_list_takes_the_same_queries_for_one_and_for_thirty(admin, area, school, sign_in):
    add(admin, area, school)
    client = sign_in(admin)
    client.get("/sign-in-services/")

    with CaptureQueriesContext(connection) as one:
        client.get("/sign-in-services/")
    for number in range(29):
        service = add(
            admin, area, school, slug=f"s{number}", kind="google", tenant=f"s{number}.example"
        )
        SocialAccount.objects.create(user=UserFactory(), provider=service.slug, uid="x")
    with CaptureQueriesContext(connection) as many:
        page = client.get("/sign-in-services/").content.decode()

    assert len(many) == len(one)
    assert page.count("No secret") == 30


@pytest.mark.browser
def test_the_screens_are_readable_for_everybody(browse, admin, area, school, screen, accessible):
    add(admin, area, school)
    page = browse(admin, size=screen)
    for path in (
        "/sign-in-services/",
        "/sign-in-services/otterford/",
        "/sign-in-services/add/",
        "/people/sign-in/?q=" + admin.family_name,
        f"/people/{admin.public_id}/suspend/",
        "/accounts/sessions/",
        "/accounts/3rdparty/",
        "/second-step/",
    ):
        page.goto(path)
        accessible(page)
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not wide, path
