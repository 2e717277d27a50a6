"""What a SCORM unit says while its page goes away: taken by a token, for one attempt, if newer."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.test import Client

from core import clock
from courses.enums import Evidence
from courses.models import Attempt, AttemptState, Completion, ContentPackage, Statement
from courses.services.last_words import last_words_token
from tests.courses.test_attempts import begin

pytestmark = pytest.mark.django_db

DONE = {
    "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"},
    "object": {"id": "urn:waymark:package"},
    "result": {"completion": True, "score": {"raw": 85, "min": 0, "max": 100}},
}


@pytest.fixture
def attempt(area) -> Attempt:
    _, attempt = begin(area, completion_rule="scorm", main_library="", expected_max=None)
    ContentPackage.objects.update(kind="scorm12")
    return attempt


def words(n: Any = 1, statement: Any = None, said: str = "here") -> str:
    state = json.dumps({"n": n, "current": "u1", "units": {"u1": {"cmi": {"x": said}}}})
    return json.dumps({"state": state, "statement": statement})


def send(token: str, body: str) -> int:
    # As a beacon sends it: plain text, no session, no token of a page.
    client = Client(enforce_csrf_checks=True)
    answer = client.post(f"/learning/last-words/{token}", body, content_type="text/plain")
    assert not answer.content
    return answer.status_code


def test_they_are_kept_and_finish_the_course(attempt):
    assert send(last_words_token(attempt), words(3, DONE)) == 204

    attempt.refresh_from_db()
    assert '"n": 3' in AttemptState.objects.get().data
    assert (attempt.success, attempt.scaled) == (True, 0.85)
    assert attempt.evidence == Evidence.CLIENT_ASSERTED
    assert Completion.objects.count() == 1


def test_words_that_come_late_undo_nothing(attempt):
    token = last_words_token(attempt)
    send(token, words(5, said="newer"))

    assert send(token, words(4, said="older")) == 204
    assert send(token, words(5, said="again")) == 204

    assert "newer" in AttemptState.objects.get().data
    assert AttemptState.objects.get().version == 1


def test_a_finished_attempt_takes_nothing_more(attempt):
    token = last_words_token(attempt)
    send(token, words(1, DONE))

    assert send(token, words(2)) == 409
    assert Statement.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    ["", "[]", "null", '{"state": 1}', words(True), words(-1), words("2"), words(1.5),
     json.dumps({"state": "not json"}), json.dumps({"state": "[1]"}), "[" * 100_000],
)  # fmt: skip
def test_nonsense_keeps_nothing(attempt, body):
    assert send(last_words_token(attempt), body) in (204, 400)

    assert not AttemptState.objects.exists()


def test_only_our_own_fresh_tokens_open(attempt):
    other_purpose = signing.dumps(str(attempt.uuid), salt="something.else")
    for token in (str(attempt.uuid), other_purpose, last_words_token(attempt) + "x"):
        assert send(token, words()) == 404
    assert not AttemptState.objects.exists()


def test_a_token_ends_after_twelve_hours(attempt):

    token = last_words_token(attempt)

    with time_machine.travel(clock.now() + dt.timedelta(hours=13), tick=False):
        assert send(token, words()) == 404


def test_whoever_is_suspended_says_nothing_more(attempt):
    token = last_words_token(attempt)
    person = attempt.person
    person.suspended_at = clock.now()
    person.save()

    assert send(token, words()) == 404


def test_h5p_has_no_use_for_it(attempt):
    ContentPackage.objects.update(kind="h5p")

    assert send(last_words_token(attempt), words()) == 404


def test_it_cannot_be_read(attempt):
    assert Client().get(f"/learning/last-words/{last_words_token(attempt)}").status_code == 405
