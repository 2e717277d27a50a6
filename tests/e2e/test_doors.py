"""What everybody passes: the public home, the sign-in, search, help, and missing pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_visitor_finds_the_way_in(
    visit: Callable[..., Any], good: Callable[[Any], None], screen: tuple[int, int]
) -> None:
    page = visit(None, screen)
    for path in ("/", "/courses/", "/resources/", "/accounts/login/", "/search/?q=autism"):
        assert page.goto(path).status == 200
        good(page)
    for path in ("/accessibility/", "/privacy/", "/cookies/", "/contact/"):
        assert page.goto(path).status == 200
        good(page)
    assert page.goto("/not-a-page/").status == 404
    good(page)
    page.goto("/my-learning/")
    assert "/accounts/login/" in page.url


def test_the_first_tab_stop_skips_to_the_content(visit: Callable[..., Any]) -> None:
    page = visit(None)
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_page_of_a_setting_lead(
    visit: Callable[..., Any], good: Callable[[Any], None], screen: tuple[int, int]
) -> None:
    page = visit("Nadia Ferreira", screen)
    good(page)
    for path in ("/setting/", "/setting/sessions/new/", "/team/"):
        assert page.goto(path).status == 200
        good(page)
    assert re.search("64", page.goto("/team/").text())


def test_signing_out_ends_the_session(visit: Callable[..., Any]) -> None:
    page = visit("Tom Akinwale")
    page.locator("summary", has_text="Tom").press("Enter")
    page.get_by_role("button", name="Sign out").press("Enter")
    page.wait_for_load_state()
    page.goto("/my-learning/")
    assert "/accounts/login/" in page.url
