"""Asks as an actor, and says what was answered, what was written and whose names were shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponseBase

from tests.architecture.walk.world import MARKS, World

SHOWN, SIGN_IN, FORBIDDEN, MISSING = "shown", "sign in", "forbidden", "missing"
WRONG_METHOD, MOVED, BAD = "wrong method", "moved", "bad request"
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
# Sign-in keeps these by itself; they are no state of the product.
_SESSIONS = ("django_session", "usersessions_usersession")


@dataclass(frozen=True)
class Answer:
    """What came back."""

    kind: str
    status: int
    target: str = ""
    names: frozenset[str] = frozenset()
    body: bytes = b""
    writes: tuple[str, ...] = field(default=(), compare=False)


def ask(
    world: World, actor: str, path: str, data: dict[str, Any] | None = None, **extra: Any
) -> Answer:
    """Send GET, or POST where there are data; whatever was written is taken back."""
    client = world.client(actor)
    kept = SimpleCookie(client.cookies)
    # Rates are counted elsewhere; here nobody is asked to wait.
    cache.clear()
    with transaction.atomic(), _listening() as writes:
        send = client.get if data is None else client.post
        response = send(path, data, **extra)
        body = _body(response)
        transaction.set_rollback(True)
    # Whoever signed out by this is signed in again for the next question.
    client.cookies = kept
    names = frozenset(place for place, mark in MARKS.items() if mark.encode() in body)
    target = response.headers.get("Location", "")
    return Answer(_kind(response, target), response.status_code, target, names, body, tuple(writes))


def _kind(response: HttpResponseBase, target: str) -> str:
    status = response.status_code
    if 300 <= status < 400:
        return SIGN_IN if target.startswith("/accounts/login/") else MOVED
    return {
        200: SHOWN,
        400: BAD,
        401: FORBIDDEN,
        403: FORBIDDEN,
        404: MISSING,
        405: WRONG_METHOD,
    }.get(status, str(status))


def _body(response: HttpResponseBase) -> bytes:
    if response.streaming:
        # Read to its end it closes itself, as the client has arranged; close() would close the
        # database's connection too.
        return b"".join(response)  # type: ignore[arg-type]
    return bytes(response.content)  # type: ignore[attr-defined]


@contextmanager
def _listening() -> Iterator[list[str]]:
    """Collect the statements that write, apart from the session's."""
    written: list[str] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        words = sql.lstrip().split(maxsplit=4)
        if words and words[0].upper() in _WRITES:
            table = words[1 if words[0].upper() == "UPDATE" else 2].strip('"')
            if table not in _SESSIONS:
                written.append(f"{words[0].upper()} {table}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield written
