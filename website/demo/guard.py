"""The demo's lock: nothing of it works where real people's data could be."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def require_demo() -> None:
    """Raise ImproperlyConfigured unless this installation runs as a demo (WAYMARK_DEMO=1)."""
    if not settings.DEMO:
        raise ImproperlyConfigured(
            "The demo works with WAYMARK_DEMO=1 only. It must never run on real people's data."
        )
