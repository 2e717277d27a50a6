"""Background tasks of cpd_tracking: thin edges around services."""

from __future__ import annotations

from celery import shared_task

from core import clock
from cpd_tracking.services.calendars import move_horizons
from cpd_tracking.services.digests import promise_weekly_digests


@shared_task
def send_weekly_digests() -> int:
    """Promise this week's digests; beat calls every hour and the sweep mails them."""
    return promise_weekly_digests(at=clock.now())


@shared_task
def extend_horizons() -> int:
    """Write the next academic year's fixed periods when it is time."""
    return move_horizons(at=clock.now())
