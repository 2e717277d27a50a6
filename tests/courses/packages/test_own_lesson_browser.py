"""Our own lesson in Chromium: by keyboard alone, for axe, at 320 px and at 400 % zoom, left and
resumed, finished and retried.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

LESSON = {
    "pages": [
        {"heading": "Read this", "text": "<p>Some words to read.</p>"},
        {
            "heading": "One of these",
            "text": "<p>A situation &amp; a choice.</p>",
            "question": {
                "prompt": "What is 2 &amp; 2?",
                "answers": [
                    {"text": "Three", "correct": False, "feedback": "Count again."},
                    {"text": "Four", "correct": True, "feedback": "Two and two."},
                ],
                "explanation": "<p>It is four.</p>",
            },
        },
        {
            "heading": "Some of these",
            "text": "",
            "question": {
                "prompt": "Which are even?",
                "answers": [
                    {"text": "Two", "correct": True},
                    {"text": "Three", "correct": False},
                    {"text": "Four", "correct": True},
                ],
            },
        },
    ]
}


@pytest.fixture
def lesson(player_host, tmp_path):
    """Put a lesson of three pages into the player."""
    from h5p.build import LIBRARY
    from tests.factories.packages import h5p_files, zip_file

    files = h5p_files(main="H5P.WaymarkLesson", content=LESSON, title="Numbers", with_library=False)
    for path in LIBRARY.rglob("*"):
        if path.is_file():
            files[f"H5P.WaymarkLesson-1.0/{path.relative_to(LIBRARY).as_posix()}"] = (
                path.read_bytes()
            )
    player_host.put(zip_file(files))
    return player_host


def until(condition, seconds=5.0):
    """Wait for something that happens on the server side."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def verbs(host):
    """Return what was kept, as (verb, whether of the whole)."""
    return [(judged.verb, judged.is_root) for judged in host.attempt.judged]


def inside(page):
    """Return the frame that plays the package."""
    return page.frames[1]


def focused(page):
    """Return the text of the element in the frame that has the focus."""
    return inside(page).evaluate("document.activeElement.innerText || document.activeElement.id")


def test_a_lesson_is_done_by_keyboard_alone(lesson, open_player):
    page = open_player()
    keyboard = page.keyboard

    keyboard.press("Tab")
    keyboard.press("Tab")
    assert focused(page) == "Next"
    keyboard.press("Enter")
    assert focused(page) == "One of these"
    keyboard.press("Tab")
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    assert "Correct" in focused(page)
    keyboard.press("Tab")
    keyboard.press("Tab")
    assert focused(page) == "Next"
    keyboard.press("Enter")
    keyboard.press("Tab")
    keyboard.press("Space")
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.press("Space")
    keyboard.press("Enter")
    assert "Correct" in focused(page)
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.press("Enter")
    assert focused(page) == "Check your work"
    for _ in range(4):
        keyboard.press("Tab")
    assert focused(page) == "Finish lesson"
    keyboard.press("Enter")

    page.get_by_text("You have finished this lesson.").wait_for()
    assert page.get_by_role("link", name="Continue").get_attribute("href") == "/next"
    said = lesson.attempt.judged
    assert [j.raw for j in said if j.verb == "answered"] == [1.0, 1.0]
    assert not any(j.is_root for j in said if j.verb == "answered")
    last = said[-1]
    assert (last.verb, last.completes, last.raw, last.max) == ("completed", True, 2.0, 2.0)


def test_a_wrong_answer_is_explained_and_counts_nothing(lesson, open_player):
    frame = inside(open_player())
    frame.get_by_role("button", name="Next").click()

    frame.get_by_role("button", name="Check answer").click()
    assert frame.get_by_role("alert").inner_text() == "Choose an answer first."
    frame.get_by_label("Three").check()
    assert frame.get_by_role("alert").inner_text() == ""
    frame.get_by_role("button", name="Check answer").click()

    assert frame.get_by_role("heading", name="Not quite").is_visible()
    assert frame.get_by_text("Count again.").is_visible()
    assert frame.get_by_text("It is four.").is_visible()
    assert frame.get_by_text("What is 2 & 2?").is_visible()
    assert until(lambda: ("answered", False) in verbs(lesson))
    assert lesson.attempt.judged[-1].raw == 0.0


def test_leaving_and_coming_back_on_another_device_goes_on_from_the_same_place(lesson, open_player):
    first = open_player()
    frame = inside(first)
    frame.get_by_role("button", name="Next").click()
    frame.get_by_label("Four").check()
    frame.get_by_role("button", name="Check answer").click()
    frame.get_by_role("button", name="Next").click()
    assert until(lambda: '"page":2' in (lesson.attempt.state or ""))
    first.close()

    frame = inside(open_player(360, 740))

    assert frame.get_by_role("heading", name="Some of these").is_visible()
    frame.get_by_role("button", name="Previous").click()
    assert frame.get_by_label("Four").is_checked()
    assert frame.get_by_role("heading", name="Correct").is_visible()


def test_starting_again_clears_the_answers_and_may_score_better(lesson, open_player):
    frame = inside(open_player())
    for _ in range(3):
        frame.get_by_role("button", name="Next").click()
    assert frame.get_by_text("Not answered yet").count() == 2
    frame.get_by_role("button", name="Finish lesson").click()
    assert frame.get_by_text("You answered 0 of 2 questions correctly.").is_visible()

    frame.get_by_role("button", name="Start again").click()
    frame.get_by_role("button", name="Next").click()
    assert not frame.get_by_label("Four").is_checked()
    frame.get_by_label("Four").check()
    frame.get_by_role("button", name="Check answer").click()
    frame.get_by_role("button", name="Next").click()
    frame.get_by_role("button", name="Next").click()
    frame.get_by_role("button", name="Finish lesson").click()

    assert until(lambda: [j.raw for j in lesson.attempt.judged if j.completes] == [0.0, 1.0])


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (320, 640)])
def test_every_step_is_clean_for_axe_and_fits_the_screen(lesson, open_player, width, height):
    import axe_playwright_python
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()
    page = open_player(width, height)
    frame = inside(page)

    def look():
        page.wait_for_timeout(200)  # the page gives the frame its new height
        results = axe.run(page).response["violations"]
        serious = [
            (v["id"], [(n["target"], n["failureSummary"]) for n in v["nodes"]])
            for v in results
            if v["impact"] in ("serious", "critical")
        ]
        in_frame = frame.evaluate(
            "async () => { const only = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];"
            " return (await axe.run({runOnly: only}))"
            ".violations.map(v => v.id + ' ' + v.nodes.map(n => n.target.join(' ')).join(', ')) }"
        )
        assert not serious
        assert in_frame == []
        assert frame.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    script = Path(axe_playwright_python.__file__).parent / "axe.min.js"
    frame.evaluate(script.read_text())
    look()
    frame.get_by_role("button", name="Next").click()
    look()
    frame.get_by_label("Three").check()
    frame.get_by_role("button", name="Check answer").click()
    look()
    frame.get_by_role("button", name="Next").click()
    look()
    frame.get_by_role("button", name="Next").click()
    look()
    frame.get_by_role("button", name="Finish lesson").click()
    look()


def test_the_frame_is_as_high_as_its_content_at_400_percent_zoom(lesson, open_player):
    page = open_player(320, 256)  # 1280 x 1024 at 400 %
    frame = inside(page)
    frame.get_by_role("button", name="Next").click()
    page.wait_for_timeout(300)

    inner = frame.evaluate("document.querySelector('.h5p-content').getBoundingClientRect().height")
    outer = page.evaluate("document.querySelector('iframe').getBoundingClientRect().height")

    assert outer >= inner
    assert frame.evaluate("document.documentElement.scrollHeight <= window.innerHeight + 1")


def test_a_heading_that_gets_the_focus_is_scrolled_into_view_of_the_page(lesson, open_player):
    page = open_player(320, 300)
    frame = inside(page)
    frame.get_by_role("button", name="Next").click()
    frame.get_by_label("Four").check()
    frame.get_by_role("button", name="Check answer").click()
    page.wait_for_timeout(500)
    assert 0 <= frame.locator("[data-verdict]").bounding_box()["y"] < 300

    frame.get_by_role("button", name="Next").click()
    page.wait_for_timeout(500)
    assert 0 <= frame.get_by_role("heading", name="Some of these").bounding_box()["y"] < 300


def test_the_state_is_small_and_plain(lesson, open_player):
    frame = inside(open_player())
    frame.get_by_role("button", name="Next").click()
    frame.get_by_label("Four").check()
    frame.get_by_role("button", name="Check answer").click()

    assert until(lambda: '"checked":true' in (lesson.attempt.state or ""))
    assert json.loads(lesson.attempt.state) == {
        "page": 1,
        "finished": False,
        "answers": [None, {"chosen": [1], "checked": True}, {"chosen": [], "checked": False}],
    }
