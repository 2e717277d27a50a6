"""Plain text as safe paragraphs and links."""

from __future__ import annotations

import datetime as dt

import nh3
from django import template
from django.utils import timezone
from django.utils.html import linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def message_html(text: str) -> SafeString:
    """Escape a plain text, make paragraphs and links of it, and clean the result once more."""
    marked = linebreaks(urlize(text, trim_url_limit=60, autoescape=True), autoescape=False)
    clean = nh3.clean(
        marked,
        tags={"p", "br", "a"},
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
    )
    return mark_safe(clean)  # noqa: S308 - every character was escaped, then cleaned by nh3


@register.filter
def clock_time(instant: dt.datetime) -> str:
    """Return the time of day in London as "3:45pm" or "9am"."""
    local = timezone.localtime(instant)
    minutes = f":{local:%M}" if local.minute else ""
    return f"{local:%-I}{minutes}{local:%p}".replace("AM", "am").replace("PM", "pm")
