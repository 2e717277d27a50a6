"""One thing an administrator would want to know, and how bad it is."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Level(enum.StrEnum):
    """How it stands."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True)
class Finding:
    """`key` names the check for machines; `detail` says what to do, and holds no secret."""

    key: str
    level: Level
    title: str
    detail: str = ""


def judged(key: str, title: str, *, red: str = "", amber: str = "", fine: str = "") -> Finding:
    """Return a finding that is as bad as the worst of what was said about it."""
    if red:
        return Finding(key, Level.RED, title, red)
    if amber:
        return Finding(key, Level.AMBER, title, amber)
    return Finding(key, Level.GREEN, title, fine)
