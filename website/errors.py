"""What people see when something is not there, not theirs or not working."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from core.policies import public

logger = logging.getLogger(__name__)

# The last resort: needs no template, no static files and no database.
_PLAIN = (
    '<!DOCTYPE html><html lang="en-GB"><meta charset="utf-8"><title>{title}</title>'
    "<h1>{title}</h1><p>{text}</p>"
)


@public
def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Say that the request makes no sense to us; nothing of it was kept."""
    return _without_context("pages/website/400.html", 400, "There is a problem with that request")


@public
def permission_denied(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Say that the page exists and is not for this person."""
    return render(request, "pages/website/403.html", status=403)


@public
def page_not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Say that there is nothing here."""
    return render(request, "pages/website/404.html", status=404)


@public
def server_error(request: HttpRequest) -> HttpResponse:
    """Say that it is our fault; rendered without context, since that may be what failed."""
    return _without_context("pages/website/500.html", 500, "Sorry, there is a problem")


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was too old to trust, and where to start again."""
    return _without_context("pages/website/csrf.html", 403, "This form is too old to send")


def _without_context(template: str, status: int, title: str) -> HttpResponse:
    """Render with no request: no context processor, no session, no database."""
    try:
        body = loader.get_template(template).render({})
    except Exception:
        logger.exception("The page for status %s could not be rendered", status)
        body = _PLAIN.format(title=title, text="Try again in a few minutes.")
    return HttpResponse(body, status=status)
