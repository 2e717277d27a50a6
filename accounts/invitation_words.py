"""How invitations are said on screen: where a person stands, and what a round of them did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.utils.formats import date_format

from accounts import invitation_rows
from accounts.enums import InvitationKind, JobRole
from accounts.models import User
from accounts.services.invitations import Invited
from core import clock


@dataclass(frozen=True)
class PersonRow:
    """One person of the list, in words."""

    person: User
    job: str
    label: str
    tone: str
    detail: str
    open_id: int | None
    can_be_chosen: bool


_TONES = {
    "not_invited": "not_started",
    "expired": "warning",
    "waiting": "waiting",
    "signed_in": "done",
    "closed": "paused",
}


def person_row(person: Any) -> PersonRow:
    """Word what `invitation_rows.people_of` says about a person."""
    state = person.state
    detail = ""
    if state in ("waiting", "expired"):
        how = "Card" if person.open_kind == InvitationKind.CARD else "Email"
        until = date_format(clock.london_date(person.open_until), "j M Y")
        detail = f"{how}, {'until' if state == 'waiting' else 'ended'} {until}"
    return PersonRow(
        person=person,
        job=str(JobRole(person.job_role).label),
        label=dict(invitation_rows.STATES)[state],
        tone=_TONES[state],
        detail=detail,
        open_id=person.open_id if state == "waiting" else None,
        can_be_chosen=state in ("not_invited", "expired", "waiting"),
    )


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number:,} people"


def sentences(done: Invited) -> list[tuple[int, str]]:
    """Say what became of a round of invitations."""
    said = []
    if done.sent:
        mails = "1 invitation is" if done.sent == 1 else f"{done.sent:,} invitations are"
        said.append((messages.SUCCESS, f"{mails} on the way. Each works once, for 14 days."))
    if done.signed_in_already:
        which = "has a sign-in already" if done.signed_in_already == 1 else "have a sign-in already"
        said.append((messages.INFO, f"{_people(done.signed_in_already)} {which}. Nothing changed."))
    if done.without_address:
        which = "has no email address" if done.without_address == 1 else "have no email address"
        said.append(
            (messages.WARNING, f"{_people(done.without_address)} {which}. Print cards for them.")
        )
    if done.just_sent:
        was = "was" if done.just_sent == 1 else "were"
        said.append((messages.INFO, f"{_people(done.just_sent)} {was} invited a moment ago."))
    if done.address_taken:
        said.append(
            (
                messages.WARNING,
                f"{_people(done.address_taken)} could not be invited: another account signs in "
                "with the same email address. Ask your training administrator to merge the two.",
            )
        )
    return said
