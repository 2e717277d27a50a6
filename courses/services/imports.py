"""Bring a package file into a course: kept in quarantine, and in a draft lesson of its own."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import BinaryIO

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from courses.models import Course, LessonPage, PackageRevision
from courses.packages.services import store_package


@dataclass(frozen=True)
class Imported:
    """The revision that waits for its preview and approval, and the draft lesson it is in."""

    revision: PackageRevision
    lesson: LessonPage
    is_new: bool


def import_package(*, file: BinaryIO, course: Course, by: User, at: dt.datetime) -> Imported:
    """Keep a package for the course's area and put it into a new draft lesson at the course's end.

    The same file twice answers the lesson there is. Learners see nothing of it until somebody has
    approved the package and published the lesson. Raises PermissionDenied, or UnableToStorePackage
    with every reason.
    """
    if not hasattr(course, "page"):
        raise PermissionDenied
    revision = store_package(file=file, local_area=course.local_area, by=by, at=at)
    with transaction.atomic():
        locked = Course.objects.select_for_update().get(pk=course.pk)
        page = locked.page
        for lesson in LessonPage.objects.child_of(page):
            draft = lesson.get_latest_revision_as_object()
            if any(
                block.block_type == "activity" and block.value["package"] == revision.package
                for block in draft.body
            ):
                return Imported(revision, lesson, is_new=False)
        title = str(revision.package.title)
        lesson = LessonPage(title=title, live=False, owner=by, body=[_activity(revision, title)])
        page.add_child(instance=lesson)
        lesson.save_revision(user=by)
        return Imported(revision, lesson, is_new=True)


def _activity(revision: PackageRevision, title: str) -> dict[str, object]:
    """Write the block as the stream stores it."""
    value = {"title": title[:200], "package": revision.package_id, "required": True}
    return {"type": "activity", "id": str(uuid.uuid4()), "value": value}
