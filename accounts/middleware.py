"""Gives each request its local area, and throws suspended people out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.db.models import Exists
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.utils.functional import SimpleLazyObject
from wagtail.models import Site
from wagtail.views import serve as serve_page

from accounts.models import LocalArea, User


def _local_area(request: HttpRequest) -> LocalArea | None:
    """Return the area of the site asked for, which is left on the request for Wagtail; one query.

    What Wagtail's order of choice leaves open (a port or a host of no area) is left to Wagtail.
    """
    raw_host = request._get_raw_host()  # type: ignore[attr-defined]
    host, port = split_domain_port(raw_host)[0], int(request.get_port())
    areas = list(
        LocalArea.objects.filter(site__hostname=host)
        .select_related("site__root_page")
        .annotate(port_is_taken=Exists(Site.objects.filter(hostname=host, port=port)))
        .order_by()
    )
    for area in areas:
        site = area.site
        if site and (site.port == port or (site.is_default_site and not area.port_is_taken)):
            request._wagtail_site = site  # type: ignore[attr-defined]
            return area
    found = Site.find_for_request(request)
    if found is None:
        return None
    return LocalArea.objects.select_related("site__root_page").filter(site=found).first()


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

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        """Find the area before Wagtail looks for its site, which comes with it."""
        if view is serve_page:
            bool(request.local_area)  # type: ignore[attr-defined]
