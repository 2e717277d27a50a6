"""Tom's journey: what is overdue, an activity left and resumed, a quiz passed, a certificate."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e import right_answers

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COURSE = "information-governance"


def activate(page: Any, role: str, name: Any) -> None:
    """Focus a control and press Enter: nothing on the way needs a mouse."""
    control = page.get_by_role(role, name=name).first
    control.focus()
    page.keyboard.press("Enter")


def play_pages(page: Any, first: int, last: int) -> None:
    """Do some pages of the packaged lesson, answering rightly."""
    frame = page.frame_locator("iframe")
    answers = right_answers.of_lesson(COURSE)
    for right in answers[first:last]:
        if right is not None:
            for text in right:
                frame.get_by_label(text, exact=True).press("Space")
            frame.get_by_role("button", name="Check answer").press("Enter")
            frame.get_by_text("Correct").first.wait_for()
        frame.get_by_role("button", name=re.compile("^Next|^Check your work")).first.press("Enter")


def answer_quiz(page: Any, *, rightly: bool) -> None:
    """Fill in the quiz: all right, or all wrong."""
    answers = right_answers.of_quiz(COURSE)
    for group in page.locator("fieldset").all():
        prompt = group.locator("legend").inner_text().strip()
        right = next(texts for question, texts in answers.items() if question in prompt)
        for option in group.locator("label").all():
            text = option.inner_text().strip()
            if (text in right) == rightly:
                group.get_by_label(text, exact=True).press("Space")
                if not rightly:
                    break
    page.get_by_role("button", name="Send my answers").press("Enter")


def test_tom_learns_leaves_resumes_passes_and_shows_his_certificate(
    visit: Callable[..., Any], good: Callable[[Any], None], screen: tuple[int, int]
) -> None:
    page = visit("Tom Akinwale", screen)
    good(page)
    page.goto("/my-learning/")
    good(page)
    overdue = page.locator(".wm-task", has_text="12 days late")
    assert overdue.get_by_role("heading", name="Information governance").is_visible()

    # The course says why it is on his list, on what basis, and how long it takes.
    overdue.get_by_role("link", name="Start").press("Enter")
    page.get_by_role("heading", level=1, name="Information governance").wait_for()
    good(page)
    assert page.get_by_text("40 min").first.is_visible()
    assert page.get_by_text("everyone who handles personal data").first.is_visible()
    activate(page, "button", re.compile("^Start"))

    # Lesson 1 is read; lesson 2 is an activity that he leaves half-way.
    page.get_by_role("heading", level=1, name="What you hold, and why it matters").wait_for()
    good(page)
    activate(page, "button", re.compile("^Done, go on"))
    page.get_by_role("heading", level=1, name="Everyday decisions").wait_for()
    activate(page, "button", "Start the activity")
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Next").first.wait_for()
    half = len(right_answers.of_lesson(COURSE)) // 2
    with page.expect_response(re.compile(r"/learning/attempts/.*/state")):
        play_pages(page, 0, half)
    left_at = frame.locator("h1, h2").first.inner_text()
    page.wait_for_timeout(1_500)  # the player saves a moment after the last change
    page.context.close()

    # On another device he goes on from the same place.
    page = visit("Tom Akinwale", (320, 640))
    page.get_by_role("link", name=re.compile("^Continue")).first.press("Enter")
    page.get_by_role("heading", level=1, name="Everyday decisions").wait_for()
    if page.get_by_role("button", name=re.compile("activity")).count():
        activate(page, "button", re.compile("activity"))
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name=re.compile("^Next|^Check your work")).first.wait_for()
    assert frame.locator("h1, h2").first.inner_text() == left_at
    good(page)
    play_pages(page, half, len(right_answers.of_lesson(COURSE)))
    frame.get_by_role("button", name="Finish lesson").press("Enter")
    page.get_by_text("You have finished").first.wait_for()
    page.reload()
    page.locator(".wm-lesson-nav .wm-button").press("Enter")
    page.get_by_role("heading", level=1, name="Share to keep a child safe").wait_for()
    activate(page, "button", re.compile("^Done, go on"))

    # The quiz is marked by the server: below 80 % he may try again.
    activate(page, "button", "Start the quiz")
    page.get_by_role("button", name="Send my answers").wait_for()
    good(page)
    answer_quiz(page, rightly=False)
    page.get_by_role("heading", name=re.compile("^Not passed yet")).wait_for()
    good(page)
    activate(page, "button", "Try again")
    page.get_by_role("button", name="Send my answers").wait_for()
    answer_quiz(page, rightly=True)
    page.get_by_role("heading", name=re.compile("^You passed")).wait_for()
    activate(page, "link", "See what you have completed")
    page.get_by_role("heading", name="What is on your record").wait_for()
    good(page)

    # A certificate with hours, which anybody can check.
    link = page.get_by_role("link", name=re.compile("certificate", re.IGNORECASE)).first
    address = link.get_attribute("href")
    assert page.request.get(address).body().startswith(b"%PDF")
    page.goto(address.removesuffix("download/"))
    page.get_by_text("This certificate is genuine and counts today.").wait_for()
    good(page)
    stranger = visit(None, screen)
    stranger.goto(page.url)
    assert stranger.get_by_text("This certificate is genuine and counts today.").is_visible()
    assert stranger.get_by_text("Information governance").first.is_visible()
    holder = stranger.locator("dd").first.inner_text()
    assert re.sub(r"[. ]", "", holder) in {"TA", "TomAkinwale"}
    good(stranger)

    page.goto("/my-learning/")
    assert page.locator(".wm-task", has_text="Information governance").count() == 0
