"""Which record stands open to whom: the answer to a reason given within the hour."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from accounts.audit.events import OPENED
from accounts.models import AuditEvent, LocalArea, User
from accounts.services.reasoned_access import may_open_records
from core import clock

OPEN_FOR = dt.timedelta(hours=1)


@dataclass(frozen=True)
class OpenedRecord:
    """Whose record is open, since when, why, and until when."""

    person: User
    event: AuditEvent

    @property
    def closes_at(self) -> dt.datetime:
        """When a new reason is asked for."""
        return self.event.at + OPEN_FOR


def opened_record(
    *, by: User, public_id: UUID, local_area: LocalArea, at: dt.datetime
) -> OpenedRecord | None:
    """Return the record the person opened within the last hour, if their role still allows it."""
    if not may_open_records(by, local_area, clock.london_date(at)):
        return None
    event = (
        AuditEvent.objects.filter(
            subject=public_id,
            actor=by.public_id,
            verb=OPENED,
            local_area=local_area,
            at__gt=at - OPEN_FOR,
            at__lte=at,
        )
        .order_by("-at", "-pk")
        .first()
    )
    person = User.objects.filter(public_id=public_id, erased_at__isnull=True).first()
    return OpenedRecord(person, event) if event is not None and person is not None else None
