"""Legal holds: while one stands, nothing about the person is erased or disposed of."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import audit
from accounts.models import LegalHold, LocalArea, User
from accounts.privacy.person import accounts_of, root_of
from accounts.privacy.rights import can_decide
from core import clock


class UnableToPlaceHold(Exception):
    """The hold cannot be placed; the message says why."""


class UnableToLiftHold(Exception):
    """The hold cannot be lifted; the message says why."""


@transaction.atomic
def place_hold(
    *, person: User, basis: str, by: User, local_area: LocalArea, at: dt.datetime
) -> LegalHold:
    """Hold everything about the person; raises PermissionDenied or UnableToPlaceHold.

    The audit event does not name the person as its subject, so that their own list of what was
    done does not tell them.
    """
    if not can_decide(by, local_area, on=clock.london_date(at)):
        raise PermissionDenied
    person = User.objects.select_for_update().get(pk=root_of(person).pk)
    if by.pk == person.pk:
        raise UnableToPlaceHold("You cannot hold your own data. Ask a colleague.")
    if person.erased_at is not None:
        raise UnableToPlaceHold("This person has been erased already.")
    if not in_area(local_area).filter(pk=person.pk).exists():
        raise UnableToPlaceHold("Nobody in this local area has this address or reference.")
    if is_held(person):
        raise UnableToPlaceHold("A hold stands for this person already.")
    hold = LegalHold.objects.create(
        person=person, local_area=local_area, basis=basis, placed_at=at, placed_by=by
    )
    audit.record(actor=by, verb="hold.placed", obj=hold, local_area=local_area, at=at)
    return hold


@transaction.atomic
def lift_hold(*, hold: LegalHold, by: User, at: dt.datetime) -> LegalHold:
    """End a hold; raises PermissionDenied or UnableToLiftHold."""
    hold = LegalHold.objects.select_for_update().select_related("local_area").get(pk=hold.pk)
    if not can_decide(by, hold.local_area, on=clock.london_date(at)):
        raise PermissionDenied
    if hold.lifted_at is not None:
        raise UnableToLiftHold("This hold has been lifted already.")
    hold.lifted_at, hold.lifted_by = at, by
    hold.save(update_fields=["lifted_at", "lifted_by"])
    audit.record(actor=by, verb="hold.lifted", obj=hold, local_area=hold.local_area, at=at)
    return hold


def is_held(person: User) -> bool:
    """Whether a hold stands for any account of the person."""
    return LegalHold.objects.standing().filter(person__in=accounts_of(person)).exists()


def in_area(local_area: LocalArea) -> QuerySet[User]:
    """Return the people the area answers for: with a post or a role in it, now or earlier."""
    return User.objects.filter(
        Q(pk__in=local_area_people(local_area)), merged_into__isnull=True, erased_at__isnull=True
    )


def local_area_people(local_area: LocalArea) -> QuerySet[User]:
    """Return everybody who ever had a post, a role or a request in the area."""
    return User.objects.filter(
        Q(posts__organisation__local_area=local_area)
        | Q(role_grants__local_area=local_area)
        | Q(privacy_requests__local_area=local_area)
    )


def held_people() -> QuerySet[User]:
    """Return everybody for whom a hold stands, with the accounts merged into theirs."""
    held = set(LegalHold.objects.standing().values_list("person", flat=True))
    into = held
    while into:
        merged = User.objects.filter(merged_into__in=into).exclude(pk__in=held)
        into = set(merged.values_list("pk", flat=True))
        held |= into
    return User.objects.filter(pk__in=held)
