"""How long CPD tracking keeps what it holds.

A learning record goes only where its person was erased and the employer's time for keeping it has
passed. Whoever is in post loses none: a requirement that is met once stays met.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Post
from core.registry import Retained, declare
from core.retention import delete_rows
from cpd_tracking.models import (
    Certificate,
    DigestSent,
    Exemption,
    Extension,
    LearningRecord,
    Nudge,
    Obligation,
    Pause,
    SatisfyingRecord,
)


def _nudges(begun_by: dt.date) -> QuerySet[Any]:
    return Nudge.objects.filter(sent_on__lte=begun_by)


def _digests(begun_by: dt.date) -> QuerySet[Any]:
    return DigestSent.objects.filter(promised_at__date__lte=begun_by)


def _nameless_records(begun_by: dt.date) -> QuerySet[Any]:
    """Records of erased people who held their last post, and learned, so long ago.

    A chain of corrections goes as a whole, by the day of its latest row. What a setting as a whole
    rests on today stays, whoever did it.
    """
    later = LearningRecord.objects.filter(origin_uid=OuterRef("origin_uid")).filter(
        Q(occurred_on__gt=begun_by) | Q(recorded_at__date__gt=begun_by)
    )
    posts = Post.objects.filter(person=OuterRef("person")).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=begun_by)
    )
    needed = SatisfyingRecord.objects.filter(
        record__origin_uid=OuterRef("origin_uid"),
        obligation__organisation__isnull=False,
        obligation__closed_on__isnull=True,
    )
    return LearningRecord.objects.filter(
        ~Exists(later), ~Exists(posts), ~Exists(needed), person__erased_at__isnull=False
    )


def _delete_records(rows: QuerySet[Any], at: dt.datetime) -> int:
    """Delete the records with what rests on them; the newest correction of each first."""
    people = set(rows.order_by().values_list("person", flat=True))
    going = set(rows.values_list("pk", flat=True))
    Obligation.objects.filter(learner__in=people).delete()
    SatisfyingRecord.objects.filter(record__in=going).delete()
    certificates = Certificate.objects.filter(record__in=going)
    while certificates.exists():
        certificates.filter(replaced_by__isnull=True).delete()
    left = LearningRecord.objects.filter(pk__in=going)
    while left.exists():
        left.filter(superseded_by__isnull=True).delete()
    for model in (Exemption, Extension, Pause):
        model.objects.filter(person__in=people).delete()
    return len(going)


declare(
    Retained(
        key="nudges",
        title="Reminders managers sent",
        months=24,
        basis="Long enough to show that somebody was reminded.",
        due=_nudges,
        dispose=delete_rows,
        people=("person",),
    ),
    Retained(
        key="digests",
        title="Weekly mails that were sent",
        months=24,
        basis="Long enough to show that somebody was told what is due.",
        due=_digests,
        dispose=delete_rows,
        people=("person",),
    ),
    Retained(
        key="nameless-records",
        title="Learning records of people who were erased",
        months=84,
        basis=(
            "What an employer must be able to show about training, until seven years after the "
            "last post. Only records without a name are disposed of."
        ),
        due=_nameless_records,
        dispose=_delete_records,
        people=("person",),
    ),
)
