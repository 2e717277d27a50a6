"""Priya's journey: a register by keyboard, a resource shared, and a reviewer who publishes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLE = "Quiet corner: a checklist for one afternoon"


def test_priya_takes_the_register_with_the_keyboard_alone(
    visit: Callable[..., Any], good: Callable[[Any], None], screen: tuple[int, int]
) -> None:
    page = visit("Priya Raman", screen)
    good(page)
    page.goto("/networks/")
    good(page)
    page.get_by_role("link", name="Primary SENCO Forum").first.press("Enter")
    page.get_by_role("heading", level=1, name="Primary SENCO Forum").wait_for()
    good(page)

    page.goto("/networks/primary-senco-forum/meetings/")
    held = page.get_by_role("link", name=re.compile("sensory needs in ordinary classrooms")).first
    held.press("Enter")
    page.get_by_role("link", name=re.compile("register", re.IGNORECASE)).first.press("Enter")
    good(page)

    # One key a person; the next one follows by itself.
    people = page.locator("[data-register-row]")
    assert people.count() >= 40
    people.nth(0).locator("input").first.focus()
    for key in "pax":
        page.keyboard.press(key)
    chosen = [people.nth(number).locator("input:checked") for number in range(3)]
    assert [one.input_value() for one in chosen] == ["present", "apologies", "absent"]
    page.get_by_role("button", name="Save the register").press("Enter")
    page.get_by_text(re.compile("Register saved: .* 40|Register saved")).first.wait_for()
    good(page)


def test_a_resource_goes_from_its_author_through_a_reviewer_to_everybody(
    visit: Callable[..., Any], good: Callable[[Any], None], screen: tuple[int, int]
) -> None:
    page = visit("Priya Raman", screen)
    page.goto("/resources/submit/")
    good(page)
    page.get_by_role("button", name="Send to a reviewer").press("Enter")
    summary = page.locator(".govuk-error-summary")
    summary.wait_for()
    assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    good(page)

    page.get_by_label("Title", exact=True).press_sequentially(TITLE)
    page.get_by_label("What is it for?").press_sequentially(
        "For class teachers who want to make a calm place in an ordinary room before Monday."
    )
    page.get_by_label("What kind of thing is it?").press_sequentially("Template")
    page.get_by_label("The text itself (optional)").press_sequentially(
        "Choose a corner away from the door.\n\nAsk two pupils what they would put in it."
    )
    for choice in ("Primary", "Autism", "Universal"):
        page.get_by_label(choice, exact=True).first.press("Space")
    page.get_by_label("Open Government Licence v3.0").press("Space")
    page.get_by_label(re.compile("^It holds no information about any child")).press("Space")
    page.get_by_role("button", name="Send to a reviewer").press("Enter")
    page.wait_for_load_state()
    seen = page.get_by_label(re.compile("seen|looked", re.IGNORECASE))
    if seen.count():  # something like it exists: the author has to look first
        seen.first.press("Space")
        page.get_by_role("button", name="Send to a reviewer").press("Enter")
        page.wait_for_load_state()
    page.get_by_text(TITLE).first.wait_for()
    good(page)
    page.goto("/search/?q=quiet+corner")
    assert page.get_by_role("link", name=TITLE).count() == 0

    reviewer = visit("Samira Dasgupta", screen)
    reviewer.get_by_role("link", name=re.compile("^Review")).first.press("Enter")
    reviewer.get_by_role("link", name=TITLE).first.press("Enter")
    reviewer.get_by_role("heading", name="Your decision").wait_for()
    good(reviewer)
    reviewer.get_by_label("Publish it").press("Space")
    reviewer.get_by_role("button", name="Save decision").press("Enter")
    reviewer.wait_for_load_state()

    page.goto("/search/?q=quiet+corner")
    good(page)
    page.get_by_role("link", name=TITLE).first.press("Enter")
    page.get_by_role("heading", level=1, name=TITLE).wait_for()
    good(page)
