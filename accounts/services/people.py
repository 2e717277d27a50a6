"""Add people to a setting, and put their names and addresses right while they are its own."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts import access, audit
from accounts.invitation_rows import has_way_in
from accounts.models import Organisation, Post, User
from accounts.permissions import beyond_reach, can_manage_posts
from accounts.querysets import in_force
from accounts.services.posts import UnableToAddPost, add_post
from core import clock, outbox

# The space of public ids made from a form's token: the same form twice is the same person.
_NAMESPACE = uuid.UUID("7a3f5a0e-3f0b-5d2c-9a55-1d8c0f6f9b11")


class UnableToAddPerson(Exception):
    """The person cannot be added; the message says why."""


class AccountExists(UnableToAddPerson):
    """Somebody has this address already. Whoever adds must say that it is the same person."""


class NamesakeExists(UnableToAddPerson):
    """Somebody of this name works here already; `person` is who, and is in the asker's scope."""

    def __init__(self, message: str, person: User) -> None:
        super().__init__(message)
        self.person = person


class UnableToChangePerson(Exception):
    """The name or address cannot be changed; the message says why."""


@dataclass(frozen=True)
class NewPerson:
    """Who is to be added, as a form asks; `email` is empty for people without one."""

    given_name: str
    family_name: str
    email: str = ""


@dataclass(frozen=True)
class Added:
    """What came of it: `is_new` is False where the same form had been sent before."""

    person: User
    post: Post
    is_new: bool


@transaction.atomic
def add_person(
    *,
    by: User,
    organisation: Organisation,
    who: NewPerson,
    token: uuid.UUID,
    job_role: str,
    starts_on: dt.date,
    at: dt.datetime,
    is_same_person: bool = False,
    is_other_person: bool = False,
    **fields: Any,
) -> Added:
    """Add a person with a post, or a post to the account that has the address; twice is once.

    An account that exists keeps its name, and its holder is told. Raises PermissionDenied;
    AccountExists until `is_same_person`; NamesakeExists until `is_other_person`; else
    UnableToAddPerson.
    """
    today = clock.london_date(at)
    if not can_manage_posts(by, organisation, on=today):
        raise PermissionDenied
    # One addition to a setting at a time: the same form twice at once is one person.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    key = uuid.uuid5(_NAMESPACE, f"{by.public_id}:{organisation.pk}:{token}")
    person = User.objects.filter(public_id=key).first()
    known = None if person else _known(who.email)
    if person or known:
        sent = _sent_before(person or known, organisation, job_role, starts_on)
        if sent is not None:
            return Added(sent.person, sent, is_new=False)
    if known is not None and not is_same_person:
        raise AccountExists("There is already an account with this address.")
    if known is None and person is None and not is_other_person:
        _refuse_namesake(who, organisation, today)
    person = known or person or _create(who, key, by=by, organisation=organisation, at=at)
    was_here = User.objects.filter(pk=person.pk).visible_to(by, today).exists()
    try:
        post = add_post(
            by=by,
            person=person,
            organisation=organisation,
            job_role=job_role,
            starts_on=starts_on,
            at=at,
            **fields,
        )
    except UnableToAddPost as error:
        raise UnableToAddPerson(str(error)) from error
    if known is not None and not was_here:
        outbox.enqueue(
            kind="accounts.post_added",
            key=f"post-added:{post.pk}",
            payload={"post_id": post.pk},
        )
    return Added(person, post, is_new=True)


def _known(email: str) -> User | None:
    """Return whose address this is, for signing in or as their own; a merged account's heir."""
    if not email:
        return None
    found = (
        User.objects.filter(Q(email__iexact=email) | Q(personal_email__iexact=email))
        .filter(erased_at__isnull=True)
        .select_related("merged_into")
        .order_by("merged_into", "pk")
        .first()
    )
    return (found.merged_into or found) if found else None


def _sent_before(
    person: User | None, organisation: Organisation, job_role: str, starts_on: dt.date
) -> Post | None:
    return (
        Post.objects.filter(
            person=person, organisation=organisation, job_role=job_role, starts_on=starts_on
        )
        .select_related("person")
        .first()
    )


def _refuse_namesake(who: NewPerson, organisation: Organisation, on: dt.date) -> None:
    post = (
        Post.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on),
            organisation=organisation,
            person__given_name__iexact=who.given_name,
            person__family_name__iexact=who.family_name,
        )
        .select_related("person")
        .first()
    )
    if post is not None:
        raise NamesakeExists(
            f"{post.person} works here already ({post.get_job_role_display()}).", post.person
        )


def _create(
    who: NewPerson, key: uuid.UUID, *, by: User, organisation: Organisation, at: dt.datetime
) -> User:
    try:
        with transaction.atomic():
            person = User.objects.create_user(
                email=who.email or None,
                given_name=who.given_name,
                family_name=who.family_name,
                public_id=key,
                # Without an address there is no way to sign in until a card is claimed.
                is_active=bool(who.email),
            )
    except IntegrityError as error:
        # Another setting has just added the same address.
        raise AccountExists("There is already an account with this address.") from error
    audit.record(
        actor=by,
        verb="person.added",
        obj=person,
        subject=person,
        local_area=organisation.local_area,
        at=at,
    )
    return person


def may_correct(by: User, person: User, on: dt.date) -> bool:
    """Whether name and address are `by`'s to put right: nobody has signed in with the account,
    it opens nothing `by` could not grant, and every post the person holds, will hold or held is
    at a place whose posts `by` manages: what a former employer recorded is not the next one's.
    """
    if person == by or person.last_login is not None:
        return False
    if User.objects.filter(has_way_in(), pk=person.pk).exists():
        return False
    if person.erased_at or person.merged_into_id or person.suspended_at:
        return False
    posts = Post.objects.filter(person=person)
    held = posts.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
    led = access.organisations_in_scope(by, access.ROLES_THAT_SEE_PEOPLE, on)
    if not held.exists() or posts.exclude(organisation__in=led.values("pk")).exists():
        return False
    return not beyond_reach(by, [person.pk], on=on)


@transaction.atomic
def correct_person(*, by: User, person: User, who: NewPerson, at: dt.datetime) -> User:
    """Put a name or address right before the person has signed in.

    Afterwards the account is the person's own: an employer who could change its address could
    take it over. Raises PermissionDenied or UnableToChangePerson.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not may_correct(by, person, clock.london_date(at)):
        raise PermissionDenied
    email = who.email.strip().lower() or None
    if email is not None and _taken(email, person):
        raise UnableToChangePerson("This address belongs to another account.")
    if email is None and person.email is not None:
        raise UnableToChangePerson("Enter an email address. It cannot be taken away, only changed.")
    changed = [
        name
        for name, value in (
            ("given_name", who.given_name),
            ("family_name", who.family_name),
            ("email", email),
        )
        if getattr(person, name) != value
    ]
    if not changed:
        return person
    person.given_name, person.family_name, person.email = who.given_name, who.family_name, email
    if "email" in changed:
        person.is_active = True
        # What was sent to the old address must not open the account.
        person.invitations.filter(accepted_at__isnull=True, withdrawn_at__isnull=True).update(
            withdrawn_at=at
        )
        EmailAddress.objects.filter(user=person).delete()
    person.save(update_fields=[*changed, "is_active"])
    audit.record(
        actor=by, verb="person.corrected", obj=person, subject=person, data={"fields": changed},
        at=at,
    )  # fmt: skip
    return person


@transaction.atomic
def correct_own_name(*, by: User, given_name: str, family_name: str, at: dt.datetime) -> User:
    """Put one's own name right; with a post the name is the employer's to put right.

    Raises UnableToChangePerson.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if Post.objects.filter(in_force(clock.london_date(at)), person=person).exists():
        raise UnableToChangePerson("Your employer keeps your name. Ask whoever leads your setting.")
    person.given_name, person.family_name = given_name, family_name
    person.save(update_fields=["given_name", "family_name"])
    audit.record(actor=by, verb="person.renamed", obj=person, subject=person, at=at)
    return person


def _taken(email: str, person: User) -> bool:
    others = User.objects.exclude(pk=person.pk)
    return others.filter(Q(email__iexact=email) | Q(personal_email__iexact=email)).exists()
