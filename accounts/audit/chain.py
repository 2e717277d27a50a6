"""The arithmetic of the chain: pure functions from an event's values to a digest.

A link is the SHA-256 of the link before it, of its own place and instant, and of the event in
canonical JSON. The words of a reason are not in it but their salted digest is: erasing a person
empties the words and the salt, and the chain still holds. See docs/decisions/0005-audit-chain.md.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from typing import Any
from uuid import UUID

# What the first link follows.
BEGINNING = "0" * 64

# Columns of an event that are hashed, as `values_list` takes them.
HASHED = (
    "id",
    "at",
    "local_area_id",
    "actor",
    "verb",
    "object_type",
    "object_id",
    "subject",
    "organisation_id",
    "data",
    "reason_digest",
    "shown_from",
)
_AS_TEXT = frozenset({"id", "local_area_id", "actor", "subject", "organisation_id"})


def canonical(values: tuple[Any, ...]) -> bytes:
    """Return an event's values, in the order of HASHED, as the one JSON text that says the same.

    Keys sorted, no spaces, ASCII only; instants in UTC to the microsecond; ids as strings.
    """
    told = {name: _plain(name, value) for name, value in zip(HASHED, values, strict=True)}
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return instant(value)
    if isinstance(value, UUID) or (name in _AS_TEXT and value is not None):
        return str(value)
    return value


def instant(value: dt.datetime) -> str:
    """Return an instant in UTC to the microsecond."""
    return value.astimezone(dt.UTC).isoformat(timespec="microseconds")


def link(previous: str, position: int, sealed_at: dt.datetime, event: bytes) -> str:
    """Return the digest of the seal at a position, which follows the digest `previous`."""
    head = f"{previous}\n{position}\n{instant(sealed_at)}\n".encode()
    return hashlib.sha256(head + event).hexdigest()


def new_salt() -> str:
    """Return 128 random bits, so that a short reason cannot be guessed from its digest."""
    return secrets.token_hex(16)


def digest_of_reason(salt: str, reason: str) -> str:
    """Return what stands in the chain for the words of a reason."""
    return hashlib.sha256(f"{salt}\n{reason}".encode("utf-8", "surrogatepass")).hexdigest()
