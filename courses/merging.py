"""What becomes of courses begun when two accounts of one person are merged."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from accounts.models import User
from core.registry import Change
from courses.models import Attempt, Completion, Enrolment


def move_enrolments(kept: User, merged: User) -> list[Change]:
    """Move each run through a course with the tries and the completion that belong to it.

    Where both are in the middle of the same course, the kept account's run goes on, and the other
    stays behind whole: tries of one run are never divided.
    """
    changes: list[Change] = []
    for enrolment in Enrolment.objects.filter(person=merged.pk).order_by("pk"):
        try:
            with transaction.atomic():
                Enrolment.objects.filter(pk=enrolment.pk).update(person=kept.pk)
        except IntegrityError:
            continue
        changes.append(Change("courses.Enrolment", enrolment.pk, "person", merged.pk, kept.pk))
        for label, rows in (
            ("courses.Attempt", Attempt.objects.filter(enrolment=enrolment)),
            ("courses.Completion", Completion.objects.filter(enrolment=enrolment)),
        ):
            pks = list(rows.order_by("pk").values_list("pk", flat=True))
            rows.filter(pk__in=pks).update(person=kept.pk)
            changes += [Change(label, pk, "person", merged.pk, kept.pk) for pk in pks]
    return changes
