"""Editors' rights in the CMS: dated role grants projected into the areas' Wagtail groups."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import transaction

from accounts.enums import Role
from accounts.models import LocalArea, RoleGrant, User
from accounts.querysets import in_force

# What opens the CMS, held over the whole area: as an editor of its pages, and as a reviewer.
EDITING_ROLES = (Role.TRAINING_ADMIN, Role.SYSTEM_ADMIN)
REVIEWING_ROLES = (Role.REVIEWER,)


def project_editor_rights(*, person: User, local_area: LocalArea, on: dt.date) -> None:
    """Put the person into, or take them out of, the area's Wagtail groups as their grants say."""
    groups = {group for group in (local_area.editors_id, local_area.reviewers_id) if group}
    _set_groups(person, groups, _entitled([person.pk], on).get(person.pk, set()) & groups)


def recheck_editor_rights(*, person: User, on: dt.date) -> bool:
    """Bring one person's groups up to date with the day; whether anything had to change.

    The door of the CMS asks this on each request: two queries where all is as it should be.
    """
    groups = _all_groups()
    held = set(person.groups.filter(pk__in=groups).values_list("pk", flat=True))
    wanted = _entitled([person.pk], on).get(person.pk, set())
    if held == wanted:
        return False
    _set_groups(person, groups, wanted)
    return True


@transaction.atomic
def project_all_editor_rights(*, on: dt.date) -> int:
    """Bring everybody's groups up to date with the day, and return how many people changed.

    Grants begin and end without anyone doing anything: a daily task calls this.
    """
    groups = _all_groups()
    membership = User.groups.through.objects.filter(group__in=groups)
    held: dict[int, set[int]] = defaultdict(set)
    for person_id, group_id in membership.values_list("user_id", "group_id"):
        held[person_id].add(group_id)
    wanted = _entitled(None, on)
    wrong = [key for key in held.keys() | wanted.keys() if held[key] != wanted.get(key, set())]
    for person in User.objects.filter(pk__in=wrong).order_by("pk"):
        _set_groups(person, groups, wanted.get(person.pk, set()))
    return len(wrong)


def _all_groups() -> set[int]:
    pairs = LocalArea.objects.order_by().values_list("editors", "reviewers")
    return {group for pair in pairs for group in pair if group}


def _entitled(person_ids: list[int] | None, on: dt.date) -> dict[int, set[int]]:
    """Return the groups each person should be in on the day; one query."""
    grants = RoleGrant.objects.filter(
        in_force(on),
        role__in=(*EDITING_ROLES, *REVIEWING_ROLES),
        organisation__isnull=True,
        person__is_active=True,
    ).order_by()
    if person_ids is not None:
        grants = grants.filter(person__in=person_ids)
    entitled: dict[int, set[int]] = defaultdict(set)
    rows = grants.values_list(
        "person_id", "role", "local_area__editors_id", "local_area__reviewers_id"
    )
    for person_id, role, editors, reviewers in rows:
        group = editors if role in EDITING_ROLES else reviewers
        if group:
            entitled[person_id].add(group)
    return entitled


def _set_groups(person: User, groups: set[int], wanted: set[int]) -> None:
    person.groups.remove(*(groups - wanted))
    person.groups.add(*wanted)
    # Django keeps the permissions it has read on the object; they come from the groups.
    for kept in ("_perm_cache", "_user_perm_cache", "_group_perm_cache"):
        person.__dict__.pop(kept, None)
