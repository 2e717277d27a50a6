"""What people see when something is not there, not theirs or not working."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.policies import public


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
    return render(request, "pages/website/500.html", status=500)


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was too old to trust."""
    return render(request, "pages/website/csrf.html", status=403)
