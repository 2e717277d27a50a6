"""What a package says about its learner, and what of that counts. Pure rules; nothing is stored
here.

A learner can always forge the browser's word. These rules keep nonsense out and ground what
remains; they do not make it proof, so a completion by statement is always "client-asserted".
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from courses.packages.completion import CompletionRule

EVIDENCE = "client-asserted"
MOST_BYTES = 64 * 1024
MOST_DEPTH = 20
ACTIVITY_TYPES = "http://adlnet.gov/expapi/activities/"
VERBS: Mapping[str, str] = {
    f"http://adlnet.gov/expapi/verbs/{name}": name
    for name in (
        "answered",
        "attempted",
        "completed",
        "failed",
        "interacted",
        "passed",
        "progressed",
    )
}
SUB_CONTENT = re.compile(r"[0-9a-f-]{1,64}", re.IGNORECASE)
SUB_CONTENT_KEY = "http://h5p.org/x-api/h5p-subContentId"


@dataclass(frozen=True)
class Expectation:
    """How a revision completes, and the maximum seen at the staff preview."""

    rule: CompletionRule
    expected_max: float | None = None


@dataclass(frozen=True)
class Judged:
    """The judgement on one statement; `statement` is ours, rewritten: store that alone."""

    keep: bool
    reason: str = ""
    verb: str = ""
    is_root: bool = False
    sub_content_id: str = ""
    raw: float | None = None
    max: float | None = None
    scaled: float | None = None
    success: bool | None = None
    completes: bool = False
    evidence: str = EVIDENCE
    statement: dict[str, Any] = field(default_factory=dict)


def judge_statement(
    statement: Any,
    *,
    expectation: Expectation,
    actor: str,
    object_id: str,
    at: dt.datetime,
    statement_id: UUID,
) -> Judged:
    """Judge one statement from a frame and rewrite it under our own names and clock.

    `actor` is the attempt's pseudonym, `object_id` our IRI of the activity. Never raises for what a
    package says.
    """
    if not isinstance(statement, dict) or not _fits(statement):
        return Judged(keep=False, reason="form")
    verb = VERBS.get(str(_get(statement, "verb", "id")))
    if verb is None:
        return Judged(keep=False, reason="verb")
    root, sub_content_id = _place(statement)
    raw, most, fault = _score(statement)
    if fault:
        return Judged(keep=False, reason=fault, verb=verb)
    scaled = raw / most if raw is not None and most else None
    success = _success(statement, verb)
    completes = root and _completes(expectation, verb, statement, raw, most)
    judged = Judged(
        keep=True,
        verb=verb,
        is_root=root,
        sub_content_id=sub_content_id,
        raw=raw,
        max=most,
        scaled=scaled,
        success=success,
        completes=completes,
    )
    ours = _rewritten(statement, judged, actor, object_id, at, statement_id)
    return replace(judged, statement=ours)


def preview_max(statement: Any, rule: CompletionRule) -> float | None:
    """Return the maximum a terminal root statement reports at the staff preview, or None when it is
    not one.
    """
    if not isinstance(statement, dict) or not _fits(statement):
        return None
    verb = VERBS.get(str(_get(statement, "verb", "id")))
    root, _ = _place(statement)
    raw, most, fault = _score(statement)
    if verb is None or not root or fault or most is None:
        return None
    return most if _completes(Expectation(rule, most), verb, statement, raw, most) else None


def _completes(
    expectation: Expectation,
    verb: str,
    statement: Mapping[str, Any],
    raw: float | None,
    most: float | None,
) -> bool:
    """Say whether a root statement finishes the content."""
    rule = expectation.rule
    said_complete = _get(statement, "result", "completion") is True
    if rule is CompletionRule.COMPLETED_UNSCORED:
        return verb == "completed"
    if rule is CompletionRule.SCORM:
        # Our wrapper says it of the whole package; a failed unit may be tried again.
        return verb in ("completed", "passed") and said_complete
    if not rule.is_scored:
        return False
    terminal = verb == "completed" or (verb == "answered" and said_complete)
    if rule is CompletionRule.ANSWERED_THEN_JUDGED:
        terminal = terminal or verb in ("passed", "failed")
    if not terminal:
        return False
    if rule is CompletionRule.COMPLETED_BY_PATH:
        limit = expectation.expected_max
        return most is None or limit is None or most <= limit
    if raw is None or most is None or most <= 0 or expectation.expected_max is None:
        return False
    return math.isclose(most, expectation.expected_max)


def _score(statement: Mapping[str, Any]) -> tuple[float | None, float | None, str]:
    """Return (raw, max, fault): both finite with 0 <= raw <= max, or both None."""
    score = _get(statement, "result", "score")
    if score is None:
        return None, None, ""
    if _get(score, "raw") is None and _get(score, "max") is None:
        return None, None, ""
    raw, most = _number(_get(score, "raw")), _number(_get(score, "max"))
    if raw is None or most is None or not 0 <= raw <= most:
        return None, None, "score"
    low = _get(score, "min")
    if low is not None and _number(low) != 0:
        return None, None, "score"
    return raw, most, ""


def _success(statement: Mapping[str, Any], verb: str) -> bool | None:
    """Return passed or failed only where the verb says so; the pass mark is ours, so `success`
    alone is no word.
    """
    if verb in ("passed", "failed"):
        return verb == "passed"
    said = _get(statement, "result", "success")
    return said if verb == "answered" and isinstance(said, bool) else None


def _place(statement: Mapping[str, Any]) -> tuple[bool, str]:
    """Return (whether this is the root content, the part's id)."""
    sub = _get(statement, "object", "definition", "extensions", SUB_CONTENT_KEY)
    in_id = re.search(r"[?&]subContentId=([^&#]+)", str(_get(statement, "object", "id") or ""))
    part = str(sub or (in_id[1] if in_id else ""))
    parents = _get(statement, "context", "contextActivities", "parent")
    is_root = not sub and not in_id and not parents
    return is_root, part if SUB_CONTENT.fullmatch(part) else ""


def _rewritten(
    statement: Mapping[str, Any],
    judged: Judged,
    actor: str,
    object_id: str,
    at: dt.datetime,
    statement_id: UUID,
) -> dict[str, Any]:
    """Return the statement as we vouch for it: who, what and when are ours, the rest is quoted."""
    part = judged.sub_content_id
    result: dict[str, Any] = {}
    if judged.raw is not None:
        result["score"] = {"raw": judged.raw, "min": 0, "max": judged.max}
        if judged.scaled is not None:
            result["score"]["scaled"] = round(judged.scaled, 4)
    response = _get(statement, "result", "response")
    if isinstance(response, str):
        result["response"] = response[:4000]
    if judged.success is not None:
        result["success"] = judged.success
    completion = _get(statement, "result", "completion")
    if isinstance(completion, bool):
        result["completion"] = completion
    duration = _get(statement, "result", "duration")
    if isinstance(duration, str) and re.fullmatch(r"PT[0-9.]{1,12}S", duration):
        result["duration"] = duration
    definition: dict[str, Any] = {}
    name = _get(statement, "object", "definition", "name", "en-US")
    if isinstance(name, str):
        definition["name"] = {"en": name[:255]}
    kind = _get(statement, "object", "definition", "interactionType")
    if isinstance(kind, str) and re.fullmatch(r"[a-z-]{1,20}", kind):
        definition |= {"interactionType": kind, "type": f"{ACTIVITY_TYPES}cmi.interaction"}
    return {
        "id": str(statement_id),
        "version": "1.0.3",
        "timestamp": at.isoformat(),
        "actor": {
            "objectType": "Agent",
            "account": {"homePage": _home(object_id), "name": actor},
        },
        "verb": {
            "id": f"http://adlnet.gov/expapi/verbs/{judged.verb}",
            "display": {"en": judged.verb},
        },
        "object": {
            "objectType": "Activity",
            "id": f"{object_id}?part={part}" if part else object_id,
            "definition": definition,
        },
        **({"result": result} if result else {}),
    }


def _fits(statement: Mapping[str, Any]) -> bool:
    """Refuse what is too large or too deep before looking at it."""
    level: list[Any] = [statement]
    for _ in range(MOST_DEPTH):
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
        if not level:
            break
    if level:
        return False
    try:
        return len(json.dumps(statement)) <= MOST_BYTES
    except (TypeError, ValueError):
        return False


def _get(data: Any, *path: str) -> Any:
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _home(object_id: str) -> str:
    """Return scheme and host of our activity's address: the account system of its pseudonyms."""
    parts = object_id.split("/", 3)
    return "/".join(parts[:3])
