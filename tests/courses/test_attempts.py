"""What a browser may tell us of an activity: its own attempt, once, in form, and no more."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.test import Client

from core import clock
from courses.enums import Evidence
from courses.models import Attempt, AttemptState, Completion, Enrolment, Statement
from courses.services.attempts import open_attempt
from courses.services.enrolments import enrol_learner
from courses.signals import course_completed
from tests.factories.accounts import member_of
from tests.factories.courses import make_activity_course, make_package

pytestmark = pytest.mark.django_db


def begin(area, **revision: Any) -> tuple[Client, Attempt]:
    """Let a new learner begin the activity of a new course."""
    person = member_of(area)
    course = make_activity_course(area, make_package(area, member_of(area), **revision))
    enrol_learner(person=person, course=course, at=clock.now())
    attempt = open_attempt(person=person, activity=course.activities.get(), at=clock.now())
    client = Client()
    client.force_login(person)
    return client, attempt


def completed(raw: Any = 5, most: Any = 5, **result: Any) -> dict:
    return {
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": "http://example.org/whatever"},
        "actor": {"mbox": "mailto:somebody@else.example"},
        "result": {"completion": True, "score": {"raw": raw, "min": 0, "max": most}} | result,
    }


def send(client: Client, attempt: Attempt, name: str, data: Any, **extra: Any):
    return client.post(
        f"/learning/attempts/{attempt.uuid}/{name}",
        data if isinstance(data, str) else json.dumps(data),
        content_type="application/json",
        **extra,
    )


def say(client: Client, attempt: Attempt, statement: Any, uid: str | None = None):
    rows = [{"id": uid or str(uuid.uuid4()), "statement": statement}]
    return send(client, attempt, "statements", {"statements": rows})


def test_a_true_end_completes_the_course_as_the_clients_word(area) -> None:
    client, attempt = begin(area)
    heard = []

    def hear(completion, **kwargs) -> None:
        heard.append(completion)

    course_completed.connect(hear)
    try:
        answer = say(client, attempt, completed(4))
    finally:
        course_completed.disconnect(hear)
    told = answer.json()["attempt"]
    enrolment = Enrolment.objects.get()
    assert (told["state"], told["raw"], told["scaled"]) == ("completed", 4, 0.8)
    assert told["next_url"] == f"/learning/completed/{enrolment.uid}/"
    assert [(news.evidence, news.score_scaled) for news in heard] == [("client-asserted", None)]
    stored = Statement.objects.get().statement
    assert "somebody" not in json.dumps(stored)
    assert str(attempt.uuid) in json.dumps(stored["actor"])


@pytest.mark.parametrize(
    "statement",
    [
        completed(6),
        completed(-1),
        completed(10, 10),
        completed(1, 0),
        completed("5"),
        completed(5, None),
        completed() | {"verb": {"id": "http://adlnet.gov/expapi/verbs/attempted"}},
        completed() | {"context": {"contextActivities": {"parent": [{"id": "http://x/root"}]}}},
        completed() | {"verb": {"id": "http://example.org/verbs/mastered"}},
        "completed",
        None,
        [],
    ],
    ids=str,
)
def test_forged_or_foreign_ends_complete_nothing(area, statement) -> None:
    client, attempt = begin(area)
    answer = say(client, attempt, statement)
    assert answer.status_code == 200
    assert answer.json()["attempt"]["state"] == "open"
    assert not Completion.objects.exists()


def test_the_same_statement_twice_is_kept_once(area) -> None:
    client, attempt = begin(area)
    uid = str(uuid.uuid4())
    first = say(client, attempt, completed(), uid).json()
    # The reply was lost and the player sends it again, although the attempt is finished now.
    again = say(client, attempt, completed(), uid)
    assert again.status_code == 200
    assert again.json()["accepted"] == first["accepted"] == [uid]
    assert Statement.objects.count() == Completion.objects.count() == 1


def test_a_finished_attempt_takes_nothing_new(area) -> None:
    client, attempt = begin(area)
    say(client, attempt, completed())
    late = say(client, attempt, completed(1))
    assert (late.status_code, late.json()["error"]) == (409, "closed")
    saved = send(client, attempt, "state", {"state": "{}", "based_on": 0, "save_id": "a"})
    assert (saved.status_code, saved.json()["error"]) == (409, "closed")
    attempt.refresh_from_db()
    assert attempt.raw == 5


def test_a_withdrawn_revision_takes_nothing_more(area) -> None:
    client, attempt = begin(area)
    type(attempt.revision).objects.update(state="withdrawn")
    assert say(client, attempt, completed()).json()["error"] == "closed"
    assert not Completion.objects.exists()


@pytest.mark.parametrize("name", ["statements", "state", "viewed", "status"])
def test_other_peoples_attempts_are_not_there(area, name) -> None:
    _, attempt = begin(area)
    stranger = Client()
    stranger.force_login(member_of(area))
    url = f"/learning/attempts/{attempt.uuid}/{name}"
    answer = stranger.get(url) if name == "status" else stranger.post(url, {})
    assert answer.status_code == 404
    assert answer.json()["error"] == "gone"


@pytest.mark.parametrize("name", ["statements", "state", "viewed", "status"])
def test_a_lost_session_is_told_in_json_and_loses_nothing(area, name) -> None:
    client, attempt = begin(area)
    client.logout()
    url = f"/learning/attempts/{attempt.uuid}/{name}"
    answer = client.get(url) if name == "status" else client.post(url, {})
    assert answer.status_code == 401
    assert answer.json()["error"] == "signed-out"
    # Signed in again, the same work is taken in.
    client.force_login(attempt.person)
    assert say(client, attempt, completed()).json()["attempt"]["state"] == "completed"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        '{"statements": {}}',
        '{"statements": []}',
        '{"statements": [1]}',
        '{"statements": [{"id": "no-uuid", "statement": {}}]}',
        "[" * 100_000,
    ],
    ids=range(8),
)
def test_nonsense_is_a_400(area, body) -> None:
    client, attempt = begin(area)
    answer = send(client, attempt, "statements", body)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid")


def test_too_many_or_too_long_are_a_400(area) -> None:
    client, attempt = begin(area)
    rows = [{"id": str(uuid.uuid4()), "statement": completed()} for _ in range(26)]
    assert send(client, attempt, "statements", {"statements": rows}).status_code == 400
    long = completed() | {"padding": "x" * 300_000}
    assert say(client, attempt, long).status_code == 400
    assert not Statement.objects.exists()


def test_places_are_kept_in_turn(area) -> None:
    client, attempt = begin(area)

    def save(state: str, based_on: Any, save_id: str):
        return send(
            client, attempt, "state", {"state": state, "based_on": based_on, "save_id": save_id}
        )

    assert save('{"page":2}', 0, "a").json() == {"version": 1}
    assert save('{"page":2}', 0, "a").json() == {"version": 1}
    assert save('{"page":3}', 1, "b").json() == {"version": 2}
    stale = save('{"page":9}', 1, "c")
    assert (stale.status_code, stale.json()["version"]) == (409, 2)
    large = save("x" * (1024 * 1024 + 1), 2, "d")
    assert (large.status_code, large.json()["error"]) == (413, "too-large")
    for state, based_on, save_id in ((1, 2, "e"), ("{}", "2", "e")):
        assert save(state, based_on, save_id).status_code == 400  # type: ignore[arg-type]
    assert AttemptState.objects.get().data == '{"page":3}'
    assert client.get(f"/learning/attempts/{attempt.uuid}/status").json()["version"] == 2


def test_the_lesson_goes_on_from_the_kept_place(area, monkeypatch) -> None:
    from courses.packages import publishing

    monkeypatch.setattr(publishing, "ensure_served", lambda store, revision: True)
    client, attempt = begin(area)
    send(client, attempt, "state", {"state": '{"page":2}', "based_on": 0, "save_id": "a"})
    elsewhere = Client()
    elsewhere.force_login(attempt.person)
    page = elsewhere.get(attempt.activity.lesson.url)
    player = page.context["parts"][0]["player"]
    assert (player.state, player.version) == ('{"page":2}', 1)
    assert player.key == str(attempt.uuid)


def test_viewed_goes_by_the_servers_clock(area) -> None:
    client, attempt = begin(area, completion_rule="viewed", minimum_seconds=60, expected_max=None)
    early = send(client, attempt, "viewed", "")
    assert early.status_code == 409
    assert 0 < early.json()["seconds_left"] <= 60
    Attempt.objects.update(started_at=clock.now() - dt.timedelta(seconds=61))
    assert send(client, attempt, "viewed", "").json()["attempt"]["state"] == "completed"
    assert Completion.objects.get().evidence == Evidence.SELF_DECLARED


def test_what_ends_by_itself_cannot_be_declared_viewed(area) -> None:
    client, attempt = begin(area)
    assert send(client, attempt, "viewed", "").status_code == 400
    assert not Completion.objects.exists()


def test_a_flood_is_held_back(area, monkeypatch) -> None:
    from courses import throttle

    monkeypatch.setattr(throttle, "REQUESTS_A_MINUTE", 3)
    monkeypatch.setattr(throttle.seconds_to_wait, "__kwdefaults__", {"limit": 3})
    client, attempt = begin(area)
    answers = [say(client, attempt, completed(9)) for _ in range(5)]
    held = [answer for answer in answers if answer.status_code == 429]
    assert held
    assert 0 < int(held[0].headers["Retry-After"]) <= 60


def test_no_attempt_without_an_enrolment(area) -> None:
    course = make_activity_course(area, make_package(area, member_of(area)))
    client = Client()
    client.force_login(member_of(area))
    answer = client.post(f"/learning/activities/{course.activities.get().pk}/begin/")
    assert answer.status_code == 403
    assert not Attempt.objects.exists()


def test_beginning_twice_is_one_attempt(area) -> None:
    client, attempt = begin(area)
    client.post(f"/learning/activities/{attempt.activity_id}/begin/")
    assert Attempt.objects.count() == 1


def test_post_only_and_csrf_is_asked_for(area) -> None:
    _, attempt = begin(area)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(attempt.person)
    assert say(strict, attempt, completed()).status_code == 403
    assert strict.get(f"/learning/attempts/{attempt.uuid}/statements").status_code == 405
    token = strict.get(f"/learning/attempts/{attempt.uuid}/status").json()["csrf"]
    rows = [{"id": str(uuid.uuid4()), "statement": completed()}]
    answer = send(
        strict, attempt, "statements", {"statements": rows}, headers={"X-CSRFToken": token}
    )
    assert answer.json()["attempt"]["state"] == "completed"


def test_a_receiver_that_fails_undoes_the_completion(area) -> None:
    client, attempt = begin(area)

    def refuse(**kwargs: Any) -> None:
        raise RuntimeError("The record could not be written.")

    course_completed.connect(refuse)
    try:
        with pytest.raises(RuntimeError):
            say(client, attempt, completed())
    finally:
        course_completed.disconnect(refuse)
    attempt.refresh_from_db()
    assert attempt.status == "open"
    assert not Statement.objects.exists()
    assert not Completion.objects.exists()
