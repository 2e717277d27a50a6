"""What a SCORM unit says while its page goes away: no session, a token for this one purpose."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

from django.core import signing
from django.db import transaction

from accounts.models import User
from courses.models import Attempt, AttemptState
from courses.packages.models import PackageKind
from courses.services.attempts import AttemptClosed, StateTooLarge, record_statements, save_state

_SALT = "courses.last-words"
_LASTS = dt.timedelta(hours=12)


class UnknownToken(Exception):
    """The token is not ours, has expired, or its person may not learn here any more."""


def last_words_token(attempt: Attempt) -> str:
    """Return the token by which a frame may say one attempt's last words, for twelve hours."""
    return signing.dumps(str(attempt.uuid), salt=_SALT)


@transaction.atomic
def take_last_words(*, token: str, state: Any, statement: Any, at: dt.datetime) -> bool:
    """Keep a state that is newer than the one held, and an ending statement; return if it was.

    The state counts its own saves in `n`, so that words that arrive late never undo newer work.
    Raises UnknownToken, AttemptClosed, StateTooLarge or ValueError (no state of ours).
    """
    try:
        key = signing.loads(token, salt=_SALT, max_age=_LASTS)
    except signing.BadSignature as error:
        raise UnknownToken from error
    attempt = (
        Attempt.objects.select_related("revision__package")
        .filter(
            uuid=key,
            person__in=User.objects.filter(is_active=True, suspended_at__isnull=True),
        )
        .exclude(revision__package__kind=PackageKind.H5P)
        .first()
    )
    if attempt is None:
        raise UnknownToken
    held = AttemptState.objects.select_for_update().filter(attempt=attempt).first()
    if not isinstance(state, str) or _count(state) <= (_count(held.data) if held else 0):
        return False
    save_state(
        attempt=attempt,
        data=state,
        based_on=held.version if held else 0,
        save_id=str(uuid.uuid4()),
        at=at,
    )
    if statement is not None:
        uid = uuid.uuid5(attempt.uuid, f"last words {_count(state)}")
        record_statements(attempt=attempt, statements=[(uid, statement)], at=at)
    return True


def _count(state: str) -> int:
    """Return how often the wrapper had saved when it wrote this state; raises ValueError."""
    data = json.loads(state)
    count = data.get("n") if isinstance(data, dict) else None
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise ValueError("not a state of the wrapper")
    return count


__all__ = [
    "AttemptClosed",
    "StateTooLarge",
    "UnknownToken",
    "last_words_token",
    "take_last_words",
]
