"""Claim cards, for people without an email address: a sign-in name and a code to open it once."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Collection
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.enums import InvitationKind
from accounts.invitation_rows import without_sign_in
from accounts.invitation_secrets import as_printed, code_digest, in_groups, new_code
from accounts.models import Invitation, Organisation, User
from accounts.permissions import beyond_reach
from accounts.services.invitations import people_to_invite, usable_invitation, withdraw_open
from accounts.sign_in_names import free_name
from core import clock

CARD_LASTS = dt.timedelta(days=28)
_TRIES = 20


@dataclass(frozen=True)
class Card:
    """What is printed on one card; `code` is in groups and known to nobody afterwards."""

    person: User
    organisation: Organisation
    code: str
    expires_at: dt.datetime


@dataclass(frozen=True)
class Cards:
    """The cards made, and how many of the people named needed none or are given none.

    `with_higher_roles` hold a role that whoever prints could not grant: a card goes through their
    hands, and opens the account.
    """

    cards: list[Card]
    signed_in_already: int
    with_address: int
    with_higher_roles: int


@transaction.atomic
def make_cards(
    *, by: User, person_ids: Collection[int], organisation: Organisation, at: dt.datetime
) -> Cards:
    """Make a card for each person without an email address; earlier cards of theirs end.

    The codes are in the answer and nowhere else. Who has an address is to be invited by mail:
    a card goes through other hands. Raises PermissionDenied.
    """
    on = clock.london_date(at)
    people = people_to_invite(by=by, person_ids=person_ids, organisation=organisation, on=on)
    ids = [person.pk for person in people]
    waiting = set(without_sign_in(User.objects.filter(pk__in=ids)).values_list("pk", flat=True))
    without_address = [person for person in people if person.pk in waiting and not person.email]
    higher = beyond_reach(by, [person.pk for person in without_address], on=on)
    chosen = [person for person in without_address if person.pk not in higher]
    withdraw_open([person.pk for person in chosen], at=at)
    cards = [_make_card(person, by, organisation, at) for person in chosen]
    return Cards(
        cards=sorted(
            cards,
            key=lambda card: (card.person.family_name, card.person.given_name, card.person.pk),
        ),
        signed_in_already=sum(person.pk not in waiting for person in people),
        with_address=sum(person.pk in waiting and bool(person.email) for person in people),
        with_higher_roles=len(higher),
    )


def _make_card(person: User, by: User, organisation: Organisation, at: dt.datetime) -> Card:
    _give_sign_in_name(person)
    code = new_code()
    invitation = Invitation.objects.create(
        person=person,
        organisation=organisation,
        kind=InvitationKind.CARD,
        secret_digest=code_digest(person.pk, code),
        made_at=at,
        made_by=by,
        expires_at=at + CARD_LASTS,
    )
    audit.record(
        actor=by,
        verb="invitation.card_made",
        obj=invitation,
        subject=person,
        local_area=organisation.local_area,
        at=at,
    )
    return Card(person, organisation, in_groups(code), invitation.expires_at)


def _give_sign_in_name(person: User) -> None:
    """Give the person a name at the door, once; somebody of the same name may be quicker."""
    for _ in range(_TRIES):
        if person.sign_in_name:
            return
        person.sign_in_name = free_name(person)
        try:
            with transaction.atomic():
                person.save(update_fields=["sign_in_name"])
        except IntegrityError:
            person.sign_in_name = None
    raise RuntimeError("No sign-in name was free.")


def claimed_invitation(*, sign_in_name: str, code: str, at: dt.datetime) -> Invitation | None:
    """Return the invitation of a card if name and code belong together; changes nothing.

    A wrong name, a wrong code, a used and an expired card take the same steps to the same None.
    """
    name = sign_in_name.strip()
    found = (
        Invitation.objects.open(at)
        .filter(kind=InvitationKind.CARD, person__sign_in_name__iexact=name)
        .values_list("pk", "person", "secret_digest")
        .first()
    )
    pk, person_id, digest = found or (0, 0, "0" * 64)
    given = code_digest(person_id, as_printed(code))
    if not hmac.compare_digest(given, digest):
        return None
    return usable_invitation(Invitation.objects.filter(pk=pk), at=at)
