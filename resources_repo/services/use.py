"""Note that a resource was used or downloaded."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from accounts.models import Post, User
from accounts.querysets import in_force
from resources_repo.enums import Helped
from resources_repo.models import DownloadCount, ResourcePage, ResourceUse, ResourceVersion


class UnableToRecordUse(Exception):
    """The use cannot be recorded; the message says why."""


@transaction.atomic
def record_use(*, by: User, page: ResourcePage, helped: str, on: dt.date) -> ResourceUse:
    """Record that the person used it, for the setting of their first post; again changes it.

    `helped` is a Helped value or "". Raises PermissionDenied if they cannot see the resource.
    """
    if not ResourcePage.objects.filter(pk=page.pk).visible_to(by).exists():
        raise PermissionDenied
    if helped and helped not in Helped.values:
        raise UnableToRecordUse("Choose whether it helped.")
    post = (
        Post.objects.filter(in_force(on), person=by)
        .order_by("-weekly_hours", "starts_on", "pk")
        .first()
    )
    use, _ = ResourceUse.objects.update_or_create(
        page=page,
        person=by,
        defaults={
            "helped": helped,
            "used_on": on,
            "organisation_id": post.organisation_id if post else None,
        },
    )
    return use


@transaction.atomic
def count_download(*, version: ResourceVersion) -> None:
    """Add one to the resource's downloads; nobody's name is kept."""
    count, _ = DownloadCount.objects.get_or_create(page_id=version.page_id)
    DownloadCount.objects.filter(pk=count.pk).update(downloads=F("downloads") + 1)
