"""What a package says, and what of that counts."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.packages.completion import CompletionRule, known_max, rule_for
from courses.packages.saving import SaveVerdict, judge_save
from courses.packages.statements import SUB_CONTENT_KEY, Expectation, judge_statement, preview_max

AT = dt.datetime(2026, 3, 4, 12, 0, tzinfo=dt.UTC)
ID = uuid.UUID(int=7)
VERBS = "http://adlnet.gov/expapi/verbs/"


def statement(verb="completed", raw=3, most=4, **changes):
    """Return a statement as H5P writes it."""
    data = {
        "actor": {"mbox": "mailto:head@school.example"},
        "id": "forged",
        "timestamp": "1999-01-01T00:00:00Z",
        "verb": {"id": f"{VERBS}{verb}"},
        "object": {"id": "http://content/embed/", "definition": {"name": {"en-US": "A title"}}},
        "result": {
            "score": {"raw": raw, "max": most, "scaled": 1},
            "completion": True,
            "success": True,
        },
    }
    return data | changes


def judge(data, rule=CompletionRule.COMPLETED, expected=4.0):
    """Judge a statement against a rule and a maximum."""
    return judge_statement(
        data,
        expectation=Expectation(rule, expected),
        actor="pseudonym-1",
        object_id="https://waymark.example/learning/activity/9",
        at=AT,
        statement_id=ID,
    )


def test_a_root_completion_counts_and_its_share_is_computed_by_us():
    judged = judge(statement())

    assert judged.keep
    assert judged.completes
    assert judged.is_root
    assert (judged.raw, judged.max, judged.scaled) == (3.0, 4.0, 0.75)
    assert judged.evidence == "client-asserted"


def test_who_what_and_when_are_ours():
    ours = judge(statement()).statement

    assert ours["actor"]["account"] == {
        "homePage": "https://waymark.example",
        "name": "pseudonym-1",
    }
    assert ours["object"]["id"] == "https://waymark.example/learning/activity/9"
    assert ours["timestamp"] == AT.isoformat()
    assert ours["id"] == str(ID)
    assert "mailto:" not in str(ours)


@pytest.mark.parametrize(
    ("raw", "most"),
    [
        (5, 4),
        (-1, 4),
        (float("nan"), 4),
        (1, float("inf")),
        ("3", 4),
        (True, 4),
        (3, None),
        pytest.param(10**400, 10**401, id="huge"),
    ],
)
def test_scores_that_cannot_be_are_not_kept(raw, most):
    judged = judge(statement(raw=raw, most=most))

    assert not judged.keep
    assert judged.reason == "score"


@pytest.mark.parametrize("most", [3, 5, 0])
def test_another_maximum_than_at_the_preview_does_not_complete(most):
    assert not judge(statement(raw=0, most=most)).completes


def test_without_a_maximum_from_the_preview_nothing_completes():
    assert not judge(statement(), expected=None).completes


@pytest.mark.parametrize(
    "changes",
    [
        {"object": {"id": "http://c/?subContentId=abc", "definition": {}}},
        {"object": {"id": "x", "definition": {"extensions": {SUB_CONTENT_KEY: "ab-1"}}}},
        {"context": {"contextActivities": {"parent": [{"id": "http://c"}]}}},
    ],
)  # fmt: skip
def test_parts_never_complete_the_whole(changes):
    judged = judge(statement(**changes))

    assert judged.keep
    assert not judged.is_root
    assert not judged.completes


@pytest.mark.parametrize("verb", ["mastered", "voided", "http://evil", "consume", "launched"])
def test_verbs_that_are_not_on_the_list_are_ignored(verb):
    assert judge(statement(verb=verb)).reason == "verb"


@pytest.mark.parametrize(
    ("rule", "verb", "completes"),
    [
        (CompletionRule.ANSWERED, "answered", True),
        (CompletionRule.ANSWERED, "attempted", False),
        (CompletionRule.ANSWERED_THEN_JUDGED, "passed", True),
        (CompletionRule.ANSWERED_THEN_JUDGED, "failed", True),
        (CompletionRule.COMPLETED, "progressed", False),
        (CompletionRule.COMPLETED, "passed", False),
        (CompletionRule.VIEWED, "completed", False),
        (CompletionRule.SELF_DECLARED, "completed", False),
    ],
)
def test_each_rule_has_its_own_end(rule, verb, completes):
    assert judge(statement(verb=verb), rule).completes is completes


def test_an_answer_without_completion_does_not_complete():
    data = statement(verb="answered")
    data["result"]["completion"] = False

    assert not judge(data, CompletionRule.ANSWERED).completes


def test_a_path_may_score_less_than_the_longest_but_not_more():
    rule = CompletionRule.COMPLETED_BY_PATH

    assert judge(statement(raw=1, most=2), rule).completes
    assert judge(statement(raw=0, most=0), rule).completes
    assert not judge(statement(raw=5, most=9), rule).completes


def test_a_questionnaire_completes_without_a_score():
    data = statement()
    del data["result"]

    judged = judge(data, CompletionRule.COMPLETED_UNSCORED, None)

    assert judged.completes
    assert judged.scaled is None


def test_the_preview_learns_the_maximum_from_the_end_of_the_whole():
    assert preview_max(statement(), CompletionRule.COMPLETED) == 4
    assert preview_max(statement(verb="answered"), CompletionRule.COMPLETED) == 4
    assert preview_max(statement(verb="attempted"), CompletionRule.COMPLETED) is None
    assert preview_max(statement(raw=9), CompletionRule.COMPLETED) is None


def test_what_is_too_deep_or_too_large_is_not_looked_at():
    deep: dict = {}
    for _ in range(5000):
        deep = {"a": deep}

    assert judge(statement(context=deep)).reason == "form"
    assert judge(statement(context={"a": "x" * 70_000})).reason == "form"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(json_values, json_values, json_values)
def test_nothing_a_package_says_makes_the_judge_fail(result, thing, context):
    judged = judge(statement(result=result, object=thing, context=context))

    assert not judged.completes or (judged.raw is not None and judged.max == 4)


def test_content_types_are_known_and_the_unknown_are_viewed():
    assert rule_for("H5P.MultiChoice") is CompletionRule.ANSWERED
    assert rule_for("H5P.InteractiveBook") is CompletionRule.COMPLETED
    assert rule_for("H5P.Accordion") is CompletionRule.VIEWED
    assert rule_for("Somebody.Elses") is CompletionRule.VIEWED


def test_the_maximum_of_our_own_lesson_is_its_number_of_questions():
    question = {"answers": [{"correct": True}, {"correct": False}]}
    pages = [{}, {"question": question}, {"question": {"answers": [{}, {}]}}]

    assert known_max("H5P.WaymarkLesson", {"pages": pages}) == 1
    assert known_max("H5P.WaymarkLesson", {"pages": [{}]}) == 1
    assert known_max("H5P.MultiChoice", {"pages": pages}) is None


def test_saving_survives_lost_replies_and_two_devices():
    held = {"held_version": 7, "held_save_id": "a"}

    assert judge_save(**held, based_on=7, save_id="b", state="{}") is SaveVerdict.STORE
    assert judge_save(**held, based_on=6, save_id="a", state="{}") is SaveVerdict.SAME
    assert judge_save(**held, based_on=6, save_id="b", state="{}") is SaveVerdict.STALE
    assert judge_save(**held, based_on=7, save_id="b", state="é" * 600_000) is SaveVerdict.TOO_LARGE
