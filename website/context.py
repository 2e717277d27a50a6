"""Template context of the roof: navigation by role, and the demo's cast on the sign-in page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from website import navigation as links

_FOOTER = [
    {"label": "Accessibility statement", "url": "/accessibility/"},
    {"label": "Privacy", "url": "/privacy/"},
    {"label": "Cookies", "url": "/cookies/"},
    {"label": "Help and contact", "url": "/contact/"},
]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Return `navigation`, `account_links` and `footer_links`: lists of label, url (and current).

    `way_up` is the link above a page's own breadcrumbs, or None.

    Lazy: a fragment that shows no header asks the database nothing.
    """
    return {
        "navigation": SimpleLazyObject(lambda: links.navigation_of(request)),
        "way_up": SimpleLazyObject(lambda: links.way_up_of(request)),
        "account_links": links.account_links_of(request),
        "footer_links": _FOOTER,
    }


def demo(request: HttpRequest) -> dict[str, Any]:
    """Return `demo_mode` and `demo_cast` (key, name, role, line): whom one click signs in."""
    if not settings.DEMO:
        return {"demo_mode": False, "demo_cast": []}
    from website.demo.sign_in import offered_cast

    return {"demo_mode": True, "demo_cast": SimpleLazyObject(offered_cast)}
