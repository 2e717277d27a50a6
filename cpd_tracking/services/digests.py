"""The weekly digest: one mail a person and ISO week, in working hours, never in their holidays.

The row (person, week) is the promise; the outbox keeps it. Nothing is sent twice because a task
ran twice, and nothing is lost because a broker or worker was away.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import transaction
from django.utils import timezone

from accounts.models import LocalArea, Post
from core import clock, outbox
from cpd_tracking.building.load import load_calendars
from cpd_tracking.engine.dates import is_holiday
from cpd_tracking.enums import Status
from cpd_tracking.mail import send_digest_mail
from cpd_tracking.models import DigestSent, Obligation

WORKING_HOURS = range(8, 17)
_TO_DO = (Status.OVERDUE, Status.EXPIRED, Status.IN_GRACE, Status.DUE_SOON)
_BATCH = 200


def promise_weekly_digests(*, at: dt.datetime) -> int:
    """Promise this week's digest to everyone with something to do; return how many are new.

    Outside Monday to Friday, 8 to 17 in London, nobody; in school holidays not those all of whose
    posts are term-time only. May be called at any time and any number of times.
    """
    local = timezone.localtime(at)
    if local.weekday() >= 5 or local.hour not in WORKING_HOURS:
        return 0
    today = local.date()
    return sum(_promise_in_area(area, today, at) for area in LocalArea.objects.order_by("pk"))


def _promise_in_area(area: LocalArea, today: dt.date, at: dt.datetime) -> int:
    year, week, _ = today.isocalendar()
    on_holiday = is_holiday(today, load_calendars([area.pk], today)[area.pk].terms)
    people = [
        person
        for person, only_term_time in _people_with_posts(area, today).items()
        if not (on_holiday and only_term_time)
    ]
    waiting = set(
        Obligation.objects.current(today)
        .with_status(today)
        .filter(
            requirement__local_area=area,
            learner__isnull=False,
            learner__email__isnull=False,
            learner__is_active=True,
            status__in=_TO_DO,
        )
        .exclude(learner__reminder_preference__weekly_digest=False)
        .order_by()
        .values_list("learner_id", flat=True)
        .distinct()
    )
    told = set(
        DigestSent.objects.filter(iso_year=year, iso_week=week).values_list("person_id", flat=True)
    )
    new = sorted((set(people) & waiting) - told)
    for start in range(0, len(new), _BATCH):
        _promise(new[start : start + _BATCH], year, week, at)
    return len(new)


def _people_with_posts(area: LocalArea, today: dt.date) -> dict[int, bool]:
    """Each person with a post in the area today, and whether all of their posts are term-time."""
    found: dict[int, list[bool]] = defaultdict(list)
    rows = Post.objects.held_on(today).filter(organisation__local_area=area).order_by()
    for person, term_time in rows.values_list("person_id", "term_time_only"):
        found[person].append(term_time)
    return {person: all(flags) for person, flags in found.items()}


@transaction.atomic
def _promise(people: list[int], year: int, week: int, at: dt.datetime) -> None:
    """Write the rows and their outbox entries together; a row that is there already stays."""
    DigestSent.objects.bulk_create(
        (
            DigestSent(person_id=person, iso_year=year, iso_week=week, promised_at=at)
            for person in people
        ),
        ignore_conflicts=True,
    )
    rows = DigestSent.objects.filter(person__in=people, iso_year=year, iso_week=week)
    for digest_id, person_id in rows.values_list("pk", "person_id"):
        outbox.enqueue(
            kind="cpd.digest",
            key=f"digest:{person_id}:{year}-W{week:02}",
            payload={"digest_id": digest_id},
            available_at=at,  # the sweep delivers: a borough's digests never wait for a broker
        )


def mail_digest(*, digest_id: int, at: dt.datetime) -> None:
    """Mail one digest with what is to do now; nothing if it was mailed, or all is done."""
    digest = DigestSent.objects.select_for_update(of=("self",)).get(pk=digest_id)
    if digest.mailed_at is not None:
        return
    today = clock.london_date(at)
    person = digest.person
    rows = list(
        Obligation.objects.current(today)
        .with_status(today)
        .filter(learner=person, status__in=_TO_DO)
        .select_related(
            "requirement__local_area", "requirement__course", "version", "post__organisation"
        )
        .order_by("due_on", "pk")
    )
    if rows and person.email and person.is_active:
        send_digest_mail(digest=digest, obligations=rows, today=today)
    digest.mailed_at = at
    digest.save(update_fields=["mailed_at"])
