"""Invite people by mail, withdraw, and accept: an invitation opens one account, once.

Locks are taken in one order: the people by number, then their invitations. Two who invite the
same person, or two who hold the same link, come one after the other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.enums import InvitationKind
from accounts.invitation_rows import posts_to_invite, without_sign_in
from accounts.invitation_secrets import new_nonce, token_digest, token_of
from accounts.models import Invitation, Organisation, User
from accounts.permissions import can_manage_posts
from core import clock, outbox

MAIL_LASTS = dt.timedelta(days=14)
# Who presses twice, or is one of two who press at once, sends one mail.
JUST_SENT = dt.timedelta(minutes=2)
SEND = "accounts.invitation"


class UnableToAccept(Exception):
    """This invitation opens nothing (any more). The message is for the log: people are told who
    to ask, and nothing else.
    """


@dataclass(frozen=True)
class Invited:
    """What became of a round of invitations: numbers of people."""

    sent: int = 0
    signed_in_already: int = 0
    without_address: int = 0
    just_sent: int = 0
    address_taken: int = 0


def people_to_invite(
    *, by: User, person_ids: Collection[int], organisation: Organisation, on: dt.date
) -> list[User]:
    """Lock and return the people named, in the order of their numbers.

    Raises PermissionDenied unless `by` manages the posts there and all of them hold one that is
    in force or about to begin: one foreign number refuses them all.
    """
    if not can_manage_posts(by, organisation, on=on):
        raise PermissionDenied
    wanted = set(person_ids)
    there = posts_to_invite(on).filter(organisation=organisation, person__in=wanted)
    if set(there.order_by().values_list("person", flat=True)) != wanted:
        raise PermissionDenied
    return list(User.objects.filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",)))


@transaction.atomic
def invite_people(
    *, by: User, person_ids: Collection[int], organisation: Organisation, at: dt.datetime
) -> Invited:
    """Mail each person a link of their own, sent by the outbox; earlier invitations end.

    Whoever can sign in already keeps their password and gets nothing. Raises PermissionDenied.
    """
    people = people_to_invite(
        by=by, person_ids=person_ids, organisation=organisation, on=clock.london_date(at)
    )
    ids = [person.pk for person in people]
    waiting = set(without_sign_in(User.objects.filter(pk__in=ids)).values_list("pk", flat=True))
    taken = _addresses_of_others(people)
    recent = set(
        Invitation.objects.open(at)
        .filter(person__in=ids, kind=InvitationKind.MAIL, made_at__gt=at - JUST_SENT)
        .values_list("person", "address")
    )
    chosen: list[User] = []
    counts = dict.fromkeys(Invited.__dataclass_fields__, 0)
    for person in people:
        if person.pk not in waiting:
            counts["signed_in_already"] += 1
        elif not person.email:
            counts["without_address"] += 1
        elif person.email.lower() in taken:
            counts["address_taken"] += 1
        elif (person.pk, person.email) in recent:
            counts["just_sent"] += 1
        else:
            counts["sent"] += 1
            chosen.append(person)
    withdraw_open([person.pk for person in chosen], at=at)
    for person in chosen:
        _promise_mail(person, by, organisation, at)
    return Invited(**counts)


def withdraw_open(person_ids: Collection[int], *, at: dt.datetime) -> int:
    """End every invitation of these people that waits or has expired; the caller holds them."""
    return Invitation.objects.filter(
        person__in=person_ids, accepted_at__isnull=True, withdrawn_at__isnull=True
    ).update(withdrawn_at=at)


def _promise_mail(person: User, by: User, organisation: Organisation, at: dt.datetime) -> None:
    nonce = new_nonce()
    invitation = Invitation.objects.create(
        person=person,
        organisation=organisation,
        kind=InvitationKind.MAIL,
        address=person.email or "",
        secret_digest=token_digest(token_of(nonce)),
        made_at=at,
        made_by=by,
        expires_at=at + MAIL_LASTS,
    )
    audit.record(
        actor=by,
        verb="invitation.sent",
        obj=invitation,
        subject=person,
        local_area=organisation.local_area,
        at=at,
    )
    outbox.enqueue(
        kind=SEND,
        key=f"invitation:{invitation.pk}",
        payload={"invitation_id": invitation.pk, "nonce": nonce},
    )


@transaction.atomic
def withdraw_invitation(*, by: User, invitation: Invitation, at: dt.datetime) -> Invitation:
    """Make an open invitation useless; done already is no error. Raises PermissionDenied."""
    organisation = invitation.organisation
    if organisation is None or not can_manage_posts(by, organisation, on=clock.london_date(at)):
        raise PermissionDenied
    User.objects.select_for_update(of=("self",)).get(pk=invitation.person_id)
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if invitation.accepted_at is None and invitation.withdrawn_at is None:
        invitation.withdrawn_at = at
        invitation.save(update_fields=["withdrawn_at"])
        audit.record(
            actor=by,
            verb="invitation.withdrawn",
            obj=invitation,
            subject=invitation.person,
            local_area=organisation.local_area,
            at=at,
        )
    return invitation


def mailed_invitation(token: str, *, at: dt.datetime) -> Invitation | None:
    """Return the invitation a link belongs to, if it can be accepted now; changes nothing."""
    return usable_invitation(
        Invitation.objects.filter(kind=InvitationKind.MAIL, secret_digest=token_digest(token)),
        at=at,
    )


def usable_invitation(which: QuerySet[Invitation], *, at: dt.datetime) -> Invitation | None:
    """Return the one invitation of a queryset, with person and employer, if it can be accepted."""
    invitation = which.select_related("person", "organisation__local_area").first()
    return invitation if invitation is not None and _is_usable(invitation, at) else None


def _is_usable(invitation: Invitation, at: dt.datetime) -> bool:
    """Whether it waits, still goes to the person's address, and the person still belongs there."""
    person = invitation.person
    return (
        invitation.accepted_at is None
        and invitation.withdrawn_at is None
        and invitation.expires_at > at
        and (
            invitation.kind != InvitationKind.MAIL
            or invitation.address.lower() == (person.email or "").lower()
        )
        and without_sign_in(User.objects.filter(pk=person.pk)).exists()
        and _still_there(invitation, at)
    )


def _still_there(invitation: Invitation, at: dt.datetime) -> bool:
    if invitation.organisation_id is None:
        return True
    posts = posts_to_invite(clock.london_date(at))
    return posts.filter(
        organisation=invitation.organisation_id, person=invitation.person_id
    ).exists()


@transaction.atomic
def accept_with_password(*, invitation_pk: int, password: str, at: dt.datetime) -> User:
    """Open the account with a password the caller has validated; return the person.

    Of two at once exactly one succeeds. Raises UnableToAccept.
    """
    person = _accept(invitation_pk, "password", at)
    person.set_password(password)
    person.save(update_fields=["is_active", "password"])
    return person


@transaction.atomic
def accept_with_service(invitation_pk: int, *, at: dt.datetime) -> User:
    """Open the account for somebody whom the employer's sign-in service vouches for.

    For whoever connects the service's account, in the same transaction: no password is set, so
    without that connection nobody could come in. Raises UnableToAccept.
    """
    person = _accept(invitation_pk, "service", at)
    person.save(update_fields=["is_active"])
    return person


def _accept(invitation_pk: int, way: str, at: dt.datetime) -> User:
    found = Invitation.objects.filter(pk=invitation_pk).values_list("person", flat=True).first()
    if found is None:
        raise UnableToAccept("There is no such invitation.")
    person = User.objects.select_for_update(of=("self",)).get(pk=found)
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("person", "organisation__local_area")
        .get(pk=invitation_pk)
    )
    if not _is_usable(invitation, at):
        raise UnableToAccept("The invitation was used, withdrawn or has expired.")
    invitation.accepted_at = at
    invitation.save(update_fields=["accepted_at"])
    person.is_active = True
    if invitation.kind == InvitationKind.MAIL:
        _own_address(person)
    audit.record(
        actor=person,
        verb="invitation.accepted",
        obj=invitation,
        subject=person,
        local_area=invitation.organisation.local_area if invitation.organisation else None,
        data={"kind": invitation.kind, "way": way},
        at=at,
    )
    return person


def _addresses_of_others(people: Collection[User]) -> set[str]:
    """Return those of their addresses that another account has proved to be its own."""
    owners = {person.email.lower(): person.pk for person in people if person.email}
    verified = EmailAddress.objects.filter(email__in=owners, verified=True)
    return {email for email, user in verified.values_list("email", "user") if owners[email] != user}


def _own_address(person: User) -> None:
    """Take the address as proved: the link in a mail to it was followed."""
    if _addresses_of_others([person]):
        raise UnableToAccept("Another account has proved this address to be its own.")
    address = str(person.email).lower()
    EmailAddress.objects.filter(user=person, primary=True).exclude(email=address).update(
        primary=False
    )
    EmailAddress.objects.update_or_create(
        user=person, email=address, defaults={"verified": True, "primary": True}
    )
