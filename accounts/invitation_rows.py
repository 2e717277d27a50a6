"""Who has a way in, who was invited and who waits: reads for the screens of invitations."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from accounts.models import Invitation, Organisation, Post, SignInService, User

# Whoever starts within this time may be invited before the first day.
STARTS_WITHIN = dt.timedelta(days=60)


# Where a person stands, in the order in which one has to do something about it.
STATES = (
    ("not_invited", "Not invited"),
    ("expired", "Expired"),
    ("waiting", "Invited"),
    ("signed_in", "Has signed in"),
    ("closed", "Suspended"),
)


@dataclass(frozen=True)
class Counts:
    """How many people of a setting stand where."""

    people: int
    by_state: dict[str, int]
    without_address: int


@dataclass(frozen=True)
class Progress:
    """How far a setting has come: numbers of people by where they stand."""

    organisation: Organisation
    people: int
    signed_in: int
    waiting: int
    expired: int


def posts_to_invite(on: dt.date) -> QuerySet[Post]:
    """Return the posts whose holders may be invited on the day: in force, or about to start."""
    return Post.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on + STARTS_WITHIN
    )


def has_way_in(prefix: str = "") -> Q:
    """Return the condition that a person can sign in already: password, passkey or service.

    `prefix` leads from the row to the person, such as "person__".
    """
    pk = OuterRef(f"{prefix}pk")
    passkeys = Authenticator.objects.filter(user=pk, type=Authenticator.Type.WEBAUTHN)
    usable = ~Q(**{f"{prefix}password": ""}) & ~Q(
        **{f"{prefix}password__startswith": UNUSABLE_PASSWORD_PREFIX}
    )
    return usable | Q(Exists(SocialAccount.objects.filter(user=pk))) | Q(Exists(passkeys))


def may_be_given_one() -> Q:
    """Return the condition that a person may be given a sign-in: neither gone nor shut out."""
    return Q(
        merged_into__isnull=True,
        erased_at__isnull=True,
        suspended_at__isnull=True,
        is_superuser=False,
    )


def without_sign_in(people: QuerySet[User]) -> QuerySet[User]:
    """Keep people who cannot sign in yet and may be invited to."""
    return people.filter(may_be_given_one()).exclude(has_way_in())


def people_of(organisation: Organisation, *, on: dt.date, at: dt.datetime) -> QuerySet[User]:
    """Return the people of a setting with `state`, `open_id`, `open_until` and `sent_at`.

    The state is signed_in, closed, waiting, expired or not_invited. Invitations that other
    employers sent are not told.
    """
    posts = posts_to_invite(on).filter(organisation=organisation, person=OuterRef("pk"))
    invitations = Invitation.objects.filter(
        person=OuterRef("pk"),
        organisation=organisation,
        accepted_at__isnull=True,
        withdrawn_at__isnull=True,
    )
    return (
        User.objects.filter(Exists(posts))
        .annotate(
            open_id=Subquery(invitations.values("pk")[:1]),
            open_kind=Subquery(invitations.values("kind")[:1]),
            open_until=Subquery(invitations.values("expires_at")[:1], DateTimeField()),
            sent_at=Subquery(invitations.values("made_at")[:1], DateTimeField()),
            job_role=Subquery(posts.order_by("starts_on", "pk").values("job_role")[:1]),
        )
        .annotate(
            state=Case(
                When(has_way_in(), then=Value("signed_in")),
                When(~may_be_given_one(), then=Value("closed")),
                When(open_until__gt=at, then=Value("waiting")),
                When(open_until__isnull=False, then=Value("expired")),
                default=Value("not_invited"),
                output_field=CharField(),
            )
        )
        .order_by("family_name", "given_name", "pk")
    )


def counts_of(people: QuerySet[User]) -> Counts:
    """Count what `people_of` returns by state; one query."""
    rows = list(
        people.order_by()
        .values("state")
        .annotate(
            people=Count("pk"),
            without_address=Count("pk", filter=Q(email__isnull=True)),
        )
    )
    found = {row["state"]: row for row in rows}
    to_do = [found[key] for key in ("not_invited", "expired") if key in found]
    return Counts(
        people=sum(row["people"] for row in rows),
        by_state={key: found[key]["people"] if key in found else 0 for key, _ in STATES},
        without_address=sum(row["without_address"] for row in to_do),
    )


def progress_of(
    organisations: QuerySet[Organisation], *, on: dt.date, at: dt.datetime
) -> list[Progress]:
    """Return how far each setting with people has come; two queries, whatever their number."""
    still_open = Invitation.objects.filter(
        person=OuterRef("person"),
        organisation=OuterRef("organisation"),
        accepted_at__isnull=True,
        withdrawn_at__isnull=True,
    )
    rows = list(
        posts_to_invite(on)
        .filter(organisation__in=organisations.order_by().values("pk"))
        .order_by()
        .annotate(
            has_way_in=Case(
                When(has_way_in("person__"), then=Value("yes")),
                default=Value("no"),
                output_field=CharField(),
            ),
            open_until=Subquery(still_open.values("expires_at")[:1], DateTimeField()),
        )
        .values("organisation")
        .annotate(
            people=Count("person", distinct=True),
            signed_in=Count("person", distinct=True, filter=Q(has_way_in="yes")),
            waiting=Count("person", distinct=True, filter=Q(has_way_in="no", open_until__gt=at)),
            expired=Count("person", distinct=True, filter=Q(has_way_in="no", open_until__lte=at)),
        )
    )
    named = organisations.in_bulk([row["organisation"] for row in rows])
    found = [
        Progress(
            organisation=named[row["organisation"]],
            people=row["people"],
            signed_in=row["signed_in"],
            waiting=row["waiting"],
            expired=row["expired"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: (row.organisation.name, row.organisation.pk))


def services_for(invitation: Invitation) -> QuerySet[SignInService]:
    """Return the sign-in services by which the employer vouches for its people."""
    employer = invitation.organisation
    if employer is None:
        return SignInService.objects.none()
    family = [pk for pk in (employer.pk, employer.parent_id, employer.trust_id) if pk]
    return SignInService.objects.filter(
        organisation__in=family, local_area=employer.local_area_id, is_active=True
    )
