"""The secrets of invitations: the token in a mailed link, the code on a printed card.

Neither is kept. Of a link the outbox holds a nonce, from which the token follows with the
installation's SECRET_KEY when the mail is written: whoever reads the database, or a backup of it,
learns no link. Of both the database keeps a SHA-256 digest.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets

from django.utils.crypto import salted_hmac

_NONCE_BYTES = 32
# No letter or figure that is taken for another: 31 signs, 12 of them are 59 bits.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12
_GROUP = 4
_SPACES_AND_DASHES = re.compile(r"[\s\-\u2010-\u2015]+")


def new_nonce() -> str:
    """Return 32 random bytes as text."""
    return secrets.token_urlsafe(_NONCE_BYTES)


def token_of(nonce: str) -> str:
    """Return the token of the link that this nonce stands for; the same with the same key."""
    keyed = salted_hmac("accounts.invitation", nonce, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(keyed).decode().rstrip("=")


def token_digest(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(f"link:{token}".encode()).hexdigest()


def new_code() -> str:
    """Return the code of one card."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(CODE_LENGTH))


def in_groups(code: str) -> str:
    """Return the code as it is printed: "7KQM-2XWD-9FHT"."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def as_printed(typed: str) -> str:
    """Return what somebody typed without spaces, dashes and small letters."""
    return _SPACES_AND_DASHES.sub("", typed).upper()


def code_digest(person_id: int, code: str) -> str:
    """Return what the database keeps of a code: it opens one person's account and no other."""
    return hashlib.sha256(f"card:{person_id}:{code}".encode()).hexdigest()
