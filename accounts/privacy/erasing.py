"""Erases one person: the registry's rules row set by row set, then every other trace of them.

Nobody's rights are asked here: accounts.privacy.requests, retention and erase_again do that.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import Field, FileField, Model, Q, QuerySet, Value
from django.db.models.functions import Greatest

from accounts import audit
from accounts.models import AuditEvent, Erasure, LocalArea, Post, RoleGrant, User
from accounts.privacy import ledger
from accounts.privacy.person import accounts_of, identity_of
from accounts.signals import posts_changed
from core import clock, outbox
from core.identity import PSEUDONYM
from core.registry import OnErase, PersonalData, model_of, personal_data, traces

LEDGER = "privacy.ledger"


@transaction.atomic
def erase_person(
    *, person: User, by: User | None, local_area: LocalArea | None, at: dt.datetime
) -> Erasure:
    """Erase all accounts of the person and return the erasure of the one that was asked for.

    What an employer must be able to show stays under a pseudonym. The ledger has the line once
    the transaction is through; the outbox sees to it if the file cannot be written at once.
    """
    people = list(accounts_of(person).select_for_update().order_by("pk"))
    identity = identity_of(people)
    counts: dict[str, Counter[str]] = {each.value: Counter() for each in OnErase}
    counts["trace"] = Counter()
    for entry in personal_data():
        rows = entry.rows_of(*identity.person_ids)
        if entry.ends:
            _end(rows, entry.ends, clock.london_date(at))
        counts[entry.on_erase.value][entry.model] += _apply(entry, rows)
    _end(
        RoleGrant.objects.filter(delegated_from__person__in=identity.person_ids),
        "ends_on",
        clock.london_date(at),
    )
    for trace in traces():
        counts["trace"][trace.key] += trace.erase(identity)
    for account in people:
        _make_nameless(account, at)
    # Derived rows come back from the posts and records that stay, without a name.
    posts_changed.send(sender=Post, person_ids=set(identity.person_ids), at=at)
    public_ids = [account.public_id for account in people]
    AuditEvent.objects.empty_reasons_of(public_ids)
    audit.record(actor=by, verb="erasure.done", subject=person, local_area=local_area, at=at)
    said = {kind: dict(+found) for kind, found in counts.items() if +found}
    for public_id in public_ids:
        Erasure.objects.update_or_create(
            public_id=public_id, defaults={"erased_at": at, "rows": said}
        )
        outbox.enqueue(
            kind=LEDGER, key=f"{LEDGER}:{public_id}", payload={"public_id": str(public_id)}
        )
    lines = [(public_id, at) for public_id in public_ids]
    transaction.on_commit(lambda: ledger.append(lines), robust=True)
    return Erasure.objects.get(public_id=person.public_id)


def pseudonym_of(person: User) -> tuple[str, str]:
    """Return the given and family name that stand for somebody erased; no two are alike."""
    given, _, family = PSEUDONYM.partition(" ")
    return given, f"{family} {str(person.public_id)[:8]}"


def _make_nameless(account: User, at: dt.datetime) -> None:
    given, family = pseudonym_of(account)
    User.objects.filter(pk=account.pk).update(
        email=None,
        personal_email=None,
        sign_in_name=None,
        given_name=given,
        family_name=family,
        password=make_password(None),
        last_login=None,
        is_active=False,
        is_staff=False,
        is_superuser=False,
        suspended_at=None,
        erased_at=at,
    )


def _apply(entry: PersonalData, rows: QuerySet[Any]) -> int:
    """Do to the rows what their declaration says; return how many there were."""
    if entry.on_erase is OnErase.DELETE:
        model = model_of(entry.model)
        _forget_files(model, rows)
        return rows.delete()[1].get(model._meta.label, 0)
    if entry.on_erase is OnErase.CLEAR:
        fields = model_of(entry.model)._meta
        return rows.update(**{name: empty_of(fields.get_field(name)) for name in entry.clears})
    return rows.count()


def _end(rows: QuerySet[Any], name: str, day: dt.date) -> None:
    """Close what is open or ends later, on the day; what has not begun ends as it begins."""
    still_open = rows.filter(Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gt": day}))
    still_open.update(**{name: Greatest("starts_on", Value(day))})


def empty_of(field: Any) -> Any:
    """Return what an emptied field holds."""
    assert isinstance(field, Field)
    if field.null:
        return None
    if field.has_default():
        return field.get_default()
    return ""


def _forget_files(model: type[Model], rows: QuerySet[Any]) -> None:
    """Delete the files of rows that go, once the rows are gone for good."""
    for field in model._meta.get_fields():
        if isinstance(field, FileField):
            names = [name for name in rows.values_list(field.name, flat=True) if name]
            _forget_on_commit(field.storage, names)


def _forget_on_commit(storage: Storage, names: list[str]) -> None:
    for name in names:
        transaction.on_commit(lambda name=name: storage.delete(name), robust=True)  # type: ignore[misc]
