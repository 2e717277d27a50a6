"""Audit events in words: what was done, to what kind of record, and the small figures beside it.

The log knows no list of kinds: a room that writes a new one finds it here by its name.
"""

from __future__ import annotations

import re
from typing import Any

from django.apps import apps

# What a verb's last word must be for the event to be a look at somebody's record.
LOOKS = ("viewed", "opened", "exported", "downloaded", "printed")

# Group -> its name and the first words of its verbs; looks and refusals are told by other signs.
_GROUPS: dict[str, tuple[str, str]] = {
    "looks": ("Looking and exporting", ""),
    "access": (
        "Roles, invitations and sign-in",
        "role proposal delegation invitation card sign_in sign_in_service second_step passkey "
        "password account device recovery suspension",
    ),
    "people": (
        "People, posts and organisations",
        "person post staff_import import merge organisation organisations cluster sharing "
        "conversion local_area profile",
    ),
    "training": (
        "Training and status",
        "session obligation obligations clock exemption certificate evidence requirement "
        "learning_record register attendance",
    ),
    "courses": ("Courses and packages", "course package library quiz attempt"),
    "networks": ("Networks and meetings", "network meeting message membership thread"),
    "resources": ("Resources", "resource"),
    "impact": ("Impact", "question analysis data_set evaluation report"),
    "privacy": (
        "Personal data",
        "privacy privacy_request erasure legal_hold hold retention copy",
    ),
    "refused": ("Refused", ""),
    "other": ("Everything else", ""),
}
_GROUP_OF = {first: key for key, (_, firsts) in _GROUPS.items() for first in firsts.split()}
_LONGEST = 60
_DIGEST = re.compile(r"(\d+:)?[0-9a-f]{40,}")


def group_of(verb: str) -> str:
    """Return the key of the group a verb belongs to."""
    first, _, done = verb.partition(".")
    if first == "refused" or done == "refused":
        return "refused"
    return "looks" if is_look(verb) else _GROUP_OF.get(first, "other")


def is_look(verb: str) -> bool:
    """Whether the verb tells that somebody looked at something or took it away."""
    return verb.endswith(LOOKS)


def groups() -> list[tuple[str, str]]:
    """Return the groups in their order: key and name."""
    return [(key, label) for key, (label, _) in _GROUPS.items()]


def verb_in_words(verb: str) -> str:
    """Say "package.version_stored" as "Package: version stored"."""
    thing, _, done = verb.partition(".")
    words = f"{thing}: {done}" if done else thing
    return words.replace("_", " ").capitalize()


def kind_in_words(object_type: str) -> str:
    """Say "accounts.post" as "Post"; a kind that is no more keeps its own name."""
    try:
        words = str(apps.get_model(object_type)._meta.verbose_name)
    except (LookupError, ValueError):
        words = object_type
    return words[:1].upper() + words[1:]


def record_in_words(object_type: str, object_id: str) -> str:
    """Name the kind and number of what was touched: "Course 21"."""
    return f"{kind_in_words(object_type)} {object_id}".strip()


def data_in_words(data: Any) -> list[str]:
    """Say the figures of an event, one a line: "rows 12", "role setting_lead"."""
    if not isinstance(data, dict):
        return []
    return [f"{str(key).replace('_', ' ')} {_short(value)}" for key, value in data.items()]


def _short(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return f"{len(value)} figures"
    if isinstance(value, list):
        plain = ", ".join(map(str, value))
        return plain if len(plain) <= _LONGEST else f"{len(value)} of them"
    text = str(value)
    if _DIGEST.fullmatch(text):
        return f"{text[:12]}…"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
