"""Keeps the secrets of links out of the log: its readers could open them before their owners do."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

# Invitations, one's own address, allauth's links that set a new password or confirm an address,
# calendars that open without a session, and what a package's frame says at the end.
_SECRET = re.compile(
    r"(/join/link/|/profile/address/|/password/reset/key/|/confirm-email/"
    r"|(?<!/my-learning)/calendar/|/learning/last-words/)[^/\s'\"]+"
)


def hide_link_secrets(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace the secret part of an address in every text of an event."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _SECRET.sub(r"\1…", value)
    return event
