"""Middleware of the ground floor: the health answer, and the door every view stands behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

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


class PolicyMiddleware:
    """Refuse a view that declares no policy, and whoever the declared policy refuses."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Give the request its day, and the CMS its own content security policy."""
        request.today = clock.today()  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.path.startswith("/cms/"):
            response.headers["Content-Security-Policy"] = settings.CMS_CONTENT_SECURITY_POLICY
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
