"""How often a card's code may be tried: whoever guesses is stopped, whoever holds the card is not.

Only wrong tries count. A whole school joins from one address on a training day, so the limit of an
address is wide and that of a name at an address narrow; a name tried from everywhere rests for an
hour at most. A code has 59 bits: these limits keep noise away, the guessing is hopeless without.
"""

from __future__ import annotations

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.internal import ratelimit
from django.http import HttpRequest

_RATES = {
    "address": "60/m/ip",
    "name_here": "6/300s/key",
    "name_anywhere": "60/h/key",
}


def may_try(request: HttpRequest, sign_in_name: str) -> bool:
    """Whether a code may be looked at now; counts nothing."""
    return all(_consume(request, action, sign_in_name, dry_run=True) for action in _RATES)


def tried_wrong(request: HttpRequest, sign_in_name: str) -> None:
    """Count a name and code that did not belong together."""
    for action in _RATES:
        _consume(request, action, sign_in_name)


def _consume(
    request: HttpRequest, action: str, sign_in_name: str, *, dry_run: bool = False
) -> bool:
    name = sign_in_name.strip().lower()
    address = get_account_adapter(request).get_client_ip(request)
    usage = ratelimit.consume(
        request,
        app="accounts.claim_card",
        action=action,
        config=_RATES,
        key=f"{name} {address}" if action == "name_here" else name,
        dry_run=dry_run,
    )
    return usage is not None
