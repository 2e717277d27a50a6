"""Who and what is known already at some employers: read set-wise, before anything is decided."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import BooleanField, Case, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Lower

from accounts.invitation_rows import has_way_in
from accounts.models import Organisation, Post, RoleGrant, RoleProposal, User

CHUNK = 5_000  # values in one IN list: SQLite takes some 32,000
FEW = 500


@dataclass(slots=True)
class Person:
    """An account, as far as matching needs it."""

    pk: int
    given_name: str
    family_name: str
    email: str
    own_email: str
    is_claimed: bool
    is_suspended: bool
    is_erased: bool
    merged_into: int | None
    is_staff: bool
    # Organisations where a post is not over, where one was, and those of role grants, also of
    # those that begin later (None: a whole area, or a proposal for one).
    employers: set[int] = field(default_factory=set)
    former: set[int] = field(default_factory=set)
    grants: set[int | None] = field(default_factory=set)

    def belongs_to(self, organisation_id: int) -> bool:
        """Whether this employer and nobody else answers for the name and address."""
        return (
            self.employers == {organisation_id}
            and self.grants <= {organisation_id}
            and not self.is_staff
        )

    def may_be_readdressed_by(self, organisation_id: int) -> bool:
        """Whether the employer may say where an account that nobody has used is opened.

        Not where another one recorded something before: the address opens that, too.
        """
        return (
            self.belongs_to(organisation_id)
            and self.former <= {organisation_id}
            and not self.is_claimed
        )


@dataclass(slots=True)
class KnownPost:
    """A post as it stands."""

    pk: int
    person_id: int
    organisation_id: int
    job_role: str
    title: str
    starts_on: dt.date
    ends_on: dt.date | None
    line_manager_id: int | None
    staff_number: str
    weekly_hours: Decimal | None
    term_time_only: bool
    is_employment: bool

    def is_over(self, on: dt.date) -> bool:
        """Whether the last day has passed."""
        return self.ends_on is not None and self.ends_on < on


_POST_FIELDS = tuple(KnownPost.__slots__)  # type: ignore[attr-defined]


@dataclass
class Records:
    """What is known, by the ways it is looked up."""

    on: dt.date
    people: dict[int, Person] = field(default_factory=dict)
    by_email: dict[str, int] = field(default_factory=dict)
    posts: dict[tuple[int, int], list[KnownPost]] = field(default_factory=lambda: defaultdict(list))
    by_organisation: dict[int, list[KnownPost]] = field(default_factory=lambda: defaultdict(list))
    by_number: dict[tuple[int, str], list[KnownPost]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def kept(self, pk: int) -> Person:
        """Return the person, or the account theirs was merged into."""
        person = self.people[pk]
        seen = {pk}
        while person.merged_into is not None and person.merged_into not in seen:
            seen.add(person.merged_into)
            person = self.people[person.merged_into]
        return person

    def with_email(self, email: str) -> Person | None:
        """Return the person with this address, whatever its case."""
        pk = self.by_email.get(email)
        return None if pk is None else self.kept(pk)

    def holder_of(self, organisation_id: int, number: str) -> Person | None:
        """Return whose post there carries the staff number and is not over."""
        for post in self.by_number.get((organisation_id, number.casefold()), ()):
            if not post.is_over(self.on):
                return self.kept(post.person_id)
        return None

    def former_holder_of(self, organisation_id: int, number: str) -> Person | None:
        """Return whose post there carried the number last."""
        posts = self.by_number.get((organisation_id, number.casefold()), ())
        last = max(posts, key=lambda post: (post.ends_on or dt.date.max, post.pk), default=None)
        return None if last is None else self.kept(last.person_id)

    def posts_of(self, person: Person | None, organisation_id: int) -> list[KnownPost]:
        """Return the person's posts there, over or not."""
        return [] if person is None else self.posts.get((person.pk, organisation_id), [])


def load_records(
    *, organisations: Collection[Organisation], emails: Iterable[str], on: dt.date
) -> Records:
    """Read the posts of these employers, their people, and whoever has one of the addresses.

    A constant number of queries, but for chunks of thousands.
    """
    records = Records(on)
    for values in (
        Post.objects.filter(organisation__in=organisations)
        .order_by("pk")
        .values_list(*_POST_FIELDS)
        .iterator(5000)
    ):
        post = KnownPost(*values)
        records.by_organisation[post.organisation_id].append(post)
        if post.staff_number:
            number = post.staff_number.casefold()
            records.by_number[(post.organisation_id, number)].append(post)
    here = Post.objects.filter(organisation__in=organisations).order_by().values("person")
    _add_people(records, Q(pk__in=here))
    with_posts_here = set(records.people)
    unknown = set(emails) - records.by_email.keys()
    for chunk in _chunks(_people_with(unknown)):
        _add_people(records, Q(pk__in=chunk))
    while missing := {
        person.merged_into
        for person in records.people.values()
        if person.merged_into is not None and person.merged_into not in records.people
    }:
        _add_people(records, Q(pk__in=missing))
    for posts in records.by_organisation.values():
        for post in posts:
            owner = records.kept(post.person_id).pk
            records.posts[(owner, post.organisation_id)].append(post)
    _add_reach(records, Q(person__in=here), on)
    for chunk in _chunks(sorted(records.people.keys() - with_posts_here)):
        _add_reach(records, Q(person__in=chunk), on)
    return records


def _people_with(emails: set[str]) -> list[int]:
    """Return who has one of the addresses, to sign in with or as their own, kept for the day they
    leave.

    Where a list brings many, all addresses are read: a condition of thousands takes longer.
    """
    rows = User.objects.annotate(lower_email=Lower("email"), lower_own=Lower("personal_email"))
    if len(emails) <= FEW:
        rows = rows.filter(Q(lower_email__in=emails) | Q(lower_own__in=emails))
    found = rows.order_by().values_list("pk", "lower_email", "lower_own").iterator(10_000)
    return sorted(pk for pk, email, own in found if email in emails or own in emails)


def _add_people(records: Records, which: Q) -> None:
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    claimed = Case(
        When(has_way_in() | Q(last_login__isnull=False) | Exists(confirmed), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    rows: Any = (
        User.objects.annotate(
            lower_email=Lower("email"), lower_own=Lower("personal_email"), claimed=claimed
        )
        .filter(which)
        .order_by()
        .values_list(
            "pk", "given_name", "family_name", "lower_email", "lower_own", "claimed",
            "suspended_at", "erased_at", "merged_into_id", "is_staff", "is_superuser",
        )
    )  # fmt: skip
    for row in rows.iterator(5000):
        pk, given, family, email, own, claimed_now, *rest = row
        suspended_at, erased_at, merged_into, is_staff, is_superuser = rest
        records.people[pk] = Person(
            pk=pk,
            given_name=given,
            family_name=family,
            email=email or "",
            own_email=own or "",
            is_claimed=claimed_now,
            is_suspended=suspended_at is not None,
            is_erased=erased_at is not None,
            merged_into=merged_into,
            is_staff=bool(is_staff or is_superuser),
        )
        if own:
            records.by_email.setdefault(own, pk)
        if email:
            records.by_email[email] = pk


def _add_reach(records: Records, which: Q, on: dt.date) -> None:
    """Say where else these people work or worked, and where their roles reach."""
    posts = Post.objects.filter(which).order_by()
    for person, organisation, ends_on in posts.values_list(
        "person_id", "organisation_id", "ends_on"
    ).iterator(10_000):
        reached = records.people[person]
        is_over = ends_on is not None and ends_on < on
        (reached.former if is_over else reached.employers).add(organisation)
    standing = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    grants = RoleGrant.objects.filter(standing, which).order_by()
    for person, scope in grants.values_list("person_id", "organisation_id"):
        records.people[person].grants.add(scope)
    proposed = RoleProposal.objects.filter(which, decided_at__isnull=True).order_by()
    for person in proposed.values_list("person_id", flat=True):
        records.people[person].grants.add(None)


def _chunks(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
