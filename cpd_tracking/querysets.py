"""Chainable filters of cpd_tracking; the status of an obligation is one expression of a day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When

from core import clock
from cpd_tracking.enums import LATE_STATUSES, UNCOUNTED_STATUSES, RecordSource, Status

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import LocalArea, User

    Viewer = User | AnonymousUser


class LearningRecordQuerySet(models.QuerySet["Any"]):
    """Learning records."""

    def standing(self) -> LearningRecordQuerySet:
        """Keep records that hold: neither corrected nor withdrawn."""
        return self.filter(superseded_by__isnull=True, is_withdrawal=False)

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> LearningRecordQuerySet:
        """Keep one's own; who sees people sees what their own organisations attested.

        What somebody did elsewhere reaches a manager as the status of a requirement only.
        """
        from accounts import access

        if not user.is_authenticated:
            return self.none()
        day = on or clock.today()
        organisations = access.organisations_in_scope(user, access.ROLES_THAT_SEE_PEOPLE, day)
        return self.filter(
            Q(person=user)
            | Q(
                source=RecordSource.ATTESTED_BY_SETTING,
                organisation__in=organisations,
                person__in=access.people_in_scope(user, day),
            )
        )


class TrainingRequirementQuerySet(models.QuerySet["Any"]):
    """Training requirements."""

    def in_area(self, local_area: LocalArea) -> TrainingRequirementQuerySet:
        """Keep the requirements of a local area."""
        return self.filter(local_area=local_area)

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> TrainingRequirementQuerySet:
        """Keep the rules of areas where the person has a post or a grant: rules are no secret."""
        from accounts import access

        if not user.is_authenticated:
            return self.none()
        return self.filter(local_area__in=access.areas_of(user, on or clock.today()))


class ObligationQuerySet(models.QuerySet["Any"]):
    """Obligations."""

    def current(self, on: dt.date) -> ObligationQuerySet:
        """Keep the one period of each subject and requirement that is open on the day."""
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on), starts_on__lte=on)

    def with_status(self, on: dt.date) -> ObligationQuerySet:
        """Add `status` (a Status value) and `is_valid` on the day: what it says, and whether
        what is held counts. First match wins: closed, exempt, paused, compliant, in grace,
        expired, overdue, due soon, not due.
        """
        done = Q(satisfied_on__lte=on)
        lapsed = Q(held_until__lt=on) | (done & Q(expires_on__lt=on))
        valid = (done & (Q(expires_on__isnull=True) | Q(expires_on__gte=on))) | Q(
            held_until__gte=on
        )
        unmet = ~done | Q(satisfied_on__isnull=True)
        late = lapsed | (unmet & Q(due_on__lt=on))
        return self.annotate(
            is_valid=Case(
                When(valid, then=Value(True)),
                default=Value(False),
                output_field=models.BooleanField(),
            ),
            status=Case(
                When(closed_on__lte=on, then=Value(Status.CLOSED.value)),
                When(~Q(exempt_because=""), then=Value(Status.EXEMPT.value)),
                When(Exists(_exemptions(on)), then=Value(Status.EXEMPT.value)),
                When(
                    Q(version__may_pause=True) & Exists(_pauses(on)),
                    then=Value(Status.PAUSED.value),
                ),
                When(
                    done & (Q(expires_on__isnull=True) | Q(expires_on__gte=on)),
                    then=Value(Status.COMPLIANT.value),
                ),
                When(late & Q(grace_until__gte=on), then=Value(Status.IN_GRACE.value)),
                When(lapsed, then=Value(Status.EXPIRED.value)),
                When(late, then=Value(Status.OVERDUE.value)),
                When(window_opens_on__lte=on, then=Value(Status.DUE_SOON.value)),
                default=Value(Status.NOT_DUE.value),
                output_field=models.CharField(),
            ),
        )

    def late(self) -> ObligationQuerySet:
        """Keep what is in grace, expired or overdue; after `with_status`."""
        return self.filter(status__in=LATE_STATUSES)

    def counted(self) -> ObligationQuerySet:
        """Keep what belongs in a denominator; after `with_status`."""
        return self.exclude(status__in=UNCOUNTED_STATUSES)

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> ObligationQuerySet:
        """Keep one's own, those of posts in scope, and a setting's own.

        A rule of the person is seen by whoever reaches one of their posts; a rule of a post only
        by whoever reaches that post, so that two employers see their own. Posts count on the
        day: after a change of job the old manager sees nothing.
        """
        from accounts import access

        if not user.is_authenticated:
            return self.none()
        day = on or clock.today()
        posts = access.posts_in_scope(user, day)
        return self.filter(
            Q(learner=user)
            | Q(post__in=posts)
            | Q(person__in=posts.values("person"))
            | Q(
                organisation__in=access.organisations_in_scope(
                    user, access.ROLES_THAT_SEE_PEOPLE, day
                )
            )
        )


def _exemptions(on: dt.date) -> models.QuerySet[Any]:
    return apps.get_model("cpd_tracking", "Exemption").objects.filter(
        Q(post__isnull=True) | Q(post=OuterRef("post")),
        person=OuterRef("learner"),
        requirement=OuterRef("requirement"),
        approved_at__isnull=False,
        starts_on__lte=on,
        ends_on__gte=on,
    )


def _pauses(on: dt.date) -> models.QuerySet[Any]:
    return apps.get_model("cpd_tracking", "Pause").objects.filter(
        Q(post__isnull=True) | Q(post=OuterRef("post")),
        Q(ends_on__isnull=True) | Q(ends_on__gte=on),
        person=OuterRef("learner"),
        starts_on__lte=on,
    )


class AttestedSessionQuerySet(models.QuerySet["Any"]):
    """Attested sessions."""

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> AttestedSessionQuerySet:
        """Keep sessions of organisations the person leads or administers."""
        from accounts import access

        if not user.is_authenticated:
            return self.none()
        return self.filter(
            organisation__in=access.organisations_in_scope(
                user, access.ROLES_THAT_SEE_PEOPLE, on or clock.today()
            )
        )


class CertificateQuerySet(models.QuerySet["Any"]):
    """Certificates."""

    def visible_to(self, user: Viewer, on: dt.date | None = None) -> CertificateQuerySet:
        """Keep one's own. Anyone else checks a certificate by the code its holder gave them."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(person=user)

    def standing(self) -> CertificateQuerySet:
        """Keep certificates that were not revoked."""
        return self.filter(revoked_at__isnull=True)
