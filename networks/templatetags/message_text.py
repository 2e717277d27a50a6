"""Plain text as safe paragraphs and links."""

from __future__ import annotations

import nh3
from django import template
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
