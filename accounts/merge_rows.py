"""What an administrator looks at before two accounts become one, and afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Lower

from accounts.invitation_rows import has_way_in
from accounts.merging import as_changes, carried
from accounts.models import AccountMerge, LocalArea, Post, RoleGrant, User
from core.registry import Change, model_of, personal_data

FOUND_AT_MOST = 25


@dataclass(frozen=True)
class Compared:
    """One of the two accounts, as it is compared."""

    person: User
    posts: list[Post]
    roles: list[RoleGrant]
    can_sign_in: bool


@dataclass(frozen=True)
class KindCount:
    """How many rows of a kind each of the two has."""

    title: str
    first: int
    second: int


def accounts_in_area(local_area: LocalArea) -> QuerySet[User]:
    """Return the accounts with a post in the area, held now or once, that could be merged."""
    posts = Post.objects.filter(person=OuterRef("pk"), organisation__local_area=local_area)
    return (
        User.objects.filter(
            Exists(posts), merged_into__isnull=True, erased_at__isnull=True, is_superuser=False
        )
        .prefetch_related(
            Prefetch(
                "posts",
                queryset=Post.objects.filter(organisation__local_area=local_area)
                .select_related("organisation")
                .order_by("-starts_on", "pk"),
                to_attr="posts_here",
            )
        )
        .order_by("family_name", "given_name", "pk")
    )


def search_accounts(local_area: LocalArea, words: str) -> list[User]:
    """Return accounts by name (all the words), or by whole email address or staff number."""
    number = Post.objects.filter(
        person=OuterRef("pk"),
        organisation__local_area=local_area,
        staff_number__iexact=words.strip(),
    )
    by_name = Q()
    for word in words.split():
        by_name &= Q(given_name__icontains=word) | Q(family_name__icontains=word)
    found = accounts_in_area(local_area).filter(
        by_name | Q(email__iexact=words.strip()) | Q(Exists(number))
    )
    return list(found[:FOUND_AT_MOST])


def same_names(local_area: LocalArea) -> list[list[User]]:
    """Return groups of accounts of one name in the area: perhaps one person, perhaps not."""
    keys = {"given": Lower("given_name"), "family": Lower("family_name")}
    shared = (
        accounts_in_area(local_area)
        .order_by()
        .values(**keys)
        .annotate(accounts=Count("pk"))
        .filter(accounts__gt=1)
        .order_by("family", "given")[:FOUND_AT_MOST]
    )
    wanted = {(row["given"], row["family"]): [] for row in shared}  # type: ignore[var-annotated]
    if not wanted:
        return []
    family_names = {family for _, family in wanted}
    people = (
        accounts_in_area(local_area)
        .annotate(lower_family=Lower("family_name"), lower_given=Lower("given_name"))
        .filter(lower_family__in=family_names)
    )
    for person in people:
        group = wanted.get((person.lower_given, person.lower_family))
        if group is not None:
            group.append(person)
    return list(wanted.values())


def compared(people: Iterable[User], on: dt.date) -> list[Compared]:
    """Return what tells two accounts apart, in the order given."""
    people = list(people)
    ids = [person.pk for person in people]
    posts = list(
        Post.objects.filter(person__in=ids)
        .select_related("organisation")
        .order_by("-starts_on", "pk")
    )
    roles = list(
        RoleGrant.objects.filter(person__in=ids)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
        .select_related("organisation", "local_area")
        .order_by("role", "pk")
    )
    ways_in = set(User.objects.filter(has_way_in(), pk__in=ids).values_list("pk", flat=True))
    return [
        Compared(
            person=person,
            posts=[post for post in posts if post.person_id == person.pk],
            roles=[role for role in roles if role.person_id == person.pk],
            can_sign_in=person.pk in ways_in,
        )
        for person in people
    ]


def counts(first: User, second: User) -> list[KindCount]:
    """Return how many rows of each kind the two have; kinds that neither has are left out.

    One query a kind of personal data, whatever the number of rows.
    """
    found = []
    for entry in carried():
        # What people asked about their data is not for whoever merges, and what they did as
        # somebody's manager or editor tells nobody apart.
        if not entry.columns or entry.model == "accounts.PrivacyRequest" or "you" in entry.title:
            continue
        rows = (
            entry.rows_of(first.pk, second.pk)
            .order_by()
            .values_list(entry.field)
            .annotate(rows=Count("pk"))
        )
        number = dict(rows)
        if number:
            found.append(KindCount(entry.title, number.get(first.pk, 0), number.get(second.pk, 0)))
    return found


def moved(merge: AccountMerge) -> list[tuple[str, int]]:
    """Return what the merge moved: titles of kinds and numbers of rows.

    Without what goes along, whose titles are written for the person ("your posts").
    """
    found = kinds_of(
        change
        for change in as_changes(merge.changes)
        if change.before == merge.merged_id and change.after == merge.kept_id
    )
    return [(title, number) for title, number in found if "you" not in title]


def left_behind(merge: AccountMerge) -> list[tuple[str, int]]:
    """Return what stayed with the merged account because the kept one had the same."""
    found = []
    for entry in carried():
        if callable(entry.on_merge) and not entry.columns:
            continue
        number = entry.rows_of(merge.merged_id).count()
        if number:
            found.append((entry.title, number))
    return found


def roles_ended(merge: AccountMerge) -> list[RoleGrant]:
    """Return the roles the merge ended, which somebody may want to grant anew."""
    label = RoleGrant._meta.label
    ended = [change.pk for change in as_changes(merge.changes) if change.model == label]
    return list(
        RoleGrant.objects.filter(pk__in=ended, person=merge.merged_id)
        .select_related("organisation", "local_area")
        .order_by("role", "pk")
    )


def kinds_of(changes: Iterable[Change]) -> list[tuple[str, int]]:
    """Return what these changes are about: titles of kinds and numbers of rows."""
    titles = {(entry.model.lower(), entry.field): entry.title for entry in personal_data()}
    numbers: dict[str, int] = {}
    for change in changes:
        title = titles.get((change.model.lower(), change.field))
        if title is None:
            meta = model_of(change.model)._meta
            title = f"{meta.verbose_name}: {meta.get_field(change.field).verbose_name}"  # type: ignore[union-attr]
        numbers[title] = numbers.get(title, 0) + 1
    return sorted(numbers.items())
