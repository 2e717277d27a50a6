"""How often a code may be guessed, without letting a stranger lock the owner out.

A code is six figures, so guesses at one person's are bounded wherever they come from. That bound
alone would let whoever knows the password keep the owner out: an address the person is, or lately
was, signed in at has only the bound of its own.
"""

from __future__ import annotations

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import ratelimit
from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from accounts.models import User

# Their rates are in ACCOUNT_RATE_LIMITS.
_HERE, _EVERYWHERE = "second_step_here", "second_step_everywhere"


def may_guess(request: HttpRequest, person: User) -> bool:
    """Count one guess at the person's code; return whether it may be looked at."""
    address = get_account_adapter(request).get_client_ip(request)
    if not ratelimit.consume(request, action=_HERE, key=f"{person.pk}:{address}"):
        return False
    if UserSession.objects.filter(user=person, ip=address).exists():
        return True
    return ratelimit.consume(request, action=_EVERYWHERE, key=str(person.pk))


def guessed_right(request: HttpRequest, person: User) -> None:
    """Forget the wrong guesses made here."""
    address = get_account_adapter(request).get_client_ip(request)
    ratelimit.clear(request, action=_HERE, key=f"{person.pk}:{address}")
