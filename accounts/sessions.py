"""Where people are signed in: a row for each session, with device, address and when it was used.

The row is written at sign-in and brought up to date every five minutes at most, so that most
requests write nothing.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from accounts.models import User
from core import clock

SEEN_EVERY = 5 * 60
_SEEN_UNTIL = "seen_until"
_BEGAN_AT = "began_at"


def listen() -> None:
    """Hear of everybody who signs in, also past allauth: in the demo, by an invitation."""
    user_logged_in.connect(_signed_in, dispatch_uid="accounts.sessions")


def _signed_in(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    remember(request, clock.now())


def remember(request: HttpRequest, at: dt.datetime) -> None:
    """Write down that somebody signed in here, whichever way they came."""
    request.session[_BEGAN_AT] = at.timestamp()
    request.session[_SEEN_UNTIL] = at.timestamp() + SEEN_EVERY
    if request.META.get("REMOTE_ADDR"):
        UserSession.objects.create_from_request(request)


def age(request: HttpRequest, at: dt.datetime) -> dt.timedelta | None:
    """Return how long ago this session began with signing in; None for nobody's."""
    began = request.session.get(_BEGAN_AT)
    return None if began is None else dt.timedelta(seconds=at.timestamp() - began)


def keep_seen(request: HttpRequest, at: dt.datetime) -> None:
    """Bring the row of this session up to date, if that was five minutes ago."""
    if request.session.get(_SEEN_UNTIL, 0) > at.timestamp():
        return
    request.session[_SEEN_UNTIL] = at.timestamp() + SEEN_EVERY
    seen: dict[str, Any] = {
        "last_seen_at": at,
        "ip": get_account_adapter().get_client_ip(request),
        "user_agent": request.headers.get("User-Agent", "")[:200],
    }
    rows = UserSession.objects.filter(session_key=request.session.session_key)
    if not rows.update(**seen):
        UserSession.objects.create_from_request(request)


def end_all(person: User) -> int:
    """End every session of the person at once; return how many there were."""
    ended = 0
    for session in UserSession.objects.filter(user=person):
        session.end()
        ended += 1
    return ended
