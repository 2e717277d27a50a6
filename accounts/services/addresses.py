"""One's own address: proved by a mailed link, and kept for the day one leaves.

While somebody has a post the address opens nothing: their employer's way of signing in does. It
is therefore no allauth EmailAddress, to which allauth would send links that open the account.
"""

from __future__ import annotations

import datetime as dt

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.address_links import LinkDoesNotFit, address_of, token_of
from accounts.mailboxes import is_employers, is_own_mailbox
from accounts.models import AuditEvent, User
from core import outbox

__all__ = [
    "LinkDoesNotFit",
    "UnableToSetAddress",
    "ask_for_address",
    "confirm_address",
    "has_own_mailbox",
    "is_taken",
    "keep_sign_in_address",
    "remove_address",
]

LINKS_AN_HOUR = 5
_ASKED = "address.asked"


class UnableToSetAddress(Exception):
    """The address cannot be the person's own; the message says why."""


@transaction.atomic
def ask_for_address(*, by: User, address: str, at: dt.datetime) -> None:
    """Mail a link to the address, which proves it; nothing else changes yet.

    Whether somebody else has the address is not told here, only to who opens that mailbox.
    Raises UnableToSetAddress.
    """
    person = _locked(by)
    address = address.strip().lower()
    if is_employers(address, person):
        raise UnableToSetAddress(
            "Use an address that stays yours when you leave. This one belongs to an employer."
        )
    if address == person.personal_email:
        raise UnableToSetAddress("This is your own address already.")
    asked = AuditEvent.objects.filter(
        verb=_ASKED, actor=person.public_id, at__gt=at - dt.timedelta(hours=1)
    )
    if asked.count() >= LINKS_AN_HOUR:
        raise UnableToSetAddress("You have asked for several links. Try again in an hour.")
    audit.record(actor=person, verb=_ASKED, obj=person, subject=person, at=at)
    key = f"personal-address:{person.public_id}:{at.isoformat()}"
    outbox.enqueue(
        kind="accounts.personal_address",
        key=key,
        payload={
            "person_id": person.pk,
            "address": address,
            "token": token_of(person, address),
            "key": key,
        },
    )


@transaction.atomic
def confirm_address(*, by: User, token: str, at: dt.datetime) -> User:
    """Keep the address the link proves; following it twice changes nothing.

    Raises LinkDoesNotFit, or UnableToSetAddress where another account has the address.
    """
    person = _locked(by)
    address = address_of(token, person)
    if address != person.personal_email:
        _keep(person, address, at)
    return person


@transaction.atomic
def keep_sign_in_address(*, by: User, at: dt.datetime) -> User:
    """Say that the address one signs in with is one's own; raises UnableToSetAddress."""
    person = _locked(by)
    if not has_own_mailbox(person) or not _is_proved(person):
        raise UnableToSetAddress("This address belongs to an employer.")
    if person.personal_email != person.email:
        _keep(person, str(person.email).lower(), at)
    return person


@transaction.atomic
def remove_address(*, by: User, at: dt.datetime) -> User:
    """Take one's own address away again; the one somebody signs in with stays."""
    person = _locked(by)
    if person.personal_email is not None:
        person.personal_email = None
        person.save(update_fields=["personal_email"])
        audit.record(actor=person, verb="address.removed", obj=person, subject=person, at=at)
    return person


def has_own_mailbox(person: User) -> bool:
    """Whether the person signs in with an address that no employer can close."""
    return bool(person.email) and is_own_mailbox(str(person.email))


def is_taken(address: str, person: User) -> bool:
    """Whether another account has the address, to sign in with or as its own.

    What an account that became part of this one gave as its own is this person's.
    """
    others = User.objects.exclude(pk=person.pk)
    own = Q(personal_email__iexact=address) & ~Q(merged_into=person)
    return (
        others.filter(Q(email__iexact=address) | own).exists()
        or EmailAddress.objects.filter(email__iexact=address, verified=True)
        .exclude(user=person)
        .exists()
    )


def _is_proved(person: User) -> bool:
    """Whether the mailbox was opened once: allauth lets nobody in before, unless imported."""
    return EmailAddress.objects.filter(user=person, email=person.email, verified=True).exists()


def _keep(person: User, address: str, at: dt.datetime) -> None:
    if is_taken(address, person):
        raise UnableToSetAddress(
            "Another account has this address. If it is yours too, ask your local area to join "
            "the two."
        )
    person.personal_email = address
    person.save(update_fields=["personal_email"])
    audit.record(actor=person, verb="address.confirmed", obj=person, subject=person, at=at)


def _locked(person: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=person.pk)
