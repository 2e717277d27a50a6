"""Add, change and end posts. Whoever cares (rules, memberships) hears through `accounts.signals`.

`by` is None for imports and the demo, which check rights themselves. Whoever writes about a
person's posts locks the person first: overlaps cannot be entered twice at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.employers import lines_of
from accounts.enums import NON_EMPLOYMENT_ROLES
from accounts.models import Organisation, Post, User
from accounts.permissions import can_manage_posts
from accounts.querysets import in_force
from accounts.services.roles_of_posts import end_grants_without_post
from accounts.signals import posts_changed
from core import clock

# What may be put right in place; a change of job role is another post (`change_job`).
CHANGEABLE = (
    "title",
    "starts_on",
    "staff_number",
    "weekly_hours",
    "term_time_only",
    "handles_personal_data",
    "line_manager",
)


class UnableToAddPost(Exception):
    """The post cannot be added; the message says why."""


class UnableToChangePost(Exception):
    """The post cannot be changed; the message says why."""


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
    """Give the person a post; governors and volunteers are not employed, unless `fields` say so.

    Raises PermissionDenied, or UnableToAddPost when the person holds that role there already on
    some of these days, the staff number is taken, or the line manager does not work there.
    """
    today = clock.london_date(at)
    if by is not None and not can_manage_posts(by, organisation, on=today):
        raise PermissionDenied
    _lock_person(person.pk)
    if by is not None:
        _check_line_manager(fields.get("line_manager"), organisation, today, UnableToAddPost)
    is_employment = fields.pop("is_employment", job_role not in NON_EMPLOYMENT_ROLES)
    post = Post(
        person=person,
        organisation=organisation,
        job_role=job_role,
        starts_on=starts_on,
        is_employment=is_employment,
        handles_personal_data=fields.pop("handles_personal_data", is_employment),
        **fields,
    )
    write_post(post, UnableToAddPost)
    record_post("post.added", post, by, at)
    posts_changed.send(sender=Post, person_ids={person.pk}, at=at)
    return post


@transaction.atomic
def change_post(*, by: User | None, post: Post, at: dt.datetime, **changes: Any) -> Post:
    """Put details of a post right in place (CHANGEABLE); its history keeps what they were.

    Raises PermissionDenied or UnableToChangePost.
    """
    today = clock.london_date(at)
    post = locked_post(post)
    if by is not None and not can_manage_posts(by, post.organisation, on=today):
        raise PermissionDenied
    unknown = set(changes) - set(CHANGEABLE)
    if unknown:
        raise ValueError(f"Not changed in place: {', '.join(sorted(unknown))}")
    changed = {name: value for name, value in changes.items() if getattr(post, name) != value}
    if not changed:
        return post
    if by is not None:
        _check_line_manager(
            changed.get("line_manager"), post.organisation, today, UnableToChangePost
        )
    for name, value in changed.items():
        setattr(post, name, value)
    write_post(post, UnableToChangePost)
    record_post("post.changed", post, by, at, fields=sorted(changed))
    posts_changed.send(sender=Post, person_ids={post.person_id}, at=at)
    return post


@transaction.atomic
def change_job(
    *,
    by: User | None,
    post: Post,
    job_role: str,
    on: dt.date,
    at: dt.datetime,
    organisation: Organisation | None = None,
    **fields: Any,
) -> Post:
    """Close the post on the day before `on` and open another from then; return the new one.

    What `fields` do not say goes over (not the line manager to another organisation, nor a
    fixed end). The old line manager's sight of the person ends with the old post. Raises
    PermissionDenied, or UnableToChangePost.
    """
    post = locked_post(post)
    place = organisation or post.organisation
    if post.ends_on is not None and post.ends_on < on:
        raise UnableToChangePost("This post ends before that day. Add a post instead.")
    if on <= post.starts_on:
        raise UnableToChangePost("The new job must start after the first day of the old one.")
    if job_role == post.job_role and place == post.organisation:
        raise UnableToChangePost("Choose another job role. Other details change in place.")
    stays = place == post.organisation
    kept = {
        "title": "",
        "staff_number": post.staff_number if stays else "",
        "weekly_hours": post.weekly_hours,
        "term_time_only": post.term_time_only,
        "line_manager": post.line_manager if stays else None,
    }
    _end(by=by, post=post, ends_on=on - dt.timedelta(days=1), at=at, keeps_grants=True)
    try:
        new = add_post(
            by=by,
            person=post.person,
            organisation=place,
            job_role=job_role,
            starts_on=on,
            at=at,
            **(kept | fields),
        )
    except UnableToAddPost as error:
        raise UnableToChangePost(str(error)) from error
    end_grants_without_post(person=post.person, organisation=post.organisation, at=at)
    return new


@transaction.atomic
def end_post(*, by: User | None, post: Post, ends_on: dt.date, at: dt.datetime) -> Post:
    """End a post on its last day, and the roles at that employer that were held through it.

    Raises PermissionDenied or UnableToEndPost.
    """
    return _end(by=by, post=locked_post(post), ends_on=ends_on, at=at)


@transaction.atomic
def end_posts(*, by: User, posts: Iterable[Post], ends_on: dt.date, at: dt.datetime) -> list[Post]:
    """End several posts on one day, all or none; raises as `end_post`, naming whose it was."""
    ended = []
    for post in lock_people(posts):
        try:
            ended.append(end_post(by=by, post=post, ends_on=ends_on, at=at))
        except UnableToEndPost as error:
            raise UnableToEndPost(f"{post.person}: {error}") from error
    return ended


def _end(
    *, by: User | None, post: Post, ends_on: dt.date, at: dt.datetime, keeps_grants: bool = False
) -> Post:
    if by is not None and not can_manage_posts(by, post.organisation, on=clock.london_date(at)):
        raise PermissionDenied
    if by is not None and post.person_id == by.pk and not keeps_grants:
        raise UnableToEndPost("You cannot end your own post. Ask a colleague who leads here.")
    if ends_on < post.starts_on:
        raise UnableToEndPost("The last day is before the first.")
    before = post.ends_on
    post.ends_on = ends_on
    post.save(update_fields=["ends_on"])
    grants = []
    if not keeps_grants:
        grants = end_grants_without_post(person=post.person, organisation=post.organisation, at=at)
    record_post("post.ended", post, by, at, before=str(before) if before else None, grants=grants)
    posts_changed.send(sender=Post, person_ids={post.person_id}, at=at)
    return post


def lock_people(posts: Iterable[Post]) -> list[Post]:
    """Lock the people of these posts in one order, so that two lists never wait for each other."""
    rows = sorted(posts, key=lambda post: (post.person_id, post.pk))
    people = User.objects.select_for_update(no_key=True).order_by("pk")
    list(people.filter(pk__in=[post.person_id for post in rows]))
    return rows


def locked_post(post: Post) -> Post:
    """Return the post as it is now, locked after its person."""
    person = _lock_person(post.person_id)
    row = (
        Post.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organisation__local_area", "line_manager")
        .get(pk=post.pk)
    )
    row.person = person
    return row


def _lock_person(person_id: int) -> User:
    # Without the key: rows that only name the person need not wait.
    return User.objects.select_for_update(no_key=True).get(pk=person_id)


def write_post(post: Post, failure: type[Exception]) -> None:
    """Save the post, or raise `failure` with words for whoever entered it."""
    last = post.ends_on or dt.date.max
    same = Post.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=post.starts_on),
        person=post.person_id,
        organisation=post.organisation_id,
        job_role=post.job_role,
        starts_on__lte=last,
    ).exclude(pk=post.pk)
    if same.exists():
        raise failure(f"{post.person} already holds this post at {post.organisation}.")
    if post.staff_number and post.ends_on is None:
        taken = Post.objects.filter(
            organisation=post.organisation_id,
            staff_number=post.staff_number,
            ends_on__isnull=True,
        ).exclude(pk=post.pk)
        if taken.exists():
            raise failure(
                f"Staff number {post.staff_number} belongs to another post at {post.organisation}."
            )
    try:
        post.full_clean()
    except ValidationError as error:
        raise failure(" ".join(error.messages)) from error
    post.save()


def _check_line_manager(
    manager: User | None, organisation: Organisation, on: dt.date, failure: type[Exception]
) -> None:
    if manager is None:
        return
    if not Post.objects.filter(
        in_force(on), person=manager, organisation__in=lines_of(organisation)
    ).exists():
        raise failure("Choose a line manager who works for the same employer.")


def record_post(verb: str, post: Post, by: User | None, at: dt.datetime, **data: Any) -> None:
    """Append what was done to a post."""
    audit.record(
        actor=by,
        verb=verb,
        obj=post,
        subject=post.person,
        local_area=post.organisation.local_area,
        data=data,
        at=at,
    )
