"""Who wants reminders."""

from __future__ import annotations

import datetime as dt

from django.shortcuts import get_object_or_404

from accounts.models import User
from cpd_tracking.models import ReminderPreference


def set_weekly_digest(*, public_id: str, wanted: bool | None, at: dt.datetime) -> bool:
    """Set whether the person gets the weekly digest (None: leave it); return what holds now.

    The link of somebody who is suspended opens nothing, as no other door does.
    """
    person = get_object_or_404(User, public_id=public_id, suspended_at__isnull=True)
    if wanted is not None:
        ReminderPreference.objects.update_or_create(
            person=person, defaults={"weekly_digest": wanted, "changed_at": at}
        )
        return wanted
    preference = ReminderPreference.objects.filter(person=person).first()
    return preference.weekly_digest if preference else True
