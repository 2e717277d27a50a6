"""What became of a post, in words: who changed what, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import Post, User
from accounts.people_list import names_in_scope

_WORDS = {
    "job_role": "job role",
    "title": "job title",
    "starts_on": "first day",
    "ends_on": "last day",
    "staff_number": "staff number",
    "weekly_hours": "weekly hours",
    "term_time_only": "term time only",
    "handles_personal_data": "handles personal data",
    "line_manager_id": "line manager",
}
_OUTSIDE = "somebody outside this setting"


@dataclass(frozen=True)
class HistoryLine:
    """One change: `changes` are sentences; `who` is empty for imports and the set-up."""

    at: dt.datetime
    who: str
    changes: list[str]


def history_of(posts: Sequence[Post], viewer: User, on: dt.date) -> dict[int, list[HistoryLine]]:
    """Return the changes of each post, latest first; two queries, whatever the number.

    Whoever is not in the viewer's scope has no name here.
    """
    rows = list(
        Post.history.filter(id__in=[post.pk for post in posts])  # type: ignore[attr-defined]
        .order_by("id", "history_date", "history_id")
        .select_related(None)
    )
    people = {row.line_manager_id for row in rows} | {row.history_user_id for row in rows}
    names = names_in_scope(viewer, people, on)
    found: dict[int, list[HistoryLine]] = {post.pk: [] for post in posts}
    before: dict[int, Any] = {}
    for row in rows:
        changes = _changes(before.get(row.id), row, names)
        before[row.id] = row
        if changes:
            who = names.get(row.history_user_id, _OUTSIDE) if row.history_user_id else ""
            found[row.id].insert(0, HistoryLine(row.history_date, who, changes))
    return found


def _changes(before: Any, after: Any, names: dict[int, str]) -> list[str]:
    if before is None:
        return ["Added"]
    return [
        _sentence(field, words, getattr(before, field), getattr(after, field), names)
        for field, words in _WORDS.items()
        if getattr(before, field) != getattr(after, field)
    ]


def _sentence(field: str, words: str, old: Any, new: Any, names: dict[int, str]) -> str:
    if isinstance(new, bool):
        return f"{words.capitalize()}: {'yes' if new else 'no'}"
    now, then = _value(field, new, names), _value(field, old, names)
    if not then:
        return f"{words.capitalize()} set to {now}"
    if not now:
        return "Opened again" if field == "ends_on" else f"{words.capitalize()} {then} taken away"
    return f"{words.capitalize()} changed from {then} to {now}"


def _value(field: str, value: Any, names: dict[int, str]) -> str:
    if value in (None, ""):
        return ""
    if field == "line_manager_id":
        return names.get(value, _OUTSIDE)
    if isinstance(value, dt.date):
        return f"{value.day} {value:%B %Y}"
    return str(value)
