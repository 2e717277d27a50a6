"""Template context of the roof: navigation by role, and the demo's cast on the sign-in page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Return `navigation`: the one line of links, each with label, url and current."""
    return {"navigation": []}


def demo(request: HttpRequest) -> dict[str, Any]:
    """Return `demo_mode`, and `demo_cast` where one-click sign-in is offered."""
    return {"demo_mode": settings.DEMO, "demo_cast": []}
