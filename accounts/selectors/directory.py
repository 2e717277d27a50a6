"""The organisations of an area: the list with its filters, and one setting's page."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from accounts import access
from accounts.enums import SCHOOL_KINDS, JobRole, OrganisationKind, OrganisationStatus
from accounts.models import (
    ClusterMembership,
    LocalArea,
    Organisation,
    Post,
    SharingDecision,
    User,
)
from accounts.querysets import in_force

PAGE_SIZE = 25
ORDERS = {
    "name": ("name", "pk"),
    "kind": ("kind", "name", "pk"),
    "ward": ("ward", "name", "pk"),
    "status": ("status", "name", "pk"),
}
OPEN = (OrganisationStatus.OPEN, OrganisationStatus.CLOSING)
# Whom every school should have, and whom others ask for: named first, vacant or not.
KEY_ROLES = (
    JobRole.HEADTEACHER,
    JobRole.SENCO,
    JobRole.DSL,
    JobRole.MENTAL_HEALTH_LEAD,
    JobRole.ELSA,
    JobRole.LINK_GOVERNOR,
    JobRole.SOCIAL_CARE_MANAGER,
    JobRole.CHILDMINDER,
)
NEEDED_IN_SCHOOLS = (
    JobRole.HEADTEACHER,
    JobRole.SENCO,
    JobRole.DSL,
    JobRole.MENTAL_HEALTH_LEAD,
)


@dataclass(frozen=True)
class DirectoryFilters:
    """What the URL asks of the list; empty keeps everything that is open."""

    q: str = ""
    kind: str = ""
    phase: str = ""
    ward: str = ""
    status: str = ""
    order_by: str = "name"


def organisations_of(
    viewer: User, local_area: LocalArea, filters: DirectoryFilters, on: dt.date
) -> QuerySet[Organisation]:
    """Return the area's organisations that the filters keep, in the order asked for."""
    rows = Organisation.objects.visible_to(viewer, on).in_area(local_area)
    for word in filters.q.split()[:4]:
        found = Q(name__icontains=word)
        if word.isdecimal() and len(word) <= 6:
            found |= Q(urn=int(word))
        rows = rows.filter(found)
    for name in ("kind", "phase", "ward"):
        if value := getattr(filters, name):
            rows = rows.filter(**{name: value})
    if not filters.status:
        rows = rows.filter(status__in=OPEN)
    elif filters.status != "all":
        rows = rows.filter(status=filters.status)
    descending = filters.order_by.startswith("-")
    order = ORDERS.get(filters.order_by.removeprefix("-"), ORDERS["name"])
    first = f"-{order[0]}" if descending else order[0]
    return rows.select_related("trust", "parent").order_by(first, *order[1:])


def wards_of(local_area: LocalArea) -> list[str]:
    """Return the wards in which the area has organisations."""
    rows = Organisation.objects.in_area(local_area).exclude(ward="")
    return list(rows.order_by("ward").values_list("ward", flat=True).distinct())


def told(number: int, threshold: int) -> str:
    """Return a number of people as others may know it: few enough to be guessed are not told."""
    if number == 0:
        return "Nobody"
    if number < threshold:
        return f"Fewer than {threshold}"
    return str(number)


@dataclass(frozen=True)
class Holders:
    """A job role and who holds it; nobody where it is vacant."""

    role: str
    posts: list[Post]


@dataclass(frozen=True)
class Others:
    """A job role that many hold, as a number."""

    role: str
    number: int


@dataclass(frozen=True)
class Place:
    """An organisation below or beside this one, with the number of its people."""

    organisation: Organisation
    people: str


@dataclass(frozen=True)
class WhoIsWho:
    """Who works at a setting, as far as the viewer may know.

    `people` is a number in words; names only where the viewer's reach has them. `sees_everyone`
    says whether an absence means anything: only then is a vacancy a vacancy.
    """

    people: str
    sees_names: bool
    sees_everyone: bool
    key: list[Holders] = field(default_factory=list)
    others: list[Others] = field(default_factory=list)


def who_is_who(viewer: User, organisation: Organisation, on: dt.date) -> WhoIsWho:
    """Return who is who there on the day; four queries, whatever the number of posts."""
    here = Post.objects.held_on(on).filter(organisation=organisation)
    total = here.aggregate(people=Count("person", distinct=True), posts=Count("pk"))
    reach = access.reach_of(viewer, on)
    posts = list(
        here.filter(reach.reached)
        .select_related("person")
        .order_by("person__family_name", "person__given_name", "pk")
    )
    sees_everyone = _sees_everyone(viewer, organisation, on, len(posts), total["posts"])
    threshold = organisation.local_area.suppression_threshold if organisation.local_area else 5
    number = total["people"]
    words = str(number) if sees_everyone and number else told(number, threshold)
    by_role: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        by_role[post.job_role].append(post)
    needed = (
        NEEDED_IN_SCHOOLS
        if sees_everyone
        and organisation.kind in SCHOOL_KINDS
        and organisation.status != OrganisationStatus.CLOSED
        else ()
    )
    return WhoIsWho(
        people=words,
        sees_names=bool(posts) or sees_everyone,
        sees_everyone=sees_everyone,
        key=[
            Holders(role.label, by_role.pop(role, []))
            for role in KEY_ROLES
            if role in by_role or role in needed
        ],
        others=[
            Others(str(JobRole(role).label), len(held))
            for role, held in sorted(by_role.items(), key=lambda item: JobRole(item[0]).label)
        ],
    )


def _sees_everyone(
    viewer: User, organisation: Organisation, on: dt.date, reached: int, held: int
) -> bool:
    if held:
        # Who manages a line reaches all of a small team, and then sees it whole.
        return reached == held
    return access.has_role(viewer, *access.ROLES_THAT_SEE_PEOPLE, on=on, organisation=organisation)


def people_at(organisation_ids: Iterable[int], on: dt.date) -> dict[int, int]:
    """Return how many people have a post at each organisation on the day; one query."""
    rows = Post.objects.filter(in_force(on), organisation__in=list(organisation_ids)).order_by()
    return dict(rows.values_list("organisation").annotate(people=Count("person", distinct=True)))


def places_below(organisation: Organisation, on: dt.date) -> list[Place]:
    """Return a trust's academies or an employer's teams with numbers of people; two queries.

    Numbers only, the small ones suppressed, whoever looks.
    """
    link = "trust" if organisation.kind == OrganisationKind.TRUST else "parent"
    rows = list(
        Organisation.objects.filter(
            **{link: organisation}, local_area=organisation.local_area_id, status__in=OPEN
        ).order_by("name", "pk")
    )
    numbers = people_at([row.pk for row in rows], on) if rows else {}
    threshold = organisation.local_area.suppression_threshold if organisation.local_area else 5
    return [Place(row, told(numbers.get(row.pk, 0), threshold)) for row in rows]


def clusters_of(organisation: Organisation, on: dt.date) -> list[ClusterMembership]:
    """Return the clusters the setting belongs to on the day."""
    return list(
        ClusterMembership.objects.filter(in_force(on), organisation=organisation)
        .select_related("cluster")
        .order_by("cluster__name")
    )


def sharing_of(viewer: User, organisation: Organisation, on: dt.date) -> list[SharingDecision]:
    """Return what it shares or is shared with, latest first, as far as the viewer may know."""
    return list(
        SharingDecision.objects.visible_to(viewer, on)
        .filter(Q(employer=organisation) | Q(overseer=organisation))
        .select_related("employer", "overseer")
        .order_by("-starts_on", "-pk")[:20]
    )
