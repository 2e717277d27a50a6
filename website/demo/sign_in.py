"""Who the demo's sign-in page offers, and the one click that signs in as them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest

from accounts.models import User
from website.demo.cast import BY_KEY, ON_SIGN_IN_PAGE
from website.demo.guard import require_demo


class CannotSignInAs(Exception):
    """There is nobody of that key in this demo."""


def offered_cast() -> list[dict[str, Any]]:
    """Return the cast members that exist here: key, name, role, line; one query."""
    require_demo()
    members = [BY_KEY[key] for key in ON_SIGN_IN_PAGE]
    there = set(
        User.objects.filter(
            email__in=[member.email for member in members], is_active=True
        ).values_list("email", flat=True)
    )
    return [
        {"key": member.key, "name": member.name, "role": member.role, "line": member.line}
        for member in members
        if member.email in there
    ]


def sign_in_as(request: HttpRequest, *, key: str) -> User:
    """Sign the visitor in as a member of the cast; raises CannotSignInAs, or outside demo mode
    ImproperlyConfigured.

    Only the cast: no other person of the database can be reached this way.
    """
    require_demo()
    member = BY_KEY.get(key)
    person = (
        User.objects.filter(email=member.email, is_active=True, suspended_at__isnull=True).first()
        if member is not None and key in ON_SIGN_IN_PAGE
        else None
    )
    if person is None:
        raise CannotSignInAs(key)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return person
