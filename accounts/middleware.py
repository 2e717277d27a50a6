"""Gives each request its local area, and throws suspended people out."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from wagtail.models import Site

from accounts.models import LocalArea, User


def _local_area(request: HttpRequest) -> LocalArea | None:
    site = Site.find_for_request(request)
    if site is None:
        return None
    return LocalArea.objects.select_related("site__root_page").filter(site=site).first()


class LocalAreaMiddleware:
    """Set `request.local_area` from the site asked for; lazily: most static files need none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the area; end the session of a suspended person at their next request."""
        request.local_area = SimpleLazyObject(lambda: _local_area(request))  # type: ignore[attr-defined]
        user = request.user
        if isinstance(user, User) and user.is_authenticated and user.suspended_at is not None:
            logout(request)
        return self.get_response(request)
