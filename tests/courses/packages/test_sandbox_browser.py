"""A hostile package in Chromium: what it tries and does not get, and what happens when the server
is away.
"""

# The packages of these tests are JavaScript, written as it is read.
# ruff: noqa: E501

from __future__ import annotations

import json

import pytest

from courses.packages.completion import CompletionRule
from courses.packages.statements import Expectation
from tests.courses.packages.test_own_lesson_browser import inside, until
from tests.factories.packages import h5p_file

pytestmark = pytest.mark.browser

# Each attempt puts what it got under its name; an attempt that throws has got nothing.
HOSTILE = """
var H5P = H5P || {};
H5P.Tiny = function () {
  this.attach = function ($container) {
    $container.text('Hostile');
    var app = 'APP';
    var got = {};
    function attempt(name, act) { try { got[name] = String(act()); } catch (e) { got[name] = 'threw ' + e.name; } }
    attempt('origin', function () { return window.origin; });
    attempt('parent_document', function () { return window.parent.document.body.innerText; });
    attempt('parent_cookie', function () { return window.parent.document.cookie; });
    attempt('top_location', function () { window.top.location = app + '/stolen-top'; return 'set'; });
    attempt('real_cookie', function () {
      return Object.getOwnPropertyDescriptor(Document.prototype, 'cookie').get.call(document);
    });
    attempt('real_storage', function () {
      var frame = document.createElement('iframe'); document.body.append(frame);
      return frame.contentWindow.localStorage.length;
    });
    attempt('popup', function () { return window.open(app + '/stolen-popup'); });
    attempt('form', function () {
      var form = document.createElement('form');
      form.action = app + '/attempt/statements'; form.method = 'post';
      document.body.append(form); form.submit(); return 'submitted';
    });
    attempt('image', function () { new Image().src = app + '/stolen-image?' + document.cookie; return 'set'; });
    attempt('frame', function () {
      var frame = document.createElement('iframe'); frame.src = app + '/'; document.body.append(frame); return 'set';
    });
    attempt('beacon', function () { return navigator.sendBeacon(app + '/stolen-beacon', 'x'); });
    var waiting = [
      ['post', function () { return fetch(app + '/attempt/statements', {method: 'POST', credentials: 'include', body: '{}'}); }],
      ['read', function () { return fetch(app + '/attempt/status', {credentials: 'include'}); }],
      ['simple', function () { return fetch(app + '/stolen-fetch', {mode: 'no-cors', credentials: 'include'}); }],
      ['outside', function () { return fetch('http://127.0.0.1:' + location.port + '/r/x/embed/'); }],
      ['script', function () { return new Promise(function (yes, no) {
        var s = document.createElement('script'); s.src = app + '/static/js/player.js'; s.onload = yes; s.onerror = no;
        document.body.append(s); }); }],
    ].map(function (pair) {
      return pair[1]().then(function (r) { got[pair[0]] = 'got ' + r.status; }, function (e) { got[pair[0]] = 'refused'; });
    });
    Promise.all(waiting).then(function () {
      window.parent.postMessage({waymark: 1, kind: 'statement', statement: {
        verb: {id: 'http://adlnet.gov/expapi/verbs/interacted'}, object: {id: 'x'},
        result: {response: JSON.stringify(got)}}}, '*');
      setTimeout(function () { location.href = app + '/stolen-frame'; }, 50);
    });
  };
};
"""


def play(host, open_player, script, **options):
    """Play a package made of one script."""
    host.put(h5p_file(script=script.replace("APP", host.origin).encode()))
    host.requests.clear()
    return open_player(**options)


def test_a_hostile_package_gets_nothing_from_the_application(player_host, open_player):
    page = play(player_host, open_player, HOSTILE)
    assert until(lambda: player_host.attempt.raw_statements)
    got = json.loads(player_host.attempt.raw_statements[0]["result"]["response"])
    page.wait_for_timeout(800)

    assert got["origin"] == "null"
    for name in ("parent_document", "parent_cookie", "top_location", "real_cookie", "real_storage"):
        assert got[name] == "threw SecurityError", name
    assert got["popup"] == "null"
    for name in ("post", "read", "simple", "outside", "script"):
        assert got[name] == "refused", name
    # Whatever it started (image, form, frame, beacon, navigation), nothing of it arrived.
    assert [path for _, path, _ in player_host.requests if "stolen" in path] == []
    posts = [headers for method, _, headers in player_host.requests if method == "POST"]
    assert {headers["Origin"] for headers in posts} == {player_host.origin}
    assert page.url == f"{player_host.origin}/"
    assert page.locator("#secret").inner_text() == "Lesson"


def test_the_page_listens_to_its_own_frame_only(player_host, open_player):
    page = play(
        player_host,
        open_player,
        "var H5P = H5P || {}; H5P.Tiny = function () { this.attach = function () {}; };",
    )

    page.evaluate(
        """() => {
          const message = {waymark: 1, kind: 'statement', statement: {verb: {id:
          'http://adlnet.gov/expapi/verbs/completed'}}}; window.postMessage(message, '*'); const
          other = document.createElement('iframe'); other.setAttribute('sandbox', 'allow-scripts');
          other.src = document.querySelector('iframe').src; document.body.append(other);
        }"""
    )
    page.wait_for_timeout(500)

    assert player_host.attempt.raw_statements == []


def test_a_forged_completion_needs_the_right_maximum_and_stays_the_clients_word(
    player_host, open_player
):
    forged = """
    var H5P = H5P || {};
    H5P.Tiny = function () { this.attach = function () {
      [100, 4].forEach(function (max) {
        window.parent.postMessage({waymark: 1, kind: 'statement', statement: {
          actor: {name: 'Head'}, verb: {id: 'http://adlnet.gov/expapi/verbs/completed'}, object: {id: 'x'},
          result: {completion: true, success: true, score: {raw: max, max: max}}}}, '*');
      });
      ['not an object', {statement: 1}, null].forEach(function (junk) { window.parent.postMessage(junk, '*'); });
      window.parent.postMessage({waymark: 1, kind: 'size', height: 1e9}, '*');
    }; };
    """
    player_host.put(h5p_file(script=forged.encode()))
    player_host.attempt.expectation = Expectation(CompletionRule.COMPLETED, 4.0)
    page = open_player()

    assert until(lambda: len(player_host.attempt.judged) == 2)
    assert [j.completes for j in player_host.attempt.judged] == [False, True]
    assert {j.evidence for j in player_host.attempt.judged} == {"client-asserted"}
    assert (
        page.evaluate("document.querySelector('iframe').getBoundingClientRect().height") <= 20_000
    )


TALKING = """
var H5P = H5P || {};
H5P.Tiny = function () {
  H5P.EventDispatcher.call(this);
  var self = this;
  var count = 0;
  this.attach = function ($container) {
    $container.html('<button type="button">Say</button>');
    $container.find('button').on('click', function () { count += 1; self.triggerXAPIScored(count, 9, 'interacted'); });
    self.triggerXAPI('attempted');
  };
  this.getCurrentState = function () { return {count: count}; };
};
H5P.Tiny.prototype = Object.create(H5P.EventDispatcher.prototype);
"""


def test_statements_from_before_the_first_frame_is_drawn_are_heard(player_host, open_player):
    play(player_host, open_player, TALKING)

    assert until(lambda: [j.verb for j in player_host.attempt.judged] == ["attempted"])


@pytest.mark.parametrize(
    ("fault", "says"), [(500, "You are not connected"), (401, "You have been signed out")]
)
def test_unsent_work_is_kept_said_and_sent_later(player_host, open_player, fault, says):
    page = play(player_host, open_player, TALKING)
    until(lambda: player_host.attempt.version >= 1)
    player_host.attempt.fault = fault
    inside(page).get_by_role("button", name="Say").click()
    notice = page.locator("[data-player-notice]")
    notice.get_by_text(says).wait_for()
    kept = page.evaluate(
        "Object.entries(localStorage).find(([name]) => name.startsWith('waymark:unsent'))[1]"
    )
    assert "interacted" in kept
    if fault == 401:
        assert page.get_by_role("link", name="Sign in").get_attribute("target") == "_blank"

    player_host.attempt.fault = 0
    page.evaluate("window.dispatchEvent(new Event('focus'))")

    notice.get_by_text("Your work is saved").wait_for()
    assert until(
        lambda: [j.verb for j in player_host.attempt.judged] == ["attempted", "interacted"]
    )
    assert until(lambda: player_host.attempt.state == '{"count":1}')
    assert (
        page.evaluate("Object.keys(localStorage).filter(n => n.startsWith('waymark:')).length") == 0
    )


def test_unsent_work_survives_closing_the_page(player_host, open_player):
    page = play(player_host, open_player, TALKING)
    until(lambda: player_host.attempt.version >= 1)
    player_host.attempt.fault = 503
    inside(page).get_by_role("button", name="Say").click()
    page.locator("[data-player-notice]").get_by_text("You are not connected").wait_for()
    page.wait_for_timeout(600)
    context = page.context
    page.close()
    player_host.attempt.fault = 0

    open_player(context=context)

    assert until(lambda: "interacted" in [j.verb for j in player_host.attempt.judged])
    assert until(lambda: player_host.attempt.state == '{"count":1}')


def test_carrying_on_elsewhere_is_noticed_and_nothing_newer_is_overwritten(
    player_host, open_player
):
    page = play(player_host, open_player, TALKING)
    until(lambda: player_host.attempt.version >= 1)
    player_host.attempt.version, player_host.attempt.state = 9, '{"count":5}'

    inside(page).get_by_role("button", name="Say").click()

    page.locator("[data-player-notice]").get_by_text("another device").wait_for()
    assert player_host.attempt.state == '{"count":5}'


def test_a_stale_token_is_renewed_once_and_the_work_is_sent(player_host, open_player):
    page = play(player_host, open_player, TALKING)
    until(lambda: player_host.attempt.version >= 1)
    from tests.courses.packages import player_host as module

    old = module.CSRF
    module.CSRF = "token-after-signing-in-again"
    try:
        inside(page).get_by_role("button", name="Say").click()
        assert until(lambda: "interacted" in [j.verb for j in player_host.attempt.judged])
    finally:
        module.CSRF = old
    assert page.locator("[data-player-notice]").is_hidden()


def test_a_package_that_cannot_start_is_said_to_have_failed(player_host, open_player):
    page = play(player_host, open_player, "throw new Error('broken');", wait=False)

    page.locator("[data-player-notice]").get_by_text("could not start").wait_for()
