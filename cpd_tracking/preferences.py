"""Signed links that change one person's reminders with one click, without signing in."""

from __future__ import annotations

from django.core import signing

_SALT = "cpd_tracking.reminders"


class InvalidToken(Exception):
    """The link was not made by us."""


def reminder_token(public_id: object) -> str:
    """Return the token for a person's reminder link; it does not expire, and only does this."""
    return signing.dumps(str(public_id), salt=_SALT, compress=False)


def person_of_token(token: str) -> str:
    """Return the public id in a token; raises InvalidToken."""
    try:
        return str(signing.loads(token, salt=_SALT))
    except signing.BadSignature as error:
        raise InvalidToken from error
