"""Holds back an attempt page that sends more than a person and a package can mean."""

from __future__ import annotations

import datetime as dt

from django.core.cache import cache

REQUESTS_A_MINUTE = 120


def seconds_to_wait(key: str, *, at: dt.datetime, limit: int = REQUESTS_A_MINUTE) -> int:
    """Count one request under `key` and return 0, or the seconds until the minute is over.

    A fixed window of a minute in the shared cache; a cache that forgets lets requests through,
    so nothing a learner did depends on it.
    """
    window = int(at.timestamp()) // 60
    name = f"courses:throttle:{key}:{window}"
    cache.add(name, 0, timeout=120)
    try:
        count = cache.incr(name)
    except ValueError:
        return 0
    return 0 if count <= limit else 60 - int(at.timestamp()) % 60
