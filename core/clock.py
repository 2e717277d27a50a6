"""The one clock: instants in UTC, days in London.

Only edges read it; services take `at=` or `today=`.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def now() -> dt.datetime:
    """Return this instant, time-zone aware."""
    return timezone.now()


def today() -> dt.date:
    """Return today's date in London, whatever zone the process runs in."""
    return timezone.localdate()


def london_date(instant: dt.datetime) -> dt.date:
    """Return the day in London on which `instant` fell."""
    return timezone.localtime(instant).date()
