"""Middleware of the ground floor: the health answer, and the door every view stands behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, ImproperlyConfigured, PermissionDenied
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control

from core import clock
from core.policies import policy_of

GetResponse = Callable[[HttpRequest], HttpResponse]


class HealthMiddleware:
    """Answer GET /healthz before hosts, sessions or redirects are looked at.

    200 when the database answers; the broker is not asked, since no correctness rests on it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the health question, or pass the request on."""
        if request.path != "/healthz":
            return self.get_response(request)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            return JsonResponse({"status": "unavailable", "database": "no answer"}, status=503)
        return JsonResponse({"status": "ok"})


class NoNullMiddleware:
    """Answer 400 to an address or cookie that holds NUL: no text of ours does, and PostgreSQL
    fails on it. What forms send is checked by their fields.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or raise BadRequest."""
        held = (request.path, request.META.get("QUERY_STRING", ""), *request.COOKIES.values())
        if any("\x00" in text or "%00" in text for text in held):
            raise BadRequest("A NUL in the address or a cookie.")
        return self.get_response(request)


class PolicyMiddleware:
    """Refuse a view that declares no policy, and whoever the declared policy refuses."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Give the request its day, the CMS its own content security policy, and what a signed-in
        person is shown to nobody's cache.
        """
        request.today = clock.today()  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.path.startswith("/cms/"):
            response.headers["Content-Security-Policy"] = settings.CMS_CONTENT_SECURITY_POLICY
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Check the policy: a visitor is sent to sign in, a signed-in person gets 404 or 403."""
        policy = policy_of(view)
        if policy is None:
            raise ImproperlyConfigured(
                f"{view.__module__}.{getattr(view, '__name__', view)} declares no policy."
            )
        if policy.check(request):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        if policy.hidden:
            raise Http404
        raise PermissionDenied
