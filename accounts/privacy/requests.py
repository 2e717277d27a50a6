"""Requests about personal data: a copy of everything, and erasure (UK GDPR, articles 15 and 17)."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts import access, audit
from accounts.enums import PrivacyRequestKind, PrivacyRequestState, Role
from accounts.models import Erasure, LocalArea, PrivacyRequest, RoleGrant, User
from accounts.privacy import archives, mail
from accounts.privacy.copies import ids_of
from accounts.privacy.erasing import erase_person
from accounts.privacy.holds import is_held
from accounts.privacy.person import accounts_of
from accounts.privacy.rights import can_carry_out, can_decide
from accounts.services.delegations import months_later
from core import clock, outbox
from core.registry import personal_data

COPY, COPY_ENDS, TELL = "privacy.copy", "privacy.copy_ends", "privacy.tell"
# More rows than this are gathered by a worker, so that nobody waits for a page.
MOST_AT_ONCE = 5_000
KEPT_AT_PRESENT = "We must keep some of your records at present, so we cannot erase them yet."


class UnableToAsk(Exception):
    """The request cannot be made; the message says why."""


class UnableToDecide(Exception):
    """The request cannot be decided like that; the message says why."""


class UnableToErase(Exception):
    """The erasure cannot be carried out; the message says why."""


def due_on(request: PrivacyRequest) -> dt.date:
    """Return the last day for an answer: one month (UK GDPR, article 12(3))."""
    return months_later(clock.london_date(request.asked_at), 1)


@transaction.atomic
def ask_for_copy(*, person: User, local_area: LocalArea, at: dt.datetime) -> PrivacyRequest:
    """Ask for a copy of everything held about oneself; nobody need approve one's own.

    A little is gathered at once, much of it by a worker. Asked twice while one is being made, it
    is the same request. Raises UnableToAsk for somebody who may not sign in.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    if not person.is_active:
        raise UnableToAsk("This account is closed.")
    open_already = PrivacyRequest.objects.filter(
        person=person, kind=PrivacyRequestKind.ACCESS, state=PrivacyRequestState.ASKED
    ).first()
    if open_already is not None:
        return open_already
    request = PrivacyRequest.objects.create(
        person=person,
        local_area=local_area,
        kind=PrivacyRequestKind.ACCESS,
        asked_at=at,
        asked_by=person,
    )
    audit.record(
        actor=person,
        verb="copy.asked",
        obj=request,
        subject=person,
        local_area=local_area,
        at=at,
    )
    if _rows_about(person) <= MOST_AT_ONCE:
        complete_copy(request_id=request.pk, at=at)
        request.refresh_from_db()
    else:
        outbox.enqueue(kind=COPY, key=f"{COPY}:{request.pk}", payload={"request": request.pk})
    return request


def _rows_about(person: User) -> int:
    ids = ids_of(person)
    return sum(entry.rows_of(*ids).count() for entry in personal_data())


@transaction.atomic
def complete_copy(*, request_id: int, at: dt.datetime) -> bool:
    """Make the copy of a request that still waits; return whether there was one to make."""
    request = (
        PrivacyRequest.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(pk=request_id, kind=PrivacyRequestKind.ACCESS, state=PrivacyRequestState.ASKED)
        .first()
    )
    if request is None or not request.person.is_active:
        return False
    archives.store(request, at=at)
    request.state = PrivacyRequestState.DONE
    request.done_at = at
    request.save(update_fields=["state", "done_at"])
    outbox.enqueue(
        kind=COPY_ENDS,
        key=f"{COPY_ENDS}:{request.pk}",
        payload={"request": request.pk},
        available_at=at + dt.timedelta(days=archives.KEPT_DAYS),
    )
    return True


def download_copy(*, request: PrivacyRequest, by: User, at: dt.datetime) -> bytes | None:
    """Return the ZIP for the person it is about, and record that it was taken; None if it is gone.

    Rights are asked again here: a closed account and anybody else get PermissionDenied.
    """
    request = PrivacyRequest.objects.select_related("person").get(pk=request.pk)
    if request.person_id != by.pk or not request.person.is_active:
        raise PermissionDenied
    if request.kind != PrivacyRequestKind.ACCESS or request.state != PrivacyRequestState.DONE:
        return None
    opened = archives.open_copy(request, at=at)
    if opened is None:
        return None
    audit.record(
        actor=by,
        verb="copy.downloaded",
        obj=request,
        subject=by,
        local_area=request.local_area,
        at=at,
    )
    with opened:
        content: bytes = opened.read()
    return content


@transaction.atomic
def ask_for_erasure(
    *, person: User, local_area: LocalArea, at: dt.datetime, by: User | None = None
) -> PrivacyRequest:
    """Ask to be erased; the data protection officer decides. Asked twice, it is one request.

    `by` is the officer, where somebody asks in a letter or can no longer sign in. Raises
    PermissionDenied for anybody else, UnableToAsk for an account that is closed and for somebody
    who works or holds a role in other areas only.
    """
    asker = by or person
    if asker.pk != person.pk and not can_decide(asker, local_area, on=clock.london_date(at)):
        raise PermissionDenied
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.erased_at is not None or (by is None and not person.is_active):
        raise UnableToAsk("This account is closed.")
    theirs = access.areas_of(person, clock.london_date(at))
    if theirs.exists() and not theirs.filter(pk=local_area.pk).exists():
        # The officer of one area does not decide about the people of another.
        raise UnableToAsk(f"Ask in the local area of the work there is now: {theirs.first()}.")
    standing = open_erasure_of(person)
    if standing is not None:
        return standing
    request = PrivacyRequest.objects.create(
        person=person,
        local_area=local_area,
        kind=PrivacyRequestKind.ERASURE,
        asked_at=at,
        asked_by=asker,
    )
    audit.record(
        actor=asker,
        verb="erasure.asked",
        obj=request,
        subject=person,
        local_area=local_area,
        at=at,
    )
    return request


def open_erasure_of(person: User) -> PrivacyRequest | None:
    """Return the person's request for erasure that is not answered yet, or None."""
    return PrivacyRequest.objects.filter(
        person=person,
        kind=PrivacyRequestKind.ERASURE,
        state__in=(PrivacyRequestState.ASKED, PrivacyRequestState.APPROVED),
    ).first()


def answers_to(person: User) -> list[PrivacyRequest]:
    """Return the person's requests that were refused, latest first, with the words for them."""
    return list(
        PrivacyRequest.objects.filter(
            person=person,
            kind=PrivacyRequestKind.ERASURE,
            state=PrivacyRequestState.REFUSED,
        ).order_by("-decided_at")[:3]
    )


@transaction.atomic
def withdraw_erasure(*, person: User, at: dt.datetime) -> PrivacyRequest:
    """Take back one's request; raises UnableToAsk where none is open."""
    User.objects.select_for_update().get(pk=person.pk)
    request = open_erasure_of(person)
    if request is None:
        raise UnableToAsk("You have no open request. It may have been answered meanwhile.")
    request.state = PrivacyRequestState.WITHDRAWN
    request.save(update_fields=["state"])
    audit.record(
        actor=person,
        verb="erasure.withdrawn",
        obj=request,
        subject=person,
        local_area=request.local_area,
        at=at,
    )
    return request


@transaction.atomic
def decide_erasure(
    *, request: PrivacyRequest, approve: bool, decision: str, by: User, at: dt.datetime
) -> PrivacyRequest:
    """Approve or refuse, with words for the person; raises PermissionDenied or UnableToDecide."""
    request = _locked(request)
    if not can_decide(by, request.local_area, on=clock.london_date(at)):
        raise PermissionDenied
    if by.pk in ids_of(request.person):
        raise UnableToDecide("You cannot decide about your own request. Ask a colleague.")
    if request.state != PrivacyRequestState.ASKED:
        raise UnableToDecide("This request has been answered already.")
    if approve and is_held(request.person):
        raise UnableToDecide("A legal hold stands for this person. Lift it first, or refuse.")
    request.state = PrivacyRequestState.APPROVED if approve else PrivacyRequestState.REFUSED
    request.decided_at, request.decided_by, request.decision = at, by, decision
    request.save(update_fields=["state", "decided_at", "decided_by", "decision"])
    audit.record(
        actor=by,
        verb="erasure.approved" if approve else "erasure.refused",
        obj=request,
        subject=request.person,
        local_area=request.local_area,
        at=at,
    )
    outbox.enqueue(kind=TELL, key=f"{TELL}:{request.pk}", payload={"request": request.pk})
    return request


@transaction.atomic
def carry_out_erasure(*, request: PrivacyRequest, by: User, at: dt.datetime) -> Erasure:
    """Erase the person after the officer's approval, as the second of two people.

    Raises PermissionDenied or UnableToErase. A hold placed since the approval stops it.
    """
    request = _locked(request)
    if not can_carry_out(by, request.local_area, on=clock.london_date(at)):
        raise PermissionDenied
    if request.state != PrivacyRequestState.APPROVED:
        raise UnableToErase("The data protection officer has not approved this request.")
    if by.pk == request.decided_by_id or by.pk in ids_of(request.person):
        raise UnableToErase("Erasure takes two people beside the person. Ask a colleague.")
    if is_held(request.person):
        raise UnableToErase("A legal hold stands for this person. Nothing may be erased.")
    alone = _areas_left_without_administrator(request.person, clock.london_date(at))
    if alone:
        raise UnableToErase(
            f"This person is the last system administrator of {alone}. Grant another first."
        )
    told = mail.farewell(request)
    erasure = erase_person(person=request.person, by=by, local_area=request.local_area, at=at)
    PrivacyRequest.objects.filter(
        person__in=accounts_of(request.person), state=PrivacyRequestState.ASKED
    ).update(state=PrivacyRequestState.WITHDRAWN)
    request.state = PrivacyRequestState.DONE
    request.done_at, request.done_by = at, by
    request.save(update_fields=["state", "done_at", "done_by"])
    if told is not None:
        # Not through the outbox: the address must be nowhere once this is through.
        transaction.on_commit(told.send, robust=True)
    return erasure


def _locked(request: PrivacyRequest) -> PrivacyRequest:
    """Lock the person first, as placing a hold does, then the request."""
    User.objects.select_for_update().get(pk=request.person_id)
    return (
        PrivacyRequest.objects.select_for_update(of=("self",))
        .select_related("person", "local_area")
        .get(pk=request.pk, kind=PrivacyRequestKind.ERASURE)
    )


def _areas_left_without_administrator(person: User, on: dt.date) -> str:
    """Name an area that only this person administers."""
    administrators = RoleGrant.objects.in_force(on).filter(
        role=Role.SYSTEM_ADMIN, organisation__isnull=True, person__is_active=True
    )
    own = administrators.filter(person__in=accounts_of(person))
    others = administrators.exclude(person__in=accounts_of(person))
    alone = LocalArea.objects.filter(pk__in=own.values("local_area")).exclude(
        Exists(others.filter(local_area=OuterRef("pk")))
    )
    return ", ".join(alone.values_list("name", flat=True))
