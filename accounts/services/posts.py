"""Add and end posts. Whoever cares (rules, memberships) hears through `accounts.signals`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import audit
from accounts.models import Organisation, Post, User
from accounts.permissions import can_manage_posts
from accounts.signals import posts_changed


class UnableToAddPost(Exception):
    """The post cannot be added; the message says why."""


class UnableToEndPost(Exception):
    """The post cannot be ended; the message says why."""


@transaction.atomic
def add_post(
    *,
    by: User | None,
    person: User,
    organisation: Organisation,
    job_role: str,
    starts_on: dt.date,
    at: dt.datetime,
    **fields: Any,
) -> Post:
    """Give the person a post; `by` is None for imports and the demo, which check rights themselves.

    Raises PermissionDenied, or UnableToAddPost when the person holds that role there already.
    """
    if by is not None and not can_manage_posts(by, organisation, on=at.date()):
        raise PermissionDenied
    User.objects.select_for_update().get(pk=person.pk)
    if Post.objects.filter(
        person=person, organisation=organisation, job_role=job_role, ends_on__isnull=True
    ).exists():
        raise UnableToAddPost(f"{person} already holds this post at {organisation}.")
    post = Post(
        person=person,
        organisation=organisation,
        job_role=job_role,
        starts_on=starts_on,
        **fields,
    )
    post.full_clean()
    post.save()
    audit.record(
        actor=by,
        verb="post.added",
        obj=post,
        subject=person,
        local_area=organisation.local_area,
        at=at,
    )
    posts_changed.send(sender=Post, person_ids={person.pk}, at=at)
    return post


@transaction.atomic
def end_post(*, by: User | None, post: Post, ends_on: dt.date, at: dt.datetime) -> Post:
    """End a post on its last day; raises PermissionDenied or UnableToEndPost."""
    post = Post.objects.select_for_update().select_related("organisation").get(pk=post.pk)
    if by is not None and not can_manage_posts(by, post.organisation, on=at.date()):
        raise PermissionDenied
    if ends_on < post.starts_on:
        raise UnableToEndPost("The last day is before the first.")
    post.ends_on = ends_on
    post.save(update_fields=["ends_on"])
    audit.record(
        actor=by,
        verb="post.ended",
        obj=post,
        subject=post.person,
        local_area=post.organisation.local_area,
        at=at,
    )
    posts_changed.send(sender=Post, person_ids={post.person_id}, at=at)
    return post
