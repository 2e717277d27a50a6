"""What was refused: hostile or mistaken input leaves a trace, of which there is never too much.

Call it outside the transaction that was rolled back. Nothing that was sent is kept.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import AnonymousUser

from accounts.audit.events import record
from accounts.models import AuditEvent, LocalArea, User

AN_HOUR = dt.timedelta(hours=1)
# The same refusal of one person (or of all visitors together) is written so often in an hour.
MOST_AN_HOUR = 20


def record_refusal(
    *,
    by: User | AnonymousUser | None,
    what: str,
    at: dt.datetime,
    local_area: LocalArea | None = None,
    route: str = "",
    data: dict[str, Any] | None = None,
) -> AuditEvent | None:
    """Write "refused.<what>"; None where the hour's bound is reached, which the last one says.

    `route` is the pattern of the address and never the address itself.
    """
    actor = by if isinstance(by, User) else None
    verb = f"refused.{what}"
    written = AuditEvent.objects.filter(
        actor=actor.public_id if actor else None, verb=verb, at__gt=at - AN_HOUR, at__lte=at
    ).count()
    if written >= MOST_AN_HOUR:
        return None
    told = dict(data or {})
    if route:
        told["route"] = route[:120]
    if written == MOST_AN_HOUR - 1:
        told["more_are_not_recorded"] = True
    return record(actor=actor, verb=verb, local_area=local_area, data=told, at=at)
