"""Who holds which role, as the people see it who answer for it: lists at a constant cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.formats import date_format
from django.utils.timezone import localtime

from accounts.enums import Role
from accounts.models import LocalArea, Organisation, Post, RoleGrant, User
from accounts.permissions import Giving, administrators, can_delegate, givings_of
from accounts.querysets import in_force
from accounts.role_words import what_it_opens

NOW, LATER, ENDED = "", "later", "ended"
SHOWN = {NOW: "Held today", LATER: "Begins later", ENDED: "Ended"}
MOST_FOUND = 20
SHORTEST_SEARCH = 2


@dataclass(frozen=True)
class RoleFilters:
    """What the URL asks: a role, an organisation's key or "area", and a key of SHOWN."""

    role: str = ""
    place: str = ""
    show: str = NOW


@dataclass(frozen=True)
class RoleRow:
    """One grant, with what the viewer may do about it."""

    grant: RoleGrant
    may_end: bool

    @property
    def place(self) -> str:
        """Where it is held."""
        return place_of(self.grant)

    @property
    def handed_on_by(self) -> str:
        """Whose role it is for a while; empty for a role of one's own."""
        handed = self.grant.delegated_from
        return handed.person.get_full_name() if handed else ""


@dataclass(frozen=True)
class Found:
    """Somebody a role may be given to: the name, and where they work in the viewer's scope."""

    person: User
    post: str


@dataclass(frozen=True)
class OwnRole:
    """One of the viewer's own roles, with what it opens and to whom it is handed on."""

    grant: RoleGrant
    opens: str
    may_delegate: bool
    delegations: list[RoleGrant]

    @property
    def place(self) -> str:
        """Where it is held."""
        return place_of(self.grant)


def place_of(grant: RoleGrant) -> str:
    """Name where the grant is held."""
    return str(grant.organisation or f"All of {grant.local_area}")


def grants_shown(
    viewer: User, local_area: LocalArea, filters: RoleFilters, on: dt.date
) -> QuerySet[RoleGrant]:
    """Return the area's grants the viewer may see and the filters keep, in order of place."""
    grants = RoleGrant.objects.visible_to(viewer, on).filter(local_area=local_area)
    grants = grants.filter(
        {
            NOW: in_force(on),
            LATER: Q(starts_on__gt=on),
            ENDED: Q(ends_on__lt=on),
        }.get(filters.show, in_force(on))
    )
    if filters.role:
        grants = grants.filter(role=filters.role)
    if filters.place == "area":
        grants = grants.filter(organisation__isnull=True)
    elif filters.place:
        grants = grants.filter(organisation=filters.place)
    return grants.select_related(
        "person", "local_area", "organisation", "delegated_from__person"
    ).order_by("organisation__name", "role", "person__family_name", "person__given_name", "pk")


def places_shown(viewer: User, local_area: LocalArea, on: dt.date) -> list[tuple[str, str]]:
    """Return key and name of each place where the viewer sees a grant."""
    grants = RoleGrant.objects.visible_to(viewer, on).filter(local_area=local_area)
    rows = (
        grants.filter(organisation__isnull=False)
        .order_by("organisation__name", "organisation")
        .values_list("organisation", "organisation__name")
        .distinct()
    )
    return [(str(key), name) for key, name in rows]


def role_rows(
    viewer: User, local_area: LocalArea, grants: Iterable[RoleGrant], on: dt.date
) -> list[RoleRow]:
    """Return rows of grants read by `grants_shown`; agrees with permissions.can_end_grant."""
    givings = givings_of(viewer, local_area=local_area, on=on)
    administers = administrators(local_area, on).filter(person=viewer).exists()
    return [
        RoleRow(grant, _may_end(viewer, grant, givings, administers=administers, on=on))
        for grant in grants
    ]


def _may_end(
    viewer: User, grant: RoleGrant, givings: list[Giving], *, administers: bool, on: dt.date
) -> bool:
    if grant.ends_on is not None and grant.ends_on < on:
        return False
    handed = grant.delegated_from
    if viewer.pk in (grant.person_id, handed.person_id if handed else None):
        return True
    if grant.role == Role.SYSTEM_ADMIN:
        return administers
    return any(giving.covers(grant.role, grant.organisation_id) for giving in givings)


def own_roles(viewer: User, local_area: LocalArea, on: dt.date) -> list[OwnRole]:
    """Return the viewer's own roles here that have not ended, in three queries."""
    grants = list(
        RoleGrant.objects.filter(person=viewer, local_area=local_area)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
        .select_related("person", "local_area", "organisation", "delegated_from__person")
        .order_by("starts_on", "pk")
    )
    handed: dict[int, list[RoleGrant]] = {}
    for grant in (
        RoleGrant.objects.filter(delegated_from__in=[grant.pk for grant in grants])
        .filter(ends_on__gte=on)
        .select_related("person", "local_area", "organisation")
        .order_by("starts_on", "pk")
    ):
        handed.setdefault(grant.delegated_from_id or 0, []).append(grant)
    return [
        OwnRole(
            grant=grant,
            opens=what_it_opens(grant.role),
            may_delegate=can_delegate(viewer, grant, on=on),
            delegations=handed.get(grant.pk, []),
        )
        for grant in grants
    ]


def places_to_grant(viewer: User, local_area: LocalArea, on: dt.date) -> QuerySet[Organisation]:
    """Return the organisations in which the viewer may grant something."""
    return _places(givings_of(viewer, local_area=local_area, on=on), local_area)


def _places(givings: list[Giving], local_area: LocalArea) -> QuerySet[Organisation]:
    organisations = Organisation.objects.filter(local_area=local_area)
    if any(giving.organisation_ids is None for giving in givings):
        return organisations
    named = {key for giving in givings for key in giving.organisation_ids or ()}
    return organisations.filter(pk__in=named)


def people_to_grant(viewer: User, local_area: LocalArea, on: dt.date) -> QuerySet[User]:
    """Return whom the viewer may grant a role: people with a post where they may grant one."""
    return _with_post_in(places_to_grant(viewer, local_area, on), on).exclude(pk=viewer.pk)


def people_to_propose(viewer: User, local_area: LocalArea, on: dt.date) -> QuerySet[User]:
    """Return whom the viewer may propose: people with a post in the area who can sign in."""
    return (
        _with_post_in(Organisation.objects.filter(local_area=local_area), on)
        .filter(is_active=True, suspended_at__isnull=True)
        .exclude(pk=viewer.pk)
    )


def _with_post_in(organisations: QuerySet[Organisation], on: dt.date) -> QuerySet[User]:
    posts = Post.objects.filter(in_force(on), organisation__in=organisations.values("pk"))
    return User.objects.filter(
        pk__in=posts.order_by().values("person"),
        erased_at__isnull=True,
        merged_into__isnull=True,
    )


def search(
    people: QuerySet[User],
    words: str,
    organisations: QuerySet[Organisation],
    on: dt.date,
    *,
    known: QuerySet[User] | None = None,
) -> list[Found]:
    """Return the first of the people whose names hold every word; nobody without two letters.

    Where `known` says whom the viewer sees by name, the others are found by their whole name or
    address only. Posts are shown as far as they are in these organisations.
    """
    asked = words.split()[:4]
    if len("".join(asked)) < SHORTEST_SEARCH:
        return []
    holds_words = Q()
    for word in asked:
        holds_words &= Q(given_name__icontains=word) | Q(family_name__icontains=word)
    if known is not None:
        holds_words &= Q(pk__in=known.order_by().values("pk"))
    whole = " ".join(words.split())
    people = people.annotate(whole_name=Concat("given_name", Value(" "), "family_name")).filter(
        holds_words | Q(whole_name__iexact=whole) | Q(email__iexact=whole)
    )
    found = list(people.order_by("family_name", "given_name", "pk")[:MOST_FOUND])
    posts: dict[int, list[str]] = {}
    for post in (
        Post.objects.filter(
            in_force(on), person__in=found, organisation__in=organisations.values("pk")
        )
        .select_related("organisation")
        .order_by("starts_on", "pk")
    ):
        posts.setdefault(post.person_id, []).append(
            f"{post.get_job_role_display()}, {post.organisation}"
        )
    return [Found(person, "; ".join(posts.get(person.pk, []))) for person in found]


def ending_administration(local_area: LocalArea, on: dt.date) -> dt.date | None:
    """Return the day after which nobody would administer the area, or None where somebody will."""
    last_days = list(administrators(local_area, on).order_by().values_list("ends_on", flat=True))
    known = [day for day in last_days if day is not None]
    if not known or len(known) < len(last_days):
        return None
    return max(known)


@dataclass(frozen=True)
class RoleChange:
    """One step of a grant's history, ready for the timeline: what, when, by whom."""

    title: str
    when: str
    text: str = ""


def changes_of(grant: RoleGrant) -> list[RoleChange]:
    """Return what happened to the grant, first things first; two queries."""
    changes: list[RoleChange] = []
    rows = list(grant.history.select_related("history_user").order_by("history_date", "history_id"))
    last_day: dt.date | None = None
    for place, row in enumerate(rows):
        by = row.history_user.get_full_name() if row.history_user else ""
        when = date_format(localtime(row.history_date), "j F Y, H:i") + (f", {by}" if by else "")
        if place == 0:
            title = "Handed on" if grant.delegated_from_id else "Granted"
            changes.append(RoleChange(title, when, grant.reason))
        elif row.ends_on != last_day:
            day = date_format(row.ends_on, "j F Y") if row.ends_on else "none"
            changes.append(RoleChange(f"Last day: {day}", when))
        last_day = row.ends_on
    return changes
