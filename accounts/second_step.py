"""Who must sign in with a second step, and whether they did.

Required are holders of the roles a local area names (LocalArea.second_step_roles), everyone with
a post where the employer asks for it (Organisation.demands_second_step, teams below included), and
break-glass accounts. No personal phone is ever needed: a passkey on a work computer is enough.
"""

from __future__ import annotations

import datetime as dt
import time

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from accounts import access
from accounts.models import Organisation, Post, SignInService, User
from accounts.querysets import in_force

# Recovery codes alone are no second step: they come with one of these.
TYPES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

# What was found holds this long in a session, so that most requests ask nothing.
HOLDS_FOR = 60
_HELD_UNTIL = "second_step_until"


def must_have(user: User, on: dt.date) -> bool:
    """Whether the person must sign in with a second step on the day; at most three queries."""
    if user.is_superuser:
        return True
    grants = access.grants_in_force(user, on).values_list("role", "local_area__second_step_roles")
    if any(role in asked for role, asked in grants):
        return True
    asking = list(
        Organisation.objects.filter(demands_second_step=True)
        .order_by()
        .values_list("pk", flat=True)
    )
    if not asking:
        return False
    covered = access.with_teams_below(asking)
    return Post.objects.filter(in_force(on), person=user, organisation__in=covered).exists()


def has(user: User) -> bool:
    """Whether the person has an authenticator app or a passkey: then sign-in asks for it."""
    return Authenticator.objects.filter(user=user, type__in=TYPES).exists()


def is_vouched_for(request: HttpRequest) -> bool:
    """Whether this session came by a sign-in service that always asks for a second step itself."""
    services = {
        record.get("provider")
        for record in get_authentication_records(request, request.user)  # type: ignore[arg-type]
        if record.get("method") == "socialaccount"
    }
    if not services:
        return False
    vouching = SignInService.objects.filter(is_active=True, vouches_for_second_step=True)
    return vouching.filter(slug__in=services).exists()


def is_missing(request: HttpRequest, on: dt.date) -> bool:
    """Whether the signed-in person must have a second step and this session has none.

    A good answer is kept in the session for a minute; a bad one is asked again each time.
    """
    user = request.user
    assert isinstance(user, User)
    now = time.time()
    if request.session.get(_HELD_UNTIL, 0) > now:
        return False
    if must_have(user, on) and not has(user) and not is_vouched_for(request):
        request.session.pop(_HELD_UNTIL, None)
        return True
    request.session[_HELD_UNTIL] = now + HOLDS_FOR
    return False
