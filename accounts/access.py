"""Who reaches whom: the one place where grants, posts and line management become a scope.

Access is role x organisation x dates. A grant on an organisation covers it, the teams below it
in the same employer and the schools that became it; a grant without organisation covers the
local area's organisations. A trust, a council or an NHS trust reaches another employer's people
only to read, and only while that employer's recorded decision stands (SharingDecision).
Rights are read from the database on every request: nothing here is cached beyond one call.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet, Value

from accounts.enums import GOVERNOR_ROLES, OrganisationKind, Role
from accounts.models import (
    LocalArea,
    Organisation,
    OrganisationConversion,
    Post,
    RoleGrant,
    SharingDecision,
    User,
)
from accounts.querysets import in_force
from core import clock

# Roles that see the status of named people (design: security, "Others' status and expiry").
ROLES_THAT_SEE_PEOPLE = (Role.SETTING_LEAD, Role.TEAM_MANAGER, Role.TRAINING_ADMIN)
# Roles that see it without managing anybody: officers of their own agency's organisations, and
# the clerk, who sees the governors of one board.
KINDS_OF_OFFICERS = {
    Role.DSCO: (OrganisationKind.SOCIAL_CARE_TEAM,),
    Role.DCO: (OrganisationKind.NHS_PROVIDER, OrganisationKind.ICB),
}
# The order of organisations to choose from: what a school was comes after what it is.
ONES_OWN_FIRST = (F("conversion__pk").asc(nulls_first=True), "name", "pk")
ROLES_THAT_READ_PEOPLE = (*ROLES_THAT_SEE_PEOPLE, *KINDS_OF_OFFICERS, Role.BOARD_CLERK)


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


@dataclass(frozen=True)
class _Tree:
    """What lies below an organisation, and which employers share with it; one query."""

    below: dict[int, list[int]]
    shared: dict[int, list[int]]

    def with_teams(self, organisation_ids: Iterable[int]) -> set[int]:
        """Return the organisations and everything below them."""
        found = set(organisation_ids)
        waiting = list(found)
        while waiting:
            below = [team for team in self.below[waiting.pop()] if team not in found]
            found.update(below)
            waiting.extend(below)
        return found

    def shared_with(self, organisation_ids: Iterable[int]) -> set[int]:
        """Return the employers, with their teams, that share with one of the organisations.

        What is shared with an employer is not shared on by it.
        """
        employers = [each for pk in organisation_ids for each in self.shared.get(pk, ())]
        return self.with_teams(employers) if employers else set()


def _tree(on: dt.date | None = None) -> _Tree:
    """Read the tree; decisions to share are those that stand on the day, none without a day."""
    tree = _Tree(defaultdict(list), defaultdict(list))
    teams = Organisation.objects.filter(parent__isnull=False)
    edges = [
        teams.annotate(is_shared=Value(0)).values_list("parent_id", "pk", "is_shared"),
        OrganisationConversion.objects.annotate(is_shared=Value(0)).values_list(
            "successor_id", "predecessor_id", "is_shared"
        ),
    ]
    if on is not None:
        edges.append(
            SharingDecision.objects.standing(on)
            .annotate(is_shared=Value(1))
            .values_list("overseer_id", "employer_id", "is_shared")
        )
    first, *others = (rows.order_by() for rows in edges)
    for above, below, is_shared in first.union(*others, all=True):
        (tree.shared if is_shared else tree.below)[above].append(below)
    return tree


def with_teams_below(organisation_ids: Iterable[int]) -> set[int]:
    """Return the organisations, every team below them and the schools that became them.

    One query, whatever the depth.
    """
    found = set(organisation_ids)
    return _tree().with_teams(found) if found else found


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


@dataclass(frozen=True)
class Reach:
    """Which posts somebody reaches on a day, as conditions on Post rows.

    `managed`: those they may act on; `reached`: these and what they only read. The two are one
    where `is_partly_read_only` says no.
    """

    user: User
    on: dt.date
    managed: Q
    reached: Q
    is_partly_read_only: bool

    def posts(self) -> QuerySet[Post]:
        """Return the posts held on the day that the person reaches."""
        return Post.objects.held_on(self.on).filter(self.reached)

    def managed_posts(self) -> QuerySet[Post]:
        """Return the posts held on the day that the person may act on."""
        return Post.objects.held_on(self.on).filter(self.managed)


def reach_of(user: User, on: dt.date) -> Reach:
    """Return the person's reach: their roles', and the lines they manage; two queries at most.

    A line manager reaches the posts they manage, not the person's other posts. Reach needs the
    viewer's own right to be in force on the day; an ended post is still reached by whoever leads
    the organisation it was held in.
    """
    nobody = Q(pk__in=[])
    if not user.is_authenticated or not user.is_active:
        return Reach(user, on, nobody, nobody, is_partly_read_only=False)
    grants = grants_in_force(user, on).filter(role__in=ROLES_THAT_READ_PEOPLE)
    rows = list(grants.values_list("role", "local_area_id", "organisation_id"))
    tree = _tree(on) if any(organisation for _, _, organisation in rows) else None
    areas, named = _scope(rows, ROLES_THAT_SEE_PEOPLE, tree)
    led = Organisation.objects.filter(Q(local_area__in=areas) | Q(pk__in=named))
    still_there = Post.objects.filter(in_force(on), person=user).values("organisation")
    managed = Q(organisation__in=led) | (
        Q(line_manager=user) & in_force(on) & Q(organisation__in=_employers_lines(still_there))
    )
    readings = _readings(rows, tree, named)
    reached = managed
    for reading in readings:
        reached |= reading
    return Reach(user, on, managed, reached, is_partly_read_only=bool(readings))


def _scope(
    rows: Sequence[tuple[str, int, int | None]], roles: Sequence[str], tree: _Tree | None
) -> tuple[set[int], set[int]]:
    """Return the whole areas and the organisations over which the grants give the roles."""
    mine = [(area, organisation) for role, area, organisation in rows if role in roles]
    named = {organisation for _, organisation in mine if organisation is not None}
    return (
        {area for area, organisation in mine if organisation is None},
        tree.with_teams(named) if tree and named else set(),
    )


def _readings(
    rows: Sequence[tuple[str, int, int | None]], tree: _Tree | None, led: set[int]
) -> list[Q]:
    """Return the conditions on posts that somebody reads and does not manage."""
    found = []
    shared = tree.shared_with(led) if tree else set()
    if shared:
        found.append(Q(organisation__in=shared))
    held = {role for role, _, _ in rows}
    for role, kinds in KINDS_OF_OFFICERS.items():
        if role in held:
            areas, named = _scope(rows, (role,), tree)
            agency = Organisation.objects.filter(
                Q(local_area__in=areas) | Q(pk__in=named), kind__in=kinds
            )
            found.append(Q(organisation__in=agency))
    _, boards = _scope(rows, (Role.BOARD_CLERK,), tree)
    if boards:
        found.append(Q(organisation__in=boards, job_role__in=GOVERNOR_ROLES))
    return found


def posts_in_scope_condition(user: User, on: dt.date) -> Q:
    """Return the condition on Post rows that the person's roles reach, or whose line they manage.

    See `reach_of`; it includes what they only read.
    """
    return reach_of(user, on).reached


def _employers_lines(organisations: QuerySet) -> QuerySet[Organisation]:
    """Organisations in which someone there can manage: the same one, its parent or its teams."""
    return Organisation.objects.filter(
        Q(pk__in=organisations) | Q(parent__in=organisations) | Q(teams__in=organisations)
    )


def posts_in_scope(user: User, on: dt.date) -> QuerySet[Post]:
    """Return the posts held on the day that the person's roles or line reach."""
    if not user.is_authenticated:
        return Post.objects.none()
    return reach_of(user, on).posts()


def people_in_scope(user: User, on: dt.date) -> QuerySet[User]:
    """Return the people with a post in scope on the day (a queryset of User primary keys)."""
    return User.objects.filter(pk__in=posts_in_scope(user, on).values("person"))
