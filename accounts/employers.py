"""Which organisations are one employer, and where in it somebody's line manager may work."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts import access
from accounts.models import Organisation


def employer_of(organisation: Organisation) -> set[int]:
    """Return the keys of the whole tree of teams the organisation stands in."""
    parents = dict(
        Organisation.objects.filter(parent__isnull=False).order_by().values_list("pk", "parent_id")
    )
    root, seen = organisation.pk, set()
    while root in parents and root not in seen:
        seen.add(root)
        root = parents[root]
    return access.with_teams_below([root])


def lines_of(organisation: Organisation) -> QuerySet[Organisation]:
    """Return where a line manager of a post there may work: the place, its parent, its teams.

    The same places from which `access.posts_in_scope` lets a line manager reach the post.
    """
    condition = Q(pk=organisation.pk) | Q(parent=organisation.pk)
    if organisation.parent_id is not None:
        condition |= Q(pk=organisation.parent_id)
    return Organisation.objects.filter(condition)
