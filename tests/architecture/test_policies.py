"""Every route declares who may call it."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from core.middleware import PolicyMiddleware
from core.policies import policy_of


def all_views(resolver=None, prefix=""):
    """Yield (route, view) for every route of the application, libraries' included."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from all_views(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry.callback


def test_no_route_is_without_a_policy():
    without = [route for route, view in all_views() if policy_of(view) is None]

    assert without == []


def test_our_own_views_do_not_borrow_a_librarys_policy():
    from core.checks import HOUSE_APPS

    ours = [
        (route, view)
        for route, view in all_views()
        if getattr(getattr(view, "view_class", view), "__module__", "").split(".")[0] in HOUSE_APPS
    ]

    assert ours, "the application has routes of its own"
    for route, view in ours:
        declared = getattr(view, "policy", None) or getattr(
            getattr(view, "view_class", None), "policy", None
        )
        assert declared is not None, route


def test_the_door_refuses_a_view_without_a_policy():
    from django.core.exceptions import ImproperlyConfigured

    def view(request):
        return HttpResponse("secret")

    request = RequestFactory().get("/")
    with pytest.raises(ImproperlyConfigured, match="declares no policy"):
        PolicyMiddleware(lambda _: HttpResponse()).process_view(request, view, (), {})
