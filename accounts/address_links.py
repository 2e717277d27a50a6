"""The link that proves a personal address: signed, for one person and address, and not for long."""

from __future__ import annotations

from django.core import signing

from accounts.models import User

_SALT = "accounts.personal_address"
VALID_DAYS = 3


class LinkDoesNotFit(Exception):
    """The link is damaged, too old, was meant for somebody else, or things have changed since."""


def token_of(person: User, address: str) -> str:
    """Return what the mailed link carries."""
    return signing.dumps([str(person.public_id), address, _now(person)], salt=_SALT)


def address_of(token: str, person: User) -> str:
    """Return the address a link proves for this person; raises LinkDoesNotFit.

    A link no longer fits once the person's address has changed: each works once.
    """
    try:
        public_id, address, now = signing.loads(token, salt=_SALT, max_age=VALID_DAYS * 86_400)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise LinkDoesNotFit("This link does not work any more. Ask for a new one.") from error
    if public_id != str(person.public_id):
        raise LinkDoesNotFit("This link belongs to another account.")
    if now != _now(person) and address != person.personal_email:
        raise LinkDoesNotFit("This link does not work any more. Ask for a new one.")
    return str(address)


def _now(person: User) -> str:
    return f"{person.email or ''}|{person.personal_email or ''}"
