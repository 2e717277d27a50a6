"""A check of the running installation: every erasure must be in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError

from accounts.privacy import ledger


@register(Tags.database)
def erasures_are_in_the_ledger(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Warn about erasures that a restored backup would bring back for good."""
    if not databases:
        return []
    try:
        missing = len(ledger.unwritten())
    except (DatabaseError, OSError):
        return []
    if not missing:
        return []
    return [
        Warning(
            f"{missing} erasures are not in the ledger {ledger.path()}.",
            hint="Run manage.py erase_again, which writes what is missing.",
            id="accounts.W020",
        )
    ]
