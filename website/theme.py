"""The colours of a local area, as a stylesheet of three custom properties.

A stylesheet and not a style attribute: the content security policy refuses inline style.
"""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control

from accounts.models import LocalArea
from core import policies

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@policies.public
@cache_control(public=True, max_age=31_536_000, immutable=True)
def area_theme(request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    """Return the area's colours; `digest` changes with them, so the answer never grows stale."""
    area = get_object_or_404(LocalArea, slug=slug)
    colours = {"--brand": area.brand, "--brand-ink": area.brand_ink, "--tint": area.tint}
    safe = [f"{name}:{value}" for name, value in colours.items() if _COLOUR.fullmatch(value)]
    return HttpResponse(f":root{{{';'.join(safe)}}}", content_type="text/css")
