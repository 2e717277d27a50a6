"""Who is away from which post: told by the room above that keeps it (cpd_tracking's pauses).

That room registers its condition in its AppConfig.ready(); accounts imports it not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db.models import Q

# From a day to the condition on Post rows that its holder is away on it.
Condition = Callable[[dt.date], Q]
_told: list[Condition] = []


def tell_absences(condition: Condition) -> None:
    """Say how it is known that somebody is away; without this nobody is."""
    _told[:] = [condition]


def away_from_post(on: dt.date) -> Q:
    """Return the condition on Post rows that the holder is away on the day. Never why."""
    return _told[0](on) if _told else Q(pk__in=[])
