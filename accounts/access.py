"""Who reaches whom: the one place where grants, posts and line management become a scope.

Access is role x organisation x dates. A grant on an organisation covers it and the teams below
it in the same employer; a grant without organisation covers the local area's organisations.
Rights are read from the database on every request: nothing here is cached beyond one call.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from accounts.enums import Role
from accounts.models import LocalArea, Organisation, Post, RoleGrant, User
from accounts.querysets import in_force
from core import clock

# Roles that see the status of named people (design: security, "Others' status and expiry").
ROLES_THAT_SEE_PEOPLE = (Role.SETTING_LEAD, Role.TEAM_MANAGER, Role.TRAINING_ADMIN)


def grants_in_force(user: User, on: dt.date) -> QuerySet[RoleGrant]:
    """Return the person's grants that hold on the day; a suspended person has none."""
    if not user.is_active:
        return RoleGrant.objects.none()
    # Without the order of names, which would join three tables to each question.
    return RoleGrant.objects.in_force(on).filter(person=user).order_by()


def has_role(
    user: User,
    *roles: str,
    on: dt.date,
    local_area: LocalArea | None = None,
    organisation: Organisation | None = None,
) -> bool:
    """Whether the person holds one of the roles that day, in the area or over the organisation."""
    if not user.is_authenticated:
        return False
    if organisation is not None:
        return (
            organisations_in_scope(user, roles, on, local_area=local_area)
            .filter(pk=organisation.pk)
            .exists()
        )
    grants = grants_in_force(user, on).filter(role__in=roles)
    if local_area is not None:
        grants = grants.filter(local_area=local_area)
    return grants.exists()


def areas_with_role(user: User, roles: Sequence[str], on: dt.date) -> QuerySet[LocalArea]:
    """Return the areas over the *whole* of which the person holds one of the roles."""
    return LocalArea.objects.filter(
        pk__in=grants_in_force(user, on)
        .filter(role__in=roles, organisation__isnull=True)
        .values("local_area")
    )


def areas_of(user: User, on: dt.date) -> QuerySet[LocalArea]:
    """Return the areas in which the person has a post or a grant on the day."""
    posts = Post.objects.filter(in_force(on), person=user).values("organisation__local_area")
    grants = grants_in_force(user, on).values("local_area")
    return LocalArea.objects.filter(Q(pk__in=posts) | Q(pk__in=grants))


def homes_of(user: User) -> QuerySet:
    """Return the paths of the home pages of the person's areas today; core.pages asks."""
    areas = areas_of(user, clock.today()).order_by()
    return areas.filter(site__isnull=False).values_list("site__root_page__path", flat=True)


def with_teams_below(organisation_ids: Iterable[int]) -> set[int]:
    """Return the organisations and every team below them; one query, whatever the depth."""
    found = set(organisation_ids)
    if not found:
        return found
    teams: dict[int, list[int]] = defaultdict(list)
    below_others = Organisation.objects.filter(parent__isnull=False).order_by()
    tree = below_others.values_list("pk", "parent_id")
    for team, parent in tree:
        teams[parent].append(team)
    waiting = list(found)
    while waiting:
        below = [team for team in teams[waiting.pop()] if team not in found]
        found.update(below)
        waiting.extend(below)
    return found


def organisations_in_scope(
    user: User, roles: Sequence[str], on: dt.date, *, local_area: LocalArea | None = None
) -> QuerySet[Organisation]:
    """Return the organisations over which the person holds one of the roles on the day."""
    if not user.is_authenticated:
        return Organisation.objects.none()
    grants = grants_in_force(user, on).filter(role__in=roles)
    if local_area is not None:
        grants = grants.filter(local_area=local_area)
    rows = list(grants.values_list("local_area_id", "organisation_id"))
    whole_areas = {area for area, organisation in rows if organisation is None}
    named = with_teams_below(organisation for _, organisation in rows if organisation is not None)
    return Organisation.objects.filter(Q(local_area__in=whole_areas) | Q(pk__in=named))


def posts_in_scope_condition(user: User, on: dt.date) -> Q:
    """Return the condition on Post rows that the person's roles reach, or whose line they manage.

    A line manager reaches the posts they manage, not the person's other posts. Reach needs the
    viewer's own right to be in force on the day; an ended post is still reached by whoever leads
    the organisation it was held in.
    """
    organisations = organisations_in_scope(user, ROLES_THAT_SEE_PEOPLE, on)
    if not user.is_active:
        return Q(pk__in=[])
    still_there = Post.objects.filter(in_force(on), person=user).values("organisation")
    return Q(organisation__in=organisations) | (
        Q(line_manager=user) & in_force(on) & Q(organisation__in=_employers_lines(still_there))
    )


def _employers_lines(organisations: QuerySet) -> QuerySet[Organisation]:
    """Organisations in which someone there can manage: the same one, its parent or its teams."""
    return Organisation.objects.filter(
        Q(pk__in=organisations) | Q(parent__in=organisations) | Q(teams__in=organisations)
    )


def posts_in_scope(user: User, on: dt.date) -> QuerySet[Post]:
    """Return the posts held on the day that the person's roles or line reach."""
    if not user.is_authenticated:
        return Post.objects.none()
    return Post.objects.held_on(on).filter(posts_in_scope_condition(user, on))


def people_in_scope(user: User, on: dt.date) -> QuerySet[User]:
    """Return the people with a post in scope on the day (a queryset of User primary keys)."""
    return User.objects.filter(pk__in=posts_in_scope(user, on).values("person"))
