"""Background tasks of networks: thin edges."""

from __future__ import annotations

from celery import shared_task

from core import clock
from networks.models import Network
from networks.services.memberships import fill_vacant_lead


@shared_task
def fill_vacant_leads() -> int:
    """Give every open network a lead; daily, for memberships that ended on a date set before."""
    at, today = clock.now(), clock.today()
    vacant = Network.objects.without_lead(today)
    return sum(fill_vacant_lead(network=network, on=today, at=at) is not None for network in vacant)
