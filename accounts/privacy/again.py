"""Erases again, after a backup was restored, whoever the ledger says was erased since."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import transaction

from accounts.models import Erasure, User
from accounts.privacy import ledger
from accounts.privacy.erasing import erase_person


@dataclass(frozen=True)
class Outcome:
    """What was found in the ledger: erased again, erased still, and not in this database."""

    again: list[UUID]
    standing: int
    unknown: int
    written: int


def erase_again(*, at: dt.datetime, source: Path | None = None, dry_run: bool = False) -> Outcome:
    """Erase everybody in the ledger whom the database names; one transaction a person.

    A hold of the restored database does not stop it: it had been lifted when they were erased.
    Erasures of the database that the ledger lacks are written to it first. Returns the outcome;
    a second run finds nothing to do.
    """
    missing = ledger.unwritten()
    if missing and not dry_run:
        ledger.append((each.public_id, each.erased_at) for each in missing)
    told = ledger.read(source)
    people = {each.public_id: each for each in User.objects.filter(public_id__in=list(told))}
    recorded = set(Erasure.objects.values_list("public_id", flat=True))
    back = [
        person
        for public_id, person in sorted(people.items())
        if person.erased_at is None or public_id not in recorded
    ]
    if not dry_run:
        for person in back:
            with transaction.atomic():
                erase_person(person=person, by=None, local_area=None, at=at)
    return Outcome(
        again=[person.public_id for person in back],
        standing=len(people) - len(back),
        unknown=len(told) - len(people),
        written=len(missing),
    )
