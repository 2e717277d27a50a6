"""Leaves a trace of what the doors refused: a POST that is not permitted, and too many requests."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts.audit.refusals import record_refusal
from core import clock

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class RefusalMiddleware:
    """Writes after the view's own transaction was rolled back; the pattern, never the address.

    A form that is too old to trust is no refusal of rights, and is not written down.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, and look at the answer."""
        response = self.get_response(request)
        what = _what_was_refused(request, response)
        if what and request.resolver_match is not None:
            record_refusal(
                by=request.user,
                what=what,
                route=request.resolver_match.route,
                local_area=request.local_area or None,  # type: ignore[attr-defined]
                at=clock.now(),
            )
        return response


def _what_was_refused(request: HttpRequest, response: HttpResponse) -> str:
    if response.status_code == 429:
        return "too_many"
    if response.status_code == 403 and request.method not in _SAFE and _is_trusted(request):
        return "permission"
    return ""


def _is_trusted(request: HttpRequest) -> bool:
    """Whether the form's token was checked and held, or the view asks for none."""
    if getattr(request, "csrf_processing_done", False):
        return True
    match = request.resolver_match
    return match is not None and bool(getattr(match.func, "csrf_exempt", False))
