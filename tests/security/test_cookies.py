"""Essential cookies only, as the cookie page says: two, for signing in and for forms."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories.accounts import member_of

pytestmark = pytest.mark.django_db
ESSENTIAL = {"sessionid", "csrftoken"}


def test_a_visitor_who_reads_gets_no_cookie(area, client):
    client.get("/")
    client.get("/search/?q=plan")

    assert set(client.cookies) == set()


def test_signing_in_asking_and_being_told_sets_two(area, sign_in):
    client = sign_in(member_of(area))

    for path in ("/", "/my-learning/", reverse("accounts:my-data"), "/search/?q=plan"):
        client.get(path)
    client.post(reverse("accounts:my-copy-make"))

    assert set(client.cookies) <= ESSENTIAL
    assert b"Your copy is ready" in client.get(reverse("accounts:my-data")).content
