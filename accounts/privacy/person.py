"""One human being, whatever number of accounts: those that were merged belong to the kept one."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db.models import QuerySet

from accounts.models import Invitation, User
from core.identity import Identity


def accounts_of(person: User) -> QuerySet[User]:
    """Return the person's account and every account merged into it, at any depth."""
    found = {root_of(person).pk}
    waiting = set(found)
    while waiting:
        waiting = set(
            User.objects.filter(merged_into__in=waiting)
            .exclude(pk__in=found)
            .values_list("pk", flat=True)
        )
        found |= waiting
    return User.objects.filter(pk__in=found)


def root_of(person: User) -> User:
    """Return the account that the person's accounts were merged into in the end."""
    seen = {person.pk}
    while person.merged_into is not None and person.merged_into_id not in seen:
        person = person.merged_into
        seen.add(person.pk)
    return person


def identity_of(people: list[User]) -> Identity:
    """Return what names these accounts of one person, before it is erased."""
    ids = tuple(person.pk for person in people)
    addresses = {
        address
        for person in people
        for address in (person.email, person.personal_email, person.sign_in_name)
        if address
    }
    addresses |= set(EmailAddress.objects.filter(user__in=ids).values_list("email", flat=True))
    invited = Invitation.objects.filter(person__in=ids).exclude(address="")
    addresses |= set(invited.values_list("address", flat=True))
    return Identity(
        person_ids=ids,
        public_ids=tuple(str(person.public_id) for person in people),
        addresses=frozenset(addresses),
        names=frozenset((person.given_name, person.family_name) for person in people),
    )
