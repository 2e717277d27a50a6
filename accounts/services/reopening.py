"""Take back the end of a post that was recorded by mistake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import AuditEvent, Post, User
from accounts.permissions import can_manage_posts
from accounts.services.posts import lock_people, locked_post, record_post, write_post
from accounts.services.roles_of_posts import give_back_grants
from accounts.signals import posts_changed
from core import clock

# How long after its end was recorded a post can be opened again.
REOPEN_DAYS = 14


class UnableToReopenPost(Exception):
    """The post cannot be opened again; the message says why."""


@transaction.atomic
def reopen_post(*, by: User, post: Post, at: dt.datetime) -> Post:
    """Take back the end of a post within REOPEN_DAYS of recording it, with roles it took along.

    Only roles the person could grant themselves come back. Memberships of networks stay ended.
    Raises PermissionDenied or UnableToReopenPost.
    """
    post = locked_post(post)
    if not can_manage_posts(by, post.organisation, on=clock.london_date(at)):
        raise PermissionDenied
    if post.ends_on is None:
        return post
    event = _ends().filter(object_id=str(post.pk)).order_by("-at", "-pk").first()
    if event is None or event.at < at - dt.timedelta(days=REOPEN_DAYS):
        raise UnableToReopenPost("The end was recorded too long ago. Add a post instead.")
    before = event.data.get("before")
    post.ends_on = dt.date.fromisoformat(before) if before else None
    write_post(post, UnableToReopenPost)
    give_back_grants(by=by, ended=event.data.get("grants", []), at=at)
    record_post("post.reopened", post, by, at)
    posts_changed.send(sender=Post, person_ids={post.person_id}, at=at)
    return post


@transaction.atomic
def reopen_posts(*, by: User, posts: Iterable[Post], at: dt.datetime) -> list[Post]:
    """Open several posts again, all or none; raises as `reopen_post`, naming whose it was."""
    opened = []
    for post in lock_people(posts):
        try:
            opened.append(reopen_post(by=by, post=post, at=at))
        except UnableToReopenPost as error:
            raise UnableToReopenPost(f"{post.person}: {error}") from error
    return opened


def reopenable(posts: Sequence[Post], at: dt.datetime) -> set[int]:
    """Return the keys of posts whose end may still be taken back; one query."""
    since = at - dt.timedelta(days=REOPEN_DAYS)
    ended = {str(post.pk) for post in posts if post.ends_on is not None}
    found = _ends().filter(object_id__in=ended, at__gte=since)
    return {int(key) for key in found.values_list("object_id", flat=True)}


def _ends() -> Any:
    return AuditEvent.objects.filter(verb="post.ended", object_type=Post._meta.label_lower)
