"""Decisions of employers to share, as rows."""

from __future__ import annotations

import datetime as dt

from accounts.models import Organisation, SharingDecision, User
from core import clock


def decide(
    employer: Organisation,
    overseer: Organisation,
    *,
    by: User,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
) -> SharingDecision:
    """Record that the employer shares with the overseer, by default for a year from today."""
    today = clock.today()
    return SharingDecision.objects.create(
        employer=employer,
        overseer=overseer,
        purpose="Planning training",
        starts_on=starts_on or today,
        ends_on=ends_on or today + dt.timedelta(days=365),
        recorded_at=clock.now(),
        recorded_by=by,
    )
