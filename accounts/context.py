"""Template context of accounts: the area whose name and colours the page carries."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def local_area(request: HttpRequest) -> dict[str, Any]:
    """Return `local_area`, or None on a host that no area has."""
    area = getattr(request, "local_area", None)
    return {"local_area": area if area else None}
