"""Pure predicates of cpd_tracking: what someone may do with an object they can see."""

from __future__ import annotations

import datetime as dt

from accounts import access
from accounts.enums import Role
from accounts.models import Organisation, Post, User
from cpd_tracking.models import Certificate, LearningRecord, Obligation

_ATTESTERS = (Role.SETTING_LEAD, Role.TEAM_MANAGER, Role.TRAINING_ADMIN)


def can_view_obligation(user: User, obligation: Obligation, *, on: dt.date) -> bool:
    """Whether the viewer sees the obligation; agrees with `Obligation.objects.visible_to`."""
    return Obligation.objects.filter(pk=obligation.pk).visible_to(user, on).exists()


def can_view_record(user: User, record: LearningRecord, *, on: dt.date) -> bool:
    """Whether the viewer sees the record; agrees with `LearningRecord.objects.visible_to`."""
    return LearningRecord.objects.filter(pk=record.pk).visible_to(user, on).exists()


def can_view_certificate(user: User, certificate: Certificate, *, on: dt.date) -> bool:
    """Whether the certificate is in the person's own list; anyone may check one by its code."""
    return Certificate.objects.filter(pk=certificate.pk).visible_to(user, on).exists()


def can_attest(user: User, organisation: Organisation, *, on: dt.date) -> bool:
    """Whether the person may say that a session took place there."""
    return access.has_role(user, *_ATTESTERS, on=on, organisation=organisation)


def can_adjust(user: User, post: Post, *, on: dt.date) -> bool:
    """Whether the person may extend, pause or exempt for this post: its lead, never its holder."""
    return post.person_id != user.pk and access.has_role(
        user, *_ATTESTERS, on=on, organisation=post.organisation
    )
