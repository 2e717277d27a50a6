"""Takes an import back, but for what somebody has touched since.

A row stays as it is where anybody changed it after the import, or where something was recorded
that rests on it: a sign-in, an invitation, a learning record, an exemption, a line to manage.
Whoever undoes is told which, and everything else goes back. What is derived (obligations) follows
the posts and holds nothing.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import DO_NOTHING, Exists, Model, OuterRef, Q

from accounts import audit
from accounts.enums import ImportState
from accounts.invitation_rows import has_way_in
from accounts.models import Post, RoleGrant, RoleProposal, StaffImport, User
from accounts.services.roles_of_posts import give_back_grants
from accounts.signals import posts_changed
from accounts.staffing.committing import lock_employers, locked_import
from accounts.staffing.drafting import can_import
from accounts.staffing.plan import json_value
from accounts.staffing.writing import (
    chunks_of,
    end_roles,
    locked_rows,
    write_fields,
    write_history,
)
from core import clock

_REASON = "staff import undone"


class UnableToUndo(Exception):
    """The import cannot be undone; the message says why."""


@dataclass
class Undone:
    """What undoing takes back, and what it leaves: primary keys."""

    people: list[int] = field(default_factory=list)
    posts: list[int] = field(default_factory=list)
    restored_people: list[int] = field(default_factory=list)
    restored_posts: list[int] = field(default_factory=list)
    left_people: list[int] = field(default_factory=list)
    left_posts: list[int] = field(default_factory=list)


class _Tried(Exception):
    """Takes a trial back."""


class _Held(Exception):
    """Something rests on rows that were about to go."""

    def __init__(self, *, people: set[int] | None = None, posts: set[int] | None = None) -> None:
        super().__init__()
        self.people, self.posts = people or set(), posts or set()


def what_undoing_does(*, by: User | None, staff_import: StaffImport, at: dt.datetime) -> Undone:
    """Return what `undo_import` would take back and leave now, and raise as it does."""
    undone = Undone()
    try:
        with transaction.atomic():
            found = _open(staff_import, by, at)
            undone = _undo(found, by, at)
            raise _Tried
    except _Tried:
        return undone


@transaction.atomic
def undo_import(*, by: User | None, staff_import: StaffImport, at: dt.datetime) -> Undone:
    """Take back a committed import, all that nobody has touched since; say what stayed.

    Raises PermissionDenied, or UnableToUndo where there is nothing to take back (any more).
    """
    found = _open(staff_import, by, at)
    undone = _undo(found, by, at)
    found.state = ImportState.UNDONE
    found.undone_at, found.undone_by = at, by
    left = {"people": undone.left_people, "posts": undone.left_posts}
    found.changes = found.changes | {"left": left}
    found.save(update_fields=["state", "undone_at", "undone_by", "changes"])
    audit.record(
        actor=by,
        verb="staff_import.undone",
        obj=found,
        local_area=found.local_area,
        data={name: len(keys) for name, keys in vars(undone).items()},
        at=at,
    )
    return undone


def _open(staff_import: StaffImport, by: User | None, at: dt.datetime) -> StaffImport:
    found = locked_import(staff_import)
    on = clock.london_date(at)
    if not can_import(by, local_area=found.local_area, organisation=found.organisation, on=on):
        raise PermissionDenied
    if found.state != ImportState.COMMITTED:
        raise UnableToUndo("This import is not in force: there is nothing to undo.")
    lock_employers([employer["id"] for employer in found.plan.get("employers", [])])
    return found


def _undo(found: StaffImport, by: User | None, at: dt.datetime) -> Undone:
    """Try; what turns out to be held is left, and the rest is tried again."""
    changes = found.changes
    held_people = _signed_in(changes["people"]) | _out_of_hand(
        changes["changed_people"], clock.london_date(at)
    )
    held_posts = _changed_since(_posts_of(changes), changes["last_history"])
    while True:
        try:
            with transaction.atomic():
                return _take_back(found, by, at, held_people, held_posts)
        except _Held as held:
            held_people, held_posts = held_people | held.people, held_posts | held.posts
        except IntegrityError as error:
            raise UnableToUndo(
                "Some of these people have been given the same post, number or address anew since. "
                "Put them right one by one."
            ) from error


def _posts_of(changes: dict[str, Any]) -> list[int]:
    return [*changes["posts"], *(row["pk"] for row in changes["changed_posts"])]


def _changed_since(post_keys: list[int], last_history: int) -> set[int]:
    found: set[int] = set()
    for chunk in chunks_of(post_keys):
        later = Post.history.filter(id__in=chunk, history_id__gt=last_history)
        found |= set(later.order_by().values_list("id", flat=True))
    return found


def _signed_in(keys: list[int]) -> set[int]:
    found: set[int] = set()
    for chunk in chunks_of(keys):
        rows = User.objects.filter(pk__in=chunk, last_login__isnull=False)
        found |= set(rows.values_list("pk", flat=True))
    return found


def _out_of_hand(changed: Iterable[dict[str, Any]], on: dt.date) -> set[int]:
    """Return whose address was changed and is not the list's to change back any more.

    It is a way to a new password: of an account in use, or one that opens a role by now.
    """
    keys = [row["pk"] for row in changed if "email" in row["after"]]
    standing = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    grants = RoleGrant.objects.filter(standing, person=OuterRef("pk"))
    proposals = RoleProposal.objects.filter(person=OuterRef("pk"), decided_at__isnull=True)
    found: set[int] = set()
    for chunk in chunks_of(keys):
        rows = User.objects.filter(
            has_way_in() | Q(last_login__isnull=False) | Exists(grants) | Exists(proposals),
            pk__in=chunk,
        )
        found |= set(rows.values_list("pk", flat=True))
    return found


def _take_back(
    found: StaffImport,
    by: User | None,
    at: dt.datetime,
    held_people: set[int],
    held_posts: set[int],
) -> Undone:
    """Put everything back that is not held; raise _Held where something else is, too."""
    changes = found.changes
    _lock(changes)
    made = set(changes["people"])
    posts = [
        post
        for post in locked_rows(Post, sorted(set(changes["posts"]) - held_posts))
        # Somebody who stays keeps the posts they were made for.
        if post.person_id not in made & held_people
    ]
    _delete_posts(posts, by, at)
    restored = _restore(Post, changes["changed_posts"], held_posts)
    write_history(restored, "~", _REASON, by=by, at=at)
    people = _restore(User, changes["changed_people"], held_people)
    _restore_roles(changes, restored, found, by, at)
    touched = {post.person_id for post in [*posts, *restored]}
    if touched:
        posts_changed.send(sender=Post, person_ids=touched, at=at)
    if resting := _resting_on(Post, [post.pk for post in posts]):
        raise _Held(posts=resting)
    going = sorted(made - held_people)
    if resting := _resting_on(User, going):
        raise _Held(people=resting)
    _delete(User, going)
    undone = Undone(
        people=going,
        posts=[post.pk for post in posts],
        restored_people=[person.pk for person in people],
        restored_posts=[post.pk for post in restored],
    )
    changed = {row["pk"] for row in changes["changed_people"]}
    undone.left_people = sorted((made | changed) - {*going, *undone.restored_people})
    undone.left_posts = sorted({*_posts_of(changes)} - {*undone.posts, *undone.restored_posts})
    _tell(found, posts, restored, by, at)
    return undone


def _lock(changes: dict[str, Any]) -> None:
    """Lock the people first, then their posts, in the order of their keys: as everywhere."""
    keys = {*changes["people"], *(row["pk"] for row in changes["changed_people"])}
    for chunk in chunks_of(_posts_of(changes)):
        keys |= set(Post.objects.filter(pk__in=chunk).values_list("person_id", flat=True))
    for _ in locked_rows(User, sorted(keys)):
        pass


def _restore(model: type[Model], changed: Iterable[dict[str, Any]], held: set[int]) -> list[Any]:
    """Put fields back where they are as the import left them; return those rows."""
    wanted = {row["pk"]: row for row in changed if row["pk"] not in held}
    by_fields: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for row in locked_rows(model, sorted(wanted)):
        before, after = wanted[row.pk]["before"], wanted[row.pk]["after"]
        if any(json_value(getattr(row, _attribute(name))) != after[name] for name in after):
            continue
        for name, value in before.items():
            each: Any = model._meta.get_field(name)
            plain = value if each.is_relation or value is None else each.to_python(value)
            setattr(row, _attribute(name), plain)
        by_fields[tuple(sorted(before))].append(row)
    for names, rows in by_fields.items():
        write_fields(model, names, rows)
    return [row for rows in by_fields.values() for row in rows]


def _attribute(name: str) -> str:
    return "line_manager_id" if name == "line_manager" else name


def _restore_roles(
    changes: dict[str, Any], restored: list[Post], found: StaffImport, by: User | None,
    at: dt.datetime,
) -> None:  # fmt: skip
    """Give back roles that ended with a post which is open again, and the other way round."""
    back = {post.pk for post in restored}
    ended = [grant for post, *grant in changes.get("grants", []) if post in back]
    if by is not None and ended:
        give_back_grants(by=by, ended=ended, at=at)
    over = [post for post in restored if post.ends_on is not None]
    end_roles(over, local_area=found.local_area, at=at)


def _delete_posts(posts: list[Post], by: User | None, at: dt.datetime) -> None:
    """Delete posts set-wise, with a last line in their history.

    What is derived from them goes when the news is heard; whatever then still rests on one is
    found by `_resting_on`, before anything is final.
    """
    write_history(posts, "-", _REASON, by=by, at=at)
    _delete(Post, [post.pk for post in posts])


def _delete(model: type[Model], keys: list[int]) -> None:
    """Delete rows on which nothing rests in one statement each, without looking for more."""
    for chunk in chunks_of(keys):
        rows: Any = model._default_manager.filter(pk__in=chunk)
        rows._raw_delete(rows.db)


def _resting_on(model: type[Model], keys: list[int]) -> set[int]:
    """Return those of the keys that any row of any model points at, whatever it would do then."""
    found: set[int] = set()
    if not keys:
        return found
    # One import's keys lie together: a range is read faster than a list of thousands.
    wanted, first, last = set(keys), min(keys), max(keys)
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)):
            continue
        pointer: Any = relation.field  # type: ignore[union-attr]
        if pointer.remote_field.on_delete is DO_NOTHING:
            continue  # history outlives what it tells of
        rows = pointer.model._base_manager.order_by()
        pointing = rows.filter(**{f"{pointer.name}__gte": first, f"{pointer.name}__lte": last})
        found |= wanted & set(pointing.values_list(pointer.attname, flat=True).distinct())
    return found


def _tell(
    found: StaffImport, removed: list[Post], restored: list[Post], by: User | None, at: dt.datetime
) -> None:
    posts = [*removed, *restored]
    public = User.objects.in_bulk(sorted({post.person_id for post in restored}))
    audit.record_many(
        [
            {
                "verb": "post.removed" if place < len(removed) else "post.restored",
                "object_type": Post._meta.label_lower,
                "object_id": str(post.pk),
                "organisation_id": post.organisation_id,
                "subject": public[post.person_id].public_id if post.person_id in public else None,
                "data": {"staff_import": found.pk},
            }
            for place, post in enumerate(posts)
        ],
        local_area_id=found.local_area_id,
        actor=getattr(by, "public_id", None),
        at=at,
    )
