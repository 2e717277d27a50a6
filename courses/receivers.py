"""Wagtail's news of published and unpublished pages, each passed on in one service call."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.dispatch import receiver
from wagtail.models import Revision
from wagtail.signals import page_published, page_unpublished

from accounts.models import User
from core import clock
from courses.models import CoursePage, LessonPage
from courses.services.versions import publish_course_version, publish_lesson_change


@receiver(page_published, sender=CoursePage)
@transaction.atomic
def freeze_course_version(instance: CoursePage, revision: Revision, **kwargs: Any) -> None:
    """Freeze a version of the page that was just published."""
    if instance.live:
        publish_course_version(page=instance, by=_publisher(revision), at=clock.now())


@receiver(page_published, sender=LessonPage)
@transaction.atomic
def freeze_after_lesson(instance: LessonPage, revision: Revision, **kwargs: Any) -> None:
    """Freeze a version of the live course whose lesson was just published."""
    if instance.live:
        publish_lesson_change(lesson=instance, by=_publisher(revision), at=clock.now())


@receiver(page_unpublished, sender=LessonPage)
def freeze_without_lesson(instance: LessonPage, **kwargs: Any) -> None:
    """Freeze a version of the live course that has lost a lesson."""
    publish_lesson_change(lesson=instance, by=None, at=clock.now())


def _publisher(revision: Revision | None) -> User | None:
    user = revision.user if revision is not None else None
    return user if isinstance(user, User) else None
