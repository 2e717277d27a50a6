"""Gives each request its local area, throws suspended people out, asks for a second step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.db.models import Exists, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.request import split_domain_port
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from wagtail.models import Site
from wagtail.views import serve as serve_page

from accounts import second_step, sessions
from accounts.models import LocalArea, User
from core import clock

# What somebody may reach who still has to set up a second step: that, the way out, and help.
_OPEN_WITHOUT_SECOND_STEP = (
    "/second-step/",
    "/accounts/2fa/",
    "/accounts/logout/",
    "/accounts/reauthenticate/",
    "/accounts/password/",
    "/theme/",
    "/static/",
    "/media/images/",
)
# Pages of words. What lies below them, such as the desk of data protection, is not among them.
_PAGES_WITHOUT_SECOND_STEP = frozenset({"/contact/", "/accessibility/", "/privacy/", "/cookies/"})


def _local_area(request: HttpRequest) -> LocalArea | None:
    """Return the area of the site asked for, which is left on the request for Wagtail; one query.

    What Wagtail's order of choice leaves open (a port or a host of no area) is left to Wagtail.
    """
    raw_host = request._get_raw_host()  # type: ignore[attr-defined]
    host, port = split_domain_port(raw_host)[0], int(request.get_port())
    served = LocalArea.objects.filter(site__isnull=False).order_by().values("site")
    areas = list(
        LocalArea.objects.filter(Q(site__hostname=host) | Q(site__is_default_site=True))
        .select_related("site__root_page")
        .annotate(is_unclear=Exists(Site.objects.filter(hostname=host).exclude(pk__in=served)))
        .order_by()
    )
    area = None if any(area.is_unclear for area in areas) else _choice(areas, host, port)
    if area is not None:
        request._wagtail_site = area.site  # type: ignore[attr-defined]
        return area
    found = Site.find_for_request(request)
    if found is None:
        return None
    return LocalArea.objects.select_related("site__root_page").filter(site=found).first()


def _choice(areas: Sequence[LocalArea], host: str, port: int) -> LocalArea | None:
    """Choose as Wagtail does: host and port, host and default site, default site for no host."""
    of_host = [area for area in areas if area.site and area.site.hostname == host]
    if not of_host:
        return areas[0] if areas else None
    exact = [area for area in of_host if area.site and area.site.port == port]
    default = [area for area in of_host if area.site and area.site.is_default_site]
    return next(iter(exact + default), None)


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


class SecondStepMiddleware:
    """Lead people who must have a second step, and have none, to the page where they set one up.

    It stands behind PolicyMiddleware, which gives the request its day. A request costs no query
    more than once a minute (second_step) and once in five (sessions).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note that the person was here; send them to the set-up page if they must go there."""
        if request.user.is_authenticated:
            sessions.keep_seen(request, clock.now())
            if self._must_set_up(request):
                return _to_set_up(request)
        return self.get_response(request)

    def _must_set_up(self, request: HttpRequest) -> bool:
        if not settings.SECOND_STEP_ENFORCED:
            return False
        if request.path in _PAGES_WITHOUT_SECOND_STEP:
            return False
        if request.path.startswith(_OPEN_WITHOUT_SECOND_STEP):
            return False
        return second_step.is_missing(request, request.today)  # type: ignore[attr-defined]


def _to_set_up(request: HttpRequest) -> HttpResponse:
    """Go to the set-up page in whatever way the asker understands."""
    page = reverse("accounts:second-step")
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = page
        return response
    if request.content_type == "application/json":
        words = "Set up a second step before you go on."
        return JsonResponse({"error": "second-step", "message": words}, status=403)
    if request.method == "GET":
        page = f"{page}?{urlencode({'next': request.get_full_path()})}"
    return HttpResponseRedirect(page)
