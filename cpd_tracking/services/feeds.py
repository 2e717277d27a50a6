"""Open and close a person's own calendar feed."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction

from accounts import audit
from accounts.models import User
from cpd_tracking.models import CalendarFeed


@transaction.atomic
def make_feed(*, person: User, at: dt.datetime) -> CalendarFeed:
    """Give the person a feed with a new address; an earlier address stops at once."""
    User.objects.select_for_update().get(pk=person.pk)
    feed, _ = CalendarFeed.objects.update_or_create(
        person=person, defaults={"nonce": secrets.token_hex(16), "made_at": at}
    )
    audit.record(actor=person, verb="calendar.opened", subject=person, at=at)
    return feed


@transaction.atomic
def close_feed(*, person: User, at: dt.datetime) -> None:
    """Close the person's feed; it is no fault if there is none."""
    closed, _ = CalendarFeed.objects.filter(person=person).delete()
    if closed:
        audit.record(actor=person, verb="calendar.closed", subject=person, at=at)
