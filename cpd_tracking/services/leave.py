"""Leave as a setting lead records it: from, to, back on. Why is neither asked nor kept."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import audit
from accounts.models import Post, User
from core import clock
from cpd_tracking.building import build_obligations
from cpd_tracking.models import Pause
from cpd_tracking.permissions import can_adjust
from cpd_tracking.services.adjustments import UnableToAdjust, pause_clock, resume_clock

_ONE_DAY = dt.timedelta(days=1)


@transaction.atomic
def record_leave(
    *,
    by: User,
    post: Post,
    starts_on: dt.date,
    last_day_away: dt.date | None,
    at: dt.datetime,
) -> Pause:
    """Stop the clock of a post; of the person, where it is their only one.

    What is asked of the person whatever the post goes on where another post does. Raises
    PermissionDenied or UnableToAdjust.
    """
    if not can_adjust(by, post, on=clock.london_date(at)):
        raise PermissionDenied
    if starts_on < post.starts_on:
        raise UnableToAdjust("The first day away is before the first day of the post.")
    others = Post.objects.held_on(clock.london_date(at)).filter(person=post.person_id)
    only_one = not others.exclude(pk=post.pk).exists()
    return pause_clock(
        by=by,
        person=post.person,
        post=None if only_one and post in others else post,
        starts_on=starts_on,
        ends_on=last_day_away,
        at=at,
    )


@transaction.atomic
def record_return(*, by: User, pause: Pause, back_on: dt.date, at: dt.datetime) -> Pause:
    """Start the clock again on the first day back, with at least 30 days for what is due.

    Raises PermissionDenied or UnableToAdjust.
    """
    if back_on <= pause.starts_on:
        raise UnableToAdjust("The first day back must be after the first day away.")
    return resume_clock(by=by, pause=pause, last_day_away=back_on - _ONE_DAY, at=at)


@transaction.atomic
def withdraw_leave(*, by: User, pause: Pause, post: Post, at: dt.datetime) -> None:
    """Take away an absence that was recorded by mistake; dates are as if it had never been.

    `post` is one the absence counts for. Raises PermissionDenied.
    """
    today = clock.london_date(at)
    if not can_adjust(by, post, on=today) or pause.post_id not in (None, post.pk):
        raise PermissionDenied
    person = User.objects.select_for_update(no_key=True).get(pk=pause.person_id)
    if person.pk != post.person_id:
        raise PermissionDenied
    audit.record(
        actor=by,
        verb="clock.pause_withdrawn",
        obj=pause,
        subject=person,
        local_area=post.organisation.local_area,
        at=at,
    )
    Pause.objects.filter(pk=pause.pk).delete()
    build_obligations(person_ids=[person.pk], at=today)
