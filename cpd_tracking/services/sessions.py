"""Record one in-house session or read-and-confirm for many people at once."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction

from accounts import audit
from accounts.models import Organisation, Post, User
from accounts.querysets import in_force
from core import clock
from courses.models import Course
from cpd_tracking.enums import RecordKind, RecordSource
from cpd_tracking.models import AttestedSession, Topic
from cpd_tracking.permissions import can_attest
from cpd_tracking.services.records import Learned, record_many


class UnableToRecordSession(Exception):
    """The session cannot be recorded; the message says why."""


@transaction.atomic
def record_session(
    *,
    by: User,
    token: uuid.UUID,
    organisation: Organisation,
    title: str,
    held_on: dt.date,
    hours: Decimal,
    present_ids: Collection[int],
    absent_ids: Collection[int] = (),
    kind: str = RecordKind.SESSION,
    course: Course | None = None,
    topic: Topic | None = None,
    led_by: str = "",
    sheet: File | None = None,
    at: dt.datetime,
) -> tuple[AttestedSession, bool]:
    """Write the session and a learning record for each person present; return it, and if new.

    The same `token` again returns the first session and writes nothing. People must hold a post
    in the organisation on the day, or now. Raises PermissionDenied, or UnableToRecordSession.
    """
    if not can_attest(by, organisation, on=clock.london_date(at)):
        raise PermissionDenied
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    existing = AttestedSession.objects.filter(token=token).first()
    if existing is not None:
        if existing.organisation_id != organisation.pk:
            raise PermissionDenied
        return existing, False
    present = set(present_ids)
    _check(organisation, present, held_on, clock.london_date(at))
    session = AttestedSession.objects.create(
        token=token,
        organisation=organisation,
        kind=kind,
        course=course,
        topic=topic,
        title=title,
        held_on=held_on,
        hours=hours,
        led_by=led_by,
        sheet=sheet or "",
        absent=len(set(absent_ids) - present),
        attested_by=by,
        recorded_at=at,
    )
    record_many(
        learned=[
            Learned(
                person_id=person_id,
                kind=kind,
                title=title,
                course_id=course.pk if course else None,
                topic_id=topic.pk if topic else None,
                session_id=session.pk,
                organisation_id=organisation.pk,
                occurred_on=held_on,
                hours=hours,
                source=RecordSource.ATTESTED_BY_SETTING,
                source_uid=f"session:{session.pk}:{person_id}",
            )
            for person_id in sorted(present)
        ],
        at=at,
        by=by,
    )
    audit.record(
        actor=by,
        verb="session.attested",
        obj=session,
        local_area=organisation.local_area,
        data={"present": len(present), "absent": session.absent},
        at=at,
    )
    return session, True


def people_of(organisation: Organisation, held_on: dt.date, today: dt.date) -> list[Post]:
    """Return one post a person who was there on the day or is there now, by name."""
    posts = (
        Post.objects.filter(organisation=organisation)
        .filter(in_force(held_on) | in_force(today))
        .select_related("person")
        .order_by("person__family_name", "person__given_name", "person_id", "starts_on")
    )
    return list({post.person_id: post for post in posts}.values())


def _check(organisation: Organisation, present: set[int], held_on: dt.date, today: dt.date) -> None:
    if held_on > today:
        raise UnableToRecordSession("The date must be today or in the past.")
    if not present:
        raise UnableToRecordSession("Choose at least one person who was there.")
    there = set(
        Post.objects.filter(organisation=organisation, person__in=present)
        .filter(in_force(held_on) | in_force(today))
        .values_list("person_id", flat=True)
    )
    if present - there:
        raise UnableToRecordSession(
            f"{len(present - there)} of the people chosen have no post at {organisation}."
        )
