"""Colm's journey: exceptions first, filters in the address, why, a nudge, the same rows as CSV."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_colm_begins_with_who_is_overdue_and_nudges_them(
    visit: Callable[..., Any], good: Callable[[Any], None], screen: tuple[int, int]
) -> None:
    page = visit("Colm Devlin", screen)
    page.get_by_role("heading", name="7 overdue, 4 due soon").wait_for()
    good(page)
    page.get_by_role("link", name=re.compile("^See who")).press("Enter")
    page.get_by_role("heading", level=1, name="My team").wait_for()
    assert "status=todo" in page.url
    good(page)

    # The numbers are links; the filter lives in the address.
    page.goto("/team/")
    page.get_by_role("link", name=re.compile("^7")).first.press("Enter")
    page.wait_for_url(re.compile("status=overdue"))
    good(page)
    names = page.locator("tbody th[scope=row]").all_inner_texts()
    assert 1 <= len(names) <= 7

    # The export is exactly what is on the screen.
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("^Export")).press("Enter")
    with open(waiting.value.path(), encoding="utf-8-sig", newline="") as file:
        exported = list(csv.reader(file))
    assert len(exported) - 1 == len(names)
    assert all(any(name in ",".join(row) for row in exported[1:]) for name in names)

    # Each cell says why.
    page.locator("tbody .wm-status").first.press("Enter")
    page.get_by_text(re.compile("overdue|expired", re.IGNORECASE)).first.wait_for()
    good(page)
    page.go_back()

    page.locator("tbody input[type=checkbox]").first.press("Space")
    page.get_by_role("button", name="Nudge").press("Enter")
    page.get_by_role("button", name="Send").wait_for()
    good(page)
    page.get_by_role("button", name="Send").press("Enter")
    page.get_by_role("heading", level=1, name="My team").wait_for()
    told = page.get_by_text(re.compile("^A reminder about .* goes to 1 person"))
    assert told.locator("visible=true").count()


def test_colm_sees_no_other_team_and_no_one_s_setting(
    visit: Callable[..., Any], screen: tuple[int, int]
) -> None:
    page = visit("Colm Devlin", screen)
    page.goto("/team/?q=Akinwale")
    assert page.get_by_text("Tom Akinwale").count() == 0
    assert page.goto("/impact/").status in (403, 404)
    assert page.get_by_role("heading", level=1).count() == 1
