"""Writes a plan set by set: accounts, posts with their history, audit events, one piece of news.

People are locked first, in the order of their keys, then their posts: as everywhere else.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Max, Model

from accounts import audit
from accounts.models import LocalArea, Organisation, Post, RoleGrant, User
from accounts.services.invitations import withdraw_open
from accounts.services.roles_of_posts import Ended, end_grants_without_post
from accounts.signals import posts_changed
from accounts.staffing.matching import Subject
from accounts.staffing.plan import Change, NewPost, Plan, json_value
from core import bulk, clock, outbox

BATCH = 1_000
_REASON = "staff import"


class Stale(Exception):
    """A row is not as the plan found it."""


def write_plan(
    plan: Plan, *, local_area: LocalArea, by: User | None, at: dt.datetime
) -> dict[str, Any]:
    """Write a plan inside the caller's transaction; return what `StaffImport.changes` keeps.

    Raises Stale where a row is not as it was when the plan was made.
    """
    lock_people(plan)
    changed_people = _change_people(plan, at)
    new_people = _add_people(plan)
    before = {change.pk: change.before.get("ends_on") for change in plan.post_changes}
    changed = _change_posts(plan, by, at)
    added = _add_posts(plan, by, at)
    _promise_mails(plan, added)
    endings = _endings(plan)
    ended = [post for post in changed if post.pk in endings]
    grants = end_roles(ended, local_area=local_area, at=at)
    people = {post.person_id for post in [*changed, *added]}
    if people:
        posts_changed.send(sender=Post, person_ids=people, at=at)
    _tell(local_area, by, at, changed_people, added, changed, before, grants)
    return {
        "people": [person.pk for person in new_people],
        "posts": [post.pk for post in added],
        "changed_people": [_kept(change) for change in plan.person_changes],
        "changed_posts": [_kept(change) for change in plan.post_changes],
        "grants": [[post, *grant] for post, rows in grants.items() for grant in rows],
        "last_history": last_history([post.pk for post in [*changed, *added]]),
    }


def lock_people(plan: Plan) -> None:
    """Lock everybody known whom the plan touches."""
    keys = {change.pk for change in plan.person_changes}
    keys |= {post.subject.person.pk for post in plan.new_posts if post.subject.person}
    posts = [change.pk for change in plan.post_changes]
    for chunk in chunks_of(posts):
        keys |= set(Post.objects.filter(pk__in=chunk).values_list("person_id", flat=True))
    for chunk in chunks_of(sorted(keys)):
        rows = User.objects.select_for_update(no_key=True).filter(pk__in=chunk)
        list(rows.order_by("pk").values_list("pk", flat=True))


def _add_people(plan: Plan) -> list[User]:
    """Make accounts without a usable password: an invitation, later and by hand, opens them."""
    people = [
        User(
            given_name=subject.lines[0].given_name,
            family_name=subject.lines[0].family_name,
            email=subject.email or None,
            # Without an address there is no way to sign in until a card is claimed.
            is_active=bool(subject.email),
            # As make_password(None), which hashes nothing either, and 40 times as fast.
            password=UNUSABLE_PASSWORD_PREFIX + secrets.token_hex(20),
        )
        for subject in plan.new_people
    ]
    User.objects.bulk_create(people, batch_size=BATCH)
    for subject, person in zip(plan.new_people, people, strict=True):
        subject.created_pk = person.pk
    return people


def _add_posts(plan: Plan, by: User | None, at: dt.datetime) -> list[Post]:
    posts = [_post(new) for new in plan.new_posts]
    Post.objects.bulk_create(posts, batch_size=BATCH)
    write_history(posts, "+", _REASON, by=by, at=at)
    return posts


def _promise_mails(plan: Plan, added: list[Post]) -> None:
    """Tell whoever has an account and never worked there that a post was added to it."""
    told: set[tuple[int, int]] = set()
    for new, post in zip(plan.new_posts, added, strict=True):
        person = new.subject.person
        key = (post.person_id, post.organisation_id)
        if person is None or key in told or new.organisation_id in person.employers | person.former:
            continue
        told.add(key)
        outbox.enqueue(
            kind="accounts.post_added",
            key=f"post-added:{post.pk}",
            payload={"post_id": post.pk},
        )


def _post(new: NewPost) -> Post:
    return Post(
        person_id=new.subject.pk,
        organisation_id=new.organisation_id,
        job_role=new.job_role,
        title=new.title,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        staff_number=new.staff_number,
        weekly_hours=new.weekly_hours,
        term_time_only=new.term_time_only,
        handles_personal_data=new.is_employment,
        is_employment=new.is_employment,
        line_manager_id=_key(new.line_manager),
    )


def _change_posts(plan: Plan, by: User | None, at: dt.datetime) -> list[Post]:
    changes = {change.pk: change for change in plan.post_changes}
    posts = _changed(Post, changes)
    write_history(posts, "~", _REASON, by=by, at=at)
    return posts


def write_history(
    posts: list[Post], kind: str, reason: str, *, by: User | None, at: dt.datetime
) -> None:
    """Write what django-simple-history would for each: added (+), changed (~) or deleted (-)."""
    model = Post.history.model
    names = [each.attname for each in model.tracked_fields]
    about = ["history_type", "history_change_reason", "history_user_id", "history_date"]
    said = [kind, reason, by.pk if by is not None else None, at]
    rows = ([*(getattr(post, name) for name in names), *said] for post in posts)
    bulk.load_rows(model, [*names, *about], rows)


def _change_people(plan: Plan, at: dt.datetime) -> list[User]:
    people = _changed(User, {change.pk: change for change in plan.person_changes})
    if plan.readdressed:
        # What was sent to the old address must not open the account.
        withdraw_open(plan.readdressed, at=at)
        EmailAddress.objects.filter(user__in=plan.readdressed).delete()
        User.objects.filter(pk__in=plan.readdressed, suspended_at__isnull=True).update(
            is_active=True
        )
    return people


def _changed(model: type[Model], changes: dict[int, Change]) -> list[Any]:
    rows = list(locked_rows(model, sorted(changes)))
    if len(rows) != len(changes):
        raise Stale
    by_fields: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for row in rows:
        by_fields[set_fields(row, changes[row.pk])].append(row)
    for names, alike in by_fields.items():
        write_fields(model, names, alike)
    return rows


def locked_rows(model: type[Model], keys: list[int]) -> Iterator[Any]:
    """Yield the rows, locked in the order of their keys."""
    for chunk in chunks_of(keys):
        rows = model._default_manager.select_for_update(no_key=True).filter(pk__in=chunk)
        yield from rows.order_by("pk")


def set_fields(row: Any, change: Change) -> tuple[str, ...]:
    """Set the fields of a row that is as the plan found it, and name them; raise Stale if not."""
    for name, before in change.before.items():
        attribute = "line_manager_id" if name == "line_manager" else name
        if getattr(row, attribute) != before:
            raise Stale
        setattr(row, attribute, _key(change.after[name]))
    return tuple(sorted(change.before))


def write_fields(model: type[Model], names: tuple[str, ...], rows: list[Any]) -> None:
    """Write rows that change in the same fields."""
    attributes = [model._meta.get_field(name).attname for name in names]  # type: ignore[union-attr]
    values = ((row.pk, *(getattr(row, name) for name in attributes)) for row in rows)
    bulk.update_rows(model, attributes, values)


def _endings(plan: Plan) -> set[int]:
    return {change.pk for change in plan.post_changes if change.after.get("ends_on") is not None}


def end_roles(
    ended: Iterable[Post], *, local_area: LocalArea, at: dt.datetime
) -> dict[int, list[Ended]]:
    """End the roles at this employer that ended posts gave; by person. Few leavers hold any."""
    posts = list(ended)
    holders: set[int] = set()
    for chunk in chunks_of(sorted({post.person_id for post in posts})):
        grants = RoleGrant.objects.in_force(clock.london_date(at)).filter(
            person__in=chunk, organisation__isnull=False
        )
        holders |= set(grants.order_by().values_list("person_id", flat=True))
    found: dict[int, list[Ended]] = {}
    people = User.objects.in_bulk(sorted(holders))
    places = Organisation.objects.select_related("local_area").in_bulk(
        {post.organisation_id for post in posts if post.person_id in holders}
    )
    for post in posts:
        if post.person_id in holders:
            taken = end_grants_without_post(
                person=people[post.person_id], organisation=places[post.organisation_id], at=at
            )
            found[post.pk] = taken
    return found


def _tell(
    local_area: LocalArea,
    by: User | None,
    at: dt.datetime,
    changed_people: list[User],
    added: list[Post],
    changed: list[Post],
    before: dict[int, dt.date | None],
    grants: dict[int, list[Ended]],
) -> None:
    """Write what every person may read about their own record, as the single services do."""
    keys = sorted({post.person_id for post in [*added, *changed]})
    public: dict[int, UUID] = {}
    for chunk in chunks_of(keys):
        public |= dict(User.objects.filter(pk__in=chunk).values_list("pk", "public_id"))

    def of_person(verb: str, person: User) -> dict[str, Any]:
        return {
            "verb": verb,
            "object_type": User._meta.label_lower,
            "object_id": str(person.pk),
            "subject": person.public_id,
        }

    def of_post(verb: str, post: Post, data: dict[str, Any]) -> dict[str, Any]:
        return {
            "verb": verb,
            "object_type": Post._meta.label_lower,
            "object_id": str(post.pk),
            "subject": public[post.person_id],
            "organisation_id": post.organisation_id,
            "data": data,
        }

    rows = [of_person("person.corrected", person) for person in changed_people]
    rows += [of_post("post.added", post, {}) for post in added]
    for post in changed:
        if post.pk in before and post.ends_on != before[post.pk] and post.ends_on is not None:
            was = before[post.pk]
            ended: dict[str, Any] = {
                "before": was.isoformat() if was else None,
                "grants": grants.get(post.pk, []),
            }
            rows.append(of_post("post.ended", post, ended))
        else:
            rows.append(of_post("post.changed", post, {}))
    audit.record_many(
        rows, local_area_id=local_area.pk, actor=getattr(by, "public_id", None), at=at
    )


def last_history(post_keys: list[int]) -> int:
    """Return the last entry of these posts' history: what comes after it is others' doing."""
    last = 0
    for chunk in chunks_of(post_keys):
        rows = Post.history.filter(id__in=chunk).order_by()
        last = max(last, rows.aggregate(last=Max("history_id"))["last"] or 0)
    return last


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, Subject) else value


def _kept(change: Change) -> dict[str, Any]:
    def plain(values: dict[str, Any]) -> dict[str, Any]:
        return {name: json_value(_key(value)) for name, value in values.items()}

    return {"pk": change.pk, "before": plain(change.before), "after": plain(change.after)}


def chunks_of(keys: list[Any]) -> Iterator[list[Any]]:
    """Yield as many keys as one IN list takes everywhere."""
    for start in range(0, len(keys), 5 * BATCH):
        yield keys[start : start + 5 * BATCH]
