"""Exempt, pause and extend: who may, what is checked, and the rebuild that follows."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import access, audit
from accounts.enums import Role
from accounts.models import Post, User
from core import clock
from core.pupil_identifiers import scan
from cpd_tracking.building import build_obligations
from cpd_tracking.models import Exemption, Extension, Obligation, Pause, TrainingRequirement
from cpd_tracking.permissions import can_adjust


class UnableToAdjust(Exception):
    """The exemption, pause or extension cannot be made; the message says why."""


def _checked(text: str) -> str:
    """Return the words without spaces around; refuse a pupil or NHS number in them."""
    if any(finding.must_hold for finding in scan(text)):
        raise UnableToAdjust("Remove the pupil or NHS number. Never name a child here.")
    return text.strip()


def _post_for(*, by: User, person: User, post: Post | None, on: dt.date) -> None:
    """Check that `by` leads the post, or for the whole person one of their posts."""
    posts = [post] if post else list(Post.objects.held_on(on).filter(person=person))
    if not any(can_adjust(by, each, on=on) for each in posts):
        raise PermissionDenied


@transaction.atomic
def extend_due_date(
    *, by: User, obligation: Obligation, due_on: dt.date, reason: str, at: dt.datetime
) -> Extension:
    """Move one due date later, with a reason; managers for their team, nobody for themselves.

    Rules on a statutory or regulator's basis are by default not extendable.
    """
    today = clock.london_date(at)
    row = Obligation.objects.select_related("version", "post", "learner").get(pk=obligation.pk)
    if row.learner is None or row.learner == by:
        raise UnableToAdjust("You cannot extend your own due date. Ask your manager.")
    _post_for(by=by, person=row.learner, post=row.post, on=today)
    if not row.version.may_extend:
        raise UnableToAdjust("This requirement cannot be extended: the law or a regulator sets it.")
    if not reason.strip():
        raise UnableToAdjust("Say why the date moves.")
    if due_on <= row.due_on or due_on < today:
        raise UnableToAdjust("The new date must be later than the one it replaces, and not past.")
    extension = Extension.objects.create(
        person=row.learner,
        post=row.post,
        requirement_id=row.requirement_id,
        period_starts_on=row.starts_on,
        due_on=due_on,
        reason=_checked(reason),
        recorded_at=at,
        recorded_by=by,
    )
    audit.record(actor=by, verb="obligation.extended", obj=extension, subject=row.learner, at=at)
    build_obligations(person_ids=[row.learner.pk], requirement_ids=[row.requirement_id], at=today)
    return extension


@transaction.atomic
def pause_clock(
    *,
    by: User,
    person: User,
    starts_on: dt.date,
    at: dt.datetime,
    post: Post | None = None,
    ends_on: dt.date | None = None,
) -> Pause:
    """Stop the person's clock, or that of one post, from a day on. No reason is asked or kept.

    `ends_on` is the last day away, if it is known. Raises PermissionDenied or UnableToAdjust.
    """
    today = clock.london_date(at)
    if post is None and Post.objects.held_on(today).filter(person=person).count() > 1:
        raise UnableToAdjust("This person has more than one post. Choose which one to pause.")
    _post_for(by=by, person=person, post=post, on=today)
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if ends_on is not None and ends_on < starts_on:
        raise UnableToAdjust("The last day away is before the first.")
    if _pauses_during(person, post, starts_on, ends_on).exists():
        raise UnableToAdjust("The clock is paused already on some of these days.")
    pause = Pause.objects.create(
        person=person,
        post=post,
        starts_on=starts_on,
        ends_on=ends_on,
        recorded_at=at,
        recorded_by=by,
    )
    audit.record(actor=by, verb="clock.paused", obj=pause, subject=person, at=at)
    build_obligations(person_ids=[person.pk], at=today)
    return pause


@transaction.atomic
def resume_clock(*, by: User, pause: Pause, last_day_away: dt.date, at: dt.datetime) -> Pause:
    """End a pause; due dates become the later of (due + days paused) and (return + 30 days)."""
    today = clock.london_date(at)
    pause = Pause.objects.select_for_update(of=("self",)).get(pk=pause.pk)
    _post_for(by=by, person=pause.person, post=pause.post, on=today)
    if last_day_away < pause.starts_on:
        raise UnableToAdjust("The last day away is before the first.")
    later = _pauses_during(pause.person, pause.post, pause.starts_on, last_day_away)
    if later.exclude(pk=pause.pk).exists():
        raise UnableToAdjust("Another absence begins before that day.")
    pause.ends_on = last_day_away
    pause.save(update_fields=["ends_on"])
    audit.record(actor=by, verb="clock.resumed", obj=pause, subject=pause.person, at=at)
    build_obligations(person_ids=[pause.person_id], at=today)
    return pause


def _pauses_during(
    person: User, post: Post | None, starts_on: dt.date, ends_on: dt.date | None
) -> QuerySet[Pause]:
    """Return the pauses of the post, or of every post, on some of these days."""
    found = Pause.objects.filter(
        Q(post__isnull=True) | Q(post=post),
        Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on),
        person=person,
    )
    return found if ends_on is None else found.filter(starts_on__lte=ends_on)


@transaction.atomic
def request_exemption(
    *,
    by: User,
    person: User,
    requirement: TrainingRequirement,
    reason: str,
    starts_on: dt.date,
    ends_on: dt.date,
    at: dt.datetime,
    note: str = "",
    post: Post | None = None,
) -> Exemption:
    """Ask that somebody need not, up to a day; it counts once a second person approves."""
    today = clock.london_date(at)
    if by != person:
        _post_for(by=by, person=person, post=post, on=today)
    if ends_on < starts_on:
        raise UnableToAdjust("The exemption ends before it starts.")
    exemption = Exemption.objects.create(
        person=person,
        post=post,
        requirement=requirement,
        reason=reason,
        note=_checked(note),
        starts_on=starts_on,
        ends_on=ends_on,
        recorded_at=at,
        recorded_by=by,
    )
    audit.record(actor=by, verb="exemption.requested", obj=exemption, subject=person, at=at)
    return exemption


@transaction.atomic
def approve_exemption(*, by: User, exemption: Exemption, at: dt.datetime) -> Exemption:
    """Approve an exemption as the second person: a training administrator of the area."""
    today = clock.london_date(at)
    exemption = Exemption.objects.select_for_update(of=("self",)).get(pk=exemption.pk)
    if by.pk in (exemption.recorded_by_id, exemption.person_id):
        raise UnableToAdjust("Somebody else must approve this exemption.")
    area = exemption.requirement.local_area
    if not access.has_role(by, Role.TRAINING_ADMIN, on=today, local_area=area):
        raise PermissionDenied
    if exemption.approved_at is None:
        exemption.approved_by, exemption.approved_at = by, at
        exemption.save(update_fields=["approved_by", "approved_at"])
        audit.record(
            actor=by, verb="exemption.approved", obj=exemption, subject=exemption.person, at=at
        )
    return exemption
