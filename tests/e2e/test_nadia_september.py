"""Nadia's September: twelve join by a pasted list, nine leave, one is back from leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HEADINGS = "Employee number\tForename\tSurname\tWork email\tJob title\tStart date"
JOINERS = (
    "Ana Brook", "Ben Carrow", "Cleo Dunn", "Dev Easton", "Ela Frost", "Fay Grange",
    "Gus Hale", "Hana Ives", "Ivo Jarrow", "Jude Kell", "Kit Lorne", "Lia Marsh",
)  # fmt: skip


def press(page: Any, role: str, name: Any) -> None:
    """Focus a control and press Enter: nothing on the way needs a mouse."""
    control = page.get_by_role(role, name=name, exact=True).first
    control.focus()
    page.keyboard.press("Enter")


def fill_date(page: Any, name: str, day: dt.date) -> None:
    for place, part in enumerate((day.day, day.month, day.year)):
        page.locator(f"[name={name}_{place}]").fill(str(part))


def test_twelve_join_nine_leave_and_one_is_back(
    visit: Callable[..., Any], good: Callable[[Any], None], screen: tuple[int, int]
) -> None:
    today = dt.date.today()
    page = visit("Nadia Ferreira", screen)
    rows = [HEADINGS]
    for number, name in enumerate(JOINERS):
        given, family = name.split()
        address = f"{given}.{family}@otterford.example".lower()
        begins = f"{today:%d/%m/%Y}"
        rows.append(f"N{number}\t{given}\t{family}\t{address}\tTeaching assistant\t{begins}")

    page.goto("/setting/")
    press(page, "link", "People")
    press(page, "link", "Import a list of staff")
    page.get_by_label("Changes only").press("Space")
    page.get_by_label("Rows copied from a spreadsheet").press("Space")
    page.locator("textarea").fill("\n".join(rows))
    press(page, "button", "Show what would change")
    page.get_by_role("heading", level=1, name="Look before you import").wait_for()
    good(page)
    assert page.get_by_role("heading", name="Joiners (12)").is_visible()
    press(page, "button", "Import")
    page.get_by_role("heading", level=1, name="Imported").wait_for()
    good(page)

    press(page, "button", "Invite 12 people by email")
    page.get_by_text("12 invitations are on the way.").wait_for()
    assert page.get_by_role("link", name="Invited (12)").is_visible()

    page.goto("/people/")
    boxes = page.locator("tbody tr", has=page.locator("input")).filter(has_not_text="Tom ")
    for number in range(9):
        boxes.nth(number).locator("input").press("Space")
    away = boxes.nth(9).locator("th a").inner_text().strip()
    assert page.get_by_text("9 selected").is_visible()
    press(page, "button", "Record their last day")
    page.get_by_role("heading", level=1, name="When do these 9 people leave?").wait_for()
    good(page)
    press(page, "button", "End 9 posts")
    page.get_by_role("heading", name="Their last days are recorded").wait_for()
    good(page)

    press(page, "link", "Back to people")
    page.get_by_role("link", name=away, exact=True).wait_for()
    press(page, "link", away)
    press(page, "link", "Leave and return")
    page.get_by_role("heading", level=1, name="Leave").wait_for()
    fill_date(page, "starts_on", today - dt.timedelta(days=90))
    press(page, "button", "Record leave")
    page.get_by_text("On leave", exact=True).first.wait_for()
    good(page)
    page.get_by_role("link", name="Back on").press("Enter")
    page.get_by_role("heading", level=1, name="Back from leave").wait_for()
    good(page)
    fill_date(page, "back_on", today)
    page.locator("main form button").first.press("Enter")
    page.get_by_text("back since").first.wait_for()
    good(page)
