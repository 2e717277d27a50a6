"""My calendar: the secret address, and what a calendar program reads there."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from core import clock
from core.policies import public, signed_in
from cpd_tracking.feeds import NoSuchFeed, calendar_of, feed_of_token, feed_token
from cpd_tracking.models import CalendarFeed
from cpd_tracking.services import feeds as services
from cpd_tracking.views.requests import Request


@signed_in
@require_GET
def my_calendar(request: Request) -> HttpResponse:
    """Show the address of one's own feed, or offer to make one."""
    feed = CalendarFeed.objects.filter(person=request.user).first()
    path = reverse("cpd_tracking:feed", args=[feed_token(feed)]) if feed else ""
    return render(
        request,
        "pages/cpd_tracking/calendar.html",
        {
            "page_title": "Your training in your calendar",
            "feed": feed,
            "address": request.build_absolute_uri(path) if path else "",
            "breadcrumbs": [{"label": "My learning", "url": "/my-learning/"}],
        },
    )


@signed_in
@require_POST
def make_feed(request: Request) -> HttpResponse:
    """Make an address, or a new one in place of the old."""
    services.make_feed(person=request.user, at=clock.now())
    return redirect("cpd_tracking:my_calendar")


@signed_in
@require_POST
def close_feed(request: Request) -> HttpResponse:
    """Close the feed."""
    services.close_feed(person=request.user, at=clock.now())
    messages.success(request, "Your calendar address is closed. Nobody can read it any more.")
    return redirect("cpd_tracking:my_calendar")


@public
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a calendar program: it has no session, only the secret address."""
    try:
        found = feed_of_token(token)
    except NoSuchFeed as error:
        raise Http404 from error
    at = clock.now()
    content = calendar_of(
        found.person, today=clock.london_date(at), at=at, base_url=settings.SITE_URL
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="my-learning.ics"'
    response["Cache-Control"] = "private, max-age=900"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
