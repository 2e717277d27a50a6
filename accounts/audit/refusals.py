"""What was refused: hostile or mistaken input leaves a trace, of which there is never too much.

Call it outside the transaction that was rolled back. Nothing that was sent is kept.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.forms import BaseForm
from django.http import HttpRequest

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


def record_refused_files(request: HttpRequest, form: BaseForm, *, at: dt.datetime) -> None:
    """Leave a trace of files a form refused: which boxes and how large, never names or content."""
    refused = [
        int(getattr(file, "size", 0) or 0)
        for name, file in request.FILES.items()
        if name in form.fields and form.has_error(name)
    ]
    if refused:
        match = request.resolver_match
        record_refusal(
            by=request.user,
            what="upload",
            route=match.route if match else "",
            local_area=getattr(request, "local_area", None) or None,
            data={"bytes": sum(refused), "files": len(refused)},
            at=at,
        )
