"""How somebody stands with their sign-in, for the administrators who answer for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q

from accounts import second_step
from accounts.models import LocalArea, User
from accounts.services.suspension import people_of

MOST_FOUND = 20
_FEWEST_LETTERS = 2


@dataclass(frozen=True)
class SignInState:
    """One person found: `is_suspended`, and whether they have a second step."""

    person: User
    is_suspended: bool
    has_second_step: bool


def find_people(*, local_area: LocalArea, words: str, on: dt.date) -> list[SignInState]:
    """Return whom a name, an address or a sign-in name finds in the area; one query."""
    asked = words.split()
    if not asked or max(len(word) for word in asked) < _FEWEST_LETTERS:
        return []
    people = people_of(local_area, on)
    if len(asked) == 1 and "@" in asked[0]:
        people = people.filter(email__iexact=asked[0])
    else:
        for word in asked[:5]:
            people = people.filter(
                Q(given_name__icontains=word)
                | Q(family_name__icontains=word)
                | Q(sign_in_name__iexact=word)
            )
    authenticators = Authenticator.objects.filter(user=OuterRef("pk"), type__in=second_step.TYPES)
    found = people.annotate(has_step=Exists(authenticators))
    return [
        SignInState(person, person.suspended_at is not None, person.has_step)
        for person in found.order_by("family_name", "given_name", "pk")[:MOST_FOUND]
    ]
