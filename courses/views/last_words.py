"""The one thing a package's frame may tell us itself: its last words, as its page goes away.

There is no session here and no CSRF: the token is for one attempt and this one purpose, and what
comes is judged like everything else a package says.
"""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core import clock, policies
from courses.services import last_words as services
from courses.throttle import seconds_to_wait
from courses.views.attempt_api import MOST_STATE_BYTES, keepable


@policies.public
@csrf_exempt
@never_cache
@require_POST
def last_words(request: HttpRequest, token: str) -> HttpResponse:
    """Take them in; nobody waits for the answer, so it is a bare status."""
    if len(request.body) > MOST_STATE_BYTES:
        return HttpResponse(status=413)
    if seconds_to_wait(token, at=clock.now()):
        return HttpResponse(status=429)
    try:
        said = keepable(json.loads(request.body))
        state, statement = said["state"], said.get("statement")
        services.take_last_words(token=token, state=state, statement=statement, at=clock.now())
    except services.UnknownToken:
        return HttpResponse(status=404)
    except services.AttemptClosed:
        return HttpResponse(status=409)
    except services.StateTooLarge:
        return HttpResponse(status=413)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return HttpResponse(status=400)
    return HttpResponse(status=204)
