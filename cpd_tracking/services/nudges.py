"""Nudge people about what is late or due; at most once a day for each obligation."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from accounts import access, audit
from accounts.models import User
from core import clock, outbox
from cpd_tracking.enums import Status
from cpd_tracking.mail import send_nudge_mail
from cpd_tracking.models import Nudge, Obligation

NUDGEABLE = (Status.OVERDUE, Status.EXPIRED, Status.IN_GRACE, Status.DUE_SOON)


@dataclass(frozen=True)
class Nudged:
    """How many obligations were nudged, of how many people, and how many had been today."""

    obligations: int
    people: int
    already: int


def nudgeable(*, by: User, obligation_ids: Collection[int], on: dt.date) -> list[Obligation]:
    """Return those of the obligations `by` may nudge: someone else's, late or due soon.

    Whoever only reads a post (an officer, a clerk, an overseer with whom an employer shares)
    nudges nobody about it.
    """
    posts = access.reach_of(by, on).managed_posts().order_by()
    return list(
        Obligation.objects.filter(pk__in=obligation_ids, learner__isnull=False)
        .filter(Q(post__in=posts.values("pk")) | Q(person__in=posts.values("person")))
        .exclude(learner=by)
        .current(on)
        .with_status(on)
        .filter(status__in=NUDGEABLE)
        .select_related("requirement", "learner")
        .order_by("learner__family_name", "learner__given_name", "due_on", "pk")
    )


@transaction.atomic
def nudge(*, by: User, obligation_ids: Collection[int], at: dt.datetime) -> Nudged:
    """Remind the learners of these obligations by one mail each, sent by the outbox.

    Foreign, finished and already nudged obligations are left out; the same call twice on a day
    sends nothing more.
    """
    today = clock.london_date(at)
    rows = nudgeable(by=by, obligation_ids=obligation_ids, on=today)
    people = sorted({row.learner_id for row in rows if row.learner_id})
    list(User.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk"))
    before = set(
        Nudge.objects.filter(person__in=people, sent_on=today).values_list(
            "person_id", "requirement_id", "period_starts_on"
        )
    )
    fresh: dict[tuple[int | None, int, dt.date], Nudge] = {}
    for row in rows:
        key = (row.learner_id, row.requirement_id, row.starts_on)
        if key in before or key in fresh:
            continue
        fresh[key] = Nudge(
            person_id=row.learner_id,
            requirement_id=row.requirement_id,
            post_id=row.post_id,
            period_starts_on=row.starts_on,
            sent_on=today,
            sent_at=at,
            sent_by=by,
        )
    created = Nudge.objects.bulk_create(fresh.values())
    mails: dict[int, list[int]] = defaultdict(list)
    for row_ in created:
        mails[row_.person_id].append(row_.pk)
    for person_id, nudge_ids in mails.items():
        outbox.enqueue(
            kind="cpd.nudge",
            key=f"nudge:{person_id}:{min(nudge_ids)}",
            payload={"nudge_ids": nudge_ids},
            available_at=at,
        )
    if created:
        audit.record(
            actor=by, verb="obligations.nudged", data={"nudges": [row.pk for row in created]}, at=at
        )
    return Nudged(len(created), len(mails), len(rows) - len(created))


def mail_nudge(*, nudge_ids: Collection[int], at: dt.datetime) -> None:
    """Mail one person the nudges of one press; what was done in the meantime is left out."""
    nudges = list(
        Nudge.objects.filter(pk__in=nudge_ids).select_related("person", "sent_by", "requirement")
    )
    if not nudges or not nudges[0].person.email or not nudges[0].person.is_active:
        return
    today = clock.london_date(at)
    periods = {(row.requirement_id, row.period_starts_on) for row in nudges}
    rows = [
        row
        for row in Obligation.objects.current(today)
        .with_status(today)
        .filter(learner=nudges[0].person, status__in=NUDGEABLE)
        .select_related(
            "requirement__local_area", "requirement__course", "version", "post__organisation"
        )
        .order_by("due_on", "pk")
        if (row.requirement_id, row.starts_on) in periods
    ]
    if rows:
        send_nudge_mail(nudge=nudges[0], obligations=rows, today=today)
