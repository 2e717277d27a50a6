"""What people read when something is wrong; the worst page needs nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory

from accounts.models import LocalArea, User
from core.policies import policy_of
from tests.factories.accounts import UserFactory
from website import errors


def test_a_missing_page_is_a_404_in_the_house_style(area: LocalArea, client: Client) -> None:
    answer = client.get("/no-such-page/")
    text = answer.content.decode()
    assert answer.status_code == 404
    assert "<h1>Page not found</h1>" in text
    assert 'action="/search/"' in text
    assert "Merrowdale SEND Learning" in text


def test_a_room_of_others_is_a_403_that_says_whom_to_ask(
    area: LocalArea, sign_in: Callable[[User], Client]
) -> None:
    answer = sign_in(UserFactory()).get("/cms/")
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "You cannot open this page" in text
    assert area.contact_email in text


def test_a_failure_of_ours_needs_no_database(django_db_blocker: object) -> None:
    # No `db` fixture here: a query would fail the test.
    answer = errors.server_error(HttpRequest())
    assert answer.status_code == 500
    assert b"Sorry, there is a problem" in answer.content
    assert b"css/waymark.css" in answer.content


def test_a_failure_of_ours_needs_not_even_templates() -> None:
    with patch("website.errors.loader.get_template", side_effect=OSError("disk")):
        answer = errors.server_error(HttpRequest())
    assert answer.status_code == 500
    assert b"<h1>Sorry, there is a problem</h1>" in answer.content


def test_a_view_that_fails_shows_the_house_page(area: LocalArea) -> None:
    client = Client(raise_request_exception=False)
    with patch("website.views.search_groups", side_effect=ZeroDivisionError):
        answer = client.get("/search/?q=maths")
    assert answer.status_code == 500
    assert b"What you had already saved is safe" in answer.content


def test_an_old_form_says_how_not_to_lose_words(area: LocalArea) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/demo/sign-in/", {"person": "tom"})
    assert answer.status_code == 403
    assert b"This form is too old to send" in answer.content
    assert b"Copy anything you do not want to lose" in answer.content


@pytest.mark.parametrize(
    "handler",
    [
        errors.bad_request,
        errors.permission_denied,
        errors.page_not_found,
        errors.server_error,
        errors.csrf_failure,
    ],
)
def test_every_handler_declares_a_policy(handler: Callable) -> None:
    policy = policy_of(handler)
    assert policy is not None
    assert policy.name == "public"


def test_the_page_for_a_bad_request_needs_no_database() -> None:
    answer = errors.bad_request(RequestFactory().get("/"))
    assert answer.status_code == 400
    assert b"Nothing was changed" in answer.content
