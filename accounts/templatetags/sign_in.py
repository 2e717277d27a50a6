"""Template tags of the sign-in pages."""

from __future__ import annotations

from django import template

from accounts.devices import device_name as name_of

register = template.Library()


@register.filter
def device_name(user_agent: str) -> str:
    """Say "Chrome on Windows" for what a browser calls itself."""
    return name_of(str(user_agent))
