"""Roles that somebody holds because they work somewhere: they end with the last post there."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q

from accounts import audit
from accounts.employers import employer_of
from accounts.models import Organisation, Post, RoleGrant, User
from accounts.permissions import can_grant_role
from accounts.services.roles import UnableToEndRole, end_role, project_editor_rights
from core import clock

# A grant that was ended with a post: its key, and its last day before and after.
Ended = tuple[int, str | None, str]


def end_grants_without_post(
    *, person: User, organisation: Organisation, at: dt.datetime
) -> list[Ended]:
    """End the person's roles at an employer whose last post there has an end; say which.

    The employer is the whole tree of teams the organisation stands in. Roles over a local area
    are not held through one post and stay; so does the last system administrator.
    """
    places = employer_of(organisation)
    posts = Post.objects.filter(person=person, organisation__in=places)
    ends = list(posts.order_by().values_list("ends_on", flat=True))
    if not ends or None in ends:
        return []
    today = clock.london_date(at)
    # A role never ends further back than yesterday: what was done with it was done.
    last = max(*(day for day in ends if day), today - dt.timedelta(days=1))
    grants = RoleGrant.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=last), person=person, organisation__in=places
    ).order_by("pk")
    ended: list[Ended] = []
    for grant in grants:
        before = str(grant.ends_on) if grant.ends_on else None
        try:
            end_role(by=None, grant=grant, ends_on=last, at=at)
        except UnableToEndRole:
            continue
        ended.append((grant.pk, before, str(last)))
    return ended


def give_back_grants(*, by: User, ended: list[Any], at: dt.datetime) -> int:
    """Undo what `end_grants_without_post` did, where `by` could grant the role; return how many."""
    today = clock.london_date(at)
    given = 0
    for key, before, after in ended:
        grant = RoleGrant.objects.select_for_update(of=("self",)).filter(pk=key).first()
        if grant is None or str(grant.ends_on) != after or grant.person_id == by.pk:
            continue
        area, place = grant.local_area, grant.organisation
        if not can_grant_role(by, grant.role, local_area=area, organisation=place, on=today):
            continue
        grant.ends_on = dt.date.fromisoformat(before) if before else None
        grant.save(update_fields=["ends_on"])
        audit.record(
            actor=by, verb="role.reopened", obj=grant, subject=grant.person, local_area=area, at=at
        )
        project_editor_rights(person=grant.person, local_area=area, on=today)
        given += 1
    return given
