"""SCORM units in Chromium: played, left, resumed, finished; and kept in their place."""

# The units of these tests are JavaScript, written as it is read.
# ruff: noqa: E501

from __future__ import annotations

import json

import pytest

from tests.courses.packages.test_own_lesson_browser import until
from tests.factories.packages import scorm_course

pytestmark = pytest.mark.browser


def unit_of(page):
    """Return the frame of the unit, inside our wrapper, inside the player."""
    return page.frame_locator(".app-player__frame").frame_locator("[data-unit]")


def wrapper_of(page):
    return page.frame_locator(".app-player__frame")


@pytest.mark.parametrize("version", ["1.2", "2004 4th Edition"])
def test_a_unit_keeps_its_place_and_says_that_it_is_done(player_host, open_player, version):
    player_host.put(scorm_course(version=version))
    page = open_player()
    unit_of(page).get_by_role("button", name="Next").click()
    unit_of(page).get_by_role("button", name="Next").click()
    until(lambda: "seen 2" in (player_host.attempt.state or ""))

    again = open_player()

    unit = unit_of(again)
    unit.get_by_text("Page 2, seen 2").wait_for()
    unit.get_by_role("button", name="Pass").click()
    again.get_by_text("You have finished this lesson.").wait_for()
    (judged,) = player_host.attempt.judged
    assert (judged.verb, judged.completes, judged.success) == ("passed", True, True)
    assert judged.scaled == pytest.approx(0.85 if version == "1.2" else 0.9)


def test_whoever_fails_may_try_again(player_host, open_player):
    player_host.put(scorm_course())
    page = open_player()
    unit_of(page).get_by_role("button", name="Fail").click()
    until(lambda: "failed" in (player_host.attempt.state or ""))

    assert player_host.attempt.judged == []
    unit_of(page).get_by_role("button", name="Pass").click()
    page.get_by_text("You have finished this lesson.").wait_for()


def test_a_package_of_units_is_done_when_all_of_them_are(player_host, open_player):
    player_host.put(scorm_course(units=3))
    page = open_player(width=320, height=640)
    for number in (1, 2, 3):
        wrapper = wrapper_of(page)
        wrapper.get_by_role("button", name=f"{number}. Unit {number}").press("Enter")
        unit_of(page).get_by_role("heading", name=f"Unit {number}").wait_for()
        assert player_host.attempt.judged == []
        unit_of(page).get_by_role("button", name="Pass").click()
        wrapper.get_by_role("button", name=f"{number}. Unit {number} (done)").wait_for()

    page.get_by_text("You have finished this lesson.").wait_for()
    # Which unit one was in comes back as well.
    again = open_player()
    current = wrapper_of(again).locator("button[aria-current]")
    current.wait_for()
    assert current.inner_text() == "3. Unit 3 (done)"


def test_what_a_unit_says_while_its_page_goes_away_is_not_lost(player_host, open_player):
    # As many tools do: nothing is kept until the window closes.
    player_host.put(
        scorm_course(
            script="var api = find('API'); api.LMSInitialize('');"
            "window.onpagehide = function () {"
            " api.LMSSetValue('cmi.suspend_data', 'said at the very end');"
            " api.LMSSetValue('cmi.core.lesson_status', 'completed'); api.LMSFinish(''); };"
        )
    )
    page = open_player()
    unit_of(page).get_by_role("heading", name="Unit 1").wait_for()

    page.get_by_role("link", name="Back to the course").click()

    until(lambda: player_host.last_words)
    (words,) = player_host.last_words[-1:]
    assert json.loads(words["state"])["units"]["u1"]["cmi"]["suspend_data"] == (
        "said at the very end"
    )
    assert words["statement"]["result"]["completion"] is True


def test_a_hostile_unit_reaches_nothing_of_ours(player_host, open_player):
    player_host.put(
        scorm_course(
            script="""
  var got = {};
  function attempt(name, act) { try { got[name] = String(act()); } catch (e) { got[name] = 'threw'; } }
  attempt('top_document', function () { return window.top.document.body.innerText; });
  attempt('top_cookie', function () { return window.top.document.cookie; });
  attempt('top_location', function () { window.top.location = 'about:blank'; return 'set'; });
  attempt('own_cookie', function () { document.cookie = 'a=b'; return document.cookie; });
  attempt('popup', function () { return window.open('about:blank'); });
  Promise.all(['/attempt/status', '/static/css/waymark.css'].map(function (path) {
    return fetch('APP' + path, {credentials: 'include'}).then(
      function () { got[path] = 'read'; }, function () { got[path] = 'refused'; });
  })).then(function () {
    var api = find('API'); api.LMSInitialize('');
    api.LMSSetValue('cmi.suspend_data', JSON.stringify(got)); api.LMSCommit('');
  });
""".replace("APP", player_host.origin)
        )
    )
    page = open_player()
    until(lambda: "top_cookie" in (player_host.attempt.state or ""))

    cmi = json.loads(player_host.attempt.state)["units"]["u1"]["cmi"]
    got = json.loads(cmi["suspend_data"])
    assert got["top_document"] == got["top_cookie"] == "threw"
    assert got["popup"] in ("null", "threw")
    assert "secret" not in json.dumps(got)
    assert got["/attempt/status"] == got["/static/css/waymark.css"] == "refused"
    assert page.get_by_role("heading", name="Lesson").is_visible(), "the page is still ours"
