"""Limits stop whoever guesses, and nobody else."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


@pytest.fixture
def person(area):
    person = UserFactory()
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def _try(person, password: str, address: str) -> bool:
    response = Client(REMOTE_ADDR=address).post(
        "/accounts/login/", {"login": person.email, "password": password}
    )
    return response.status_code == 302


def test_guessing_elsewhere_does_not_lock_the_owner_out(person):
    for guess in range(8):
        assert not _try(person, f"wrong {guess}", "192.0.2.66")

    # Not even the right password helps where too many were tried, and everywhere else it does.
    assert not _try(person, PASSWORD, "192.0.2.66")
    assert _try(person, PASSWORD, "198.51.100.7")


def test_certificate_checks_are_counted_for_the_visitor_and_not_for_the_proxy(area, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    proxy = Client(REMOTE_ADDR="10.0.0.1")

    def check(address: str) -> int:
        # Whatever the visitor writes into the header comes before what the proxy adds.
        header = f"203.0.113.{check.tries % 250}, {address}"
        check.tries += 1
        return proxy.get("/certificates/NOTACODE/", headers={"x-forwarded-for": header}).status_code

    check.tries = 0
    answers = [check("192.0.2.66") for _ in range(40)]

    assert 429 in answers
    assert check("198.51.100.7") == 404
