"""Reads of the audit log: what an auditor asked for, its rows in words, the state of the chain."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.audit import sealing, wording
from accounts.audit.verification import VERIFIED
from accounts.models import AuditEvent, AuditSeal, LocalArea, Organisation, Post, RoleGrant, User

PAGE_SIZE = 50
# What lies beyond is asked for by day: to count a million events for each page takes its time.
MOST_PAGED = 10_000
MOST_MATCHES = 50
_CHUNK = 2_000


@dataclass(frozen=True)
class LogFilters:
    """What was asked for; None asks for everything."""

    since: dt.date | None = None
    until: dt.date | None = None
    verbs: tuple[str, ...] | None = None
    actors: tuple[UUID, ...] | None = None
    subjects: tuple[UUID, ...] | None = None
    organisations: tuple[int, ...] | None = None
    object_type: str = ""
    object_id: str = ""

    def as_data(self) -> dict[str, Any]:
        """Return what an event may hold of it: days, kinds, ids and numbers."""
        told = {
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "kinds": list(self.verbs) if self.verbs is not None else None,
            "actors": [str(key) for key in self.actors] if self.actors is not None else None,
            "subjects": [str(key) for key in self.subjects] if self.subjects is not None else None,
            "organisations": list(self.organisations) if self.organisations is not None else None,
            "record": f"{self.object_type} {self.object_id}".strip() or None,
        }
        return {key: value for key, value in told.items() if value is not None}


@dataclass(frozen=True)
class LogRow:
    """An event in words; a name is empty where no person acted or was concerned."""

    event: AuditEvent
    what: str
    record: str
    actor: str
    subject: str
    organisation: str
    figures: list[str]


@dataclass(frozen=True)
class ChainState:
    """How far the chain is sealed, what waits, and when it was last verified, with what result."""

    position: int
    sealed_at: dt.datetime | None
    waiting: int
    verified_at: dt.datetime | None
    faults: int


def log_of(
    user: User, local_area: LocalArea, filters: LogFilters, on: dt.date
) -> QuerySet[AuditEvent]:
    """Return the events of the area that match, latest first."""
    events = AuditEvent.objects.visible_to(user, on).filter(local_area=local_area)
    if filters.since:
        events = events.filter(at__gte=_midnight(filters.since))
    if filters.until:
        events = events.filter(at__lt=_midnight(filters.until + dt.timedelta(days=1)))
    for lookup, wanted in (
        ("verb__in", filters.verbs),
        ("actor__in", filters.actors),
        ("subject__in", filters.subjects),
        ("organisation__in", filters.organisations),
    ):
        if wanted is not None:
            events = events.filter(**{lookup: wanted})
    if filters.object_type:
        events = events.filter(object_type=filters.object_type)
    if filters.object_id:
        events = events.filter(object_id=filters.object_id)
    return events.order_by("-at", "-pk")


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


class LogPaginator(Paginator):
    """Counts no further than it pages, so that a page costs the same whatever the log's length."""

    @cached_property
    def counted(self) -> int:
        """How many match, up to one more than are paged."""
        events: QuerySet[AuditEvent] = self.object_list  # type: ignore[assignment]
        return events.order_by().values("pk")[: MOST_PAGED + 1].count()

    @property
    def has_more(self) -> bool:
        """Whether there are events beyond the last page."""
        return self.counted > MOST_PAGED

    @cached_property
    def count(self) -> int:
        """How many are paged."""
        return min(self.counted, MOST_PAGED)


def kinds_in(local_area: LocalArea) -> list[tuple[str, str]]:
    """Return each verb there is in the area's log with the kind of record of its latest event.

    Hops along the index from verb to verb: as many steps as verbs, whatever the number of events.
    """
    table = AuditEvent._meta.db_table
    # Only the table's own name is put into the text.
    hop = f"SELECT MIN(verb) FROM {table} WHERE local_area_id = %s"  # noqa: S608
    latest = (
        f"SELECT object_type FROM {table} e WHERE e.local_area_id = %s AND e.verb = kinds.verb "  # noqa: S608
        "ORDER BY e.at DESC LIMIT 1"
    )
    text = (
        f"WITH RECURSIVE kinds(verb) AS ({hop} UNION ALL "  # noqa: S608
        f"SELECT ({hop} AND verb > kinds.verb) FROM kinds WHERE kinds.verb IS NOT NULL) "
        f"SELECT verb, ({latest}) FROM kinds WHERE verb IS NOT NULL"
    )
    with connection.cursor() as cursor:
        cursor.execute(text, [local_area.pk] * 3)
        return [(verb, kind) for verb, kind in cursor.fetchall()]


def people_named(text: str, local_area: LocalArea) -> list[UUID]:
    """Return the public ids of the area's people with this address or public id, or these names.

    At most one more than MOST_MATCHES. Whoever ever held a post or a role in the area is among
    them.
    """
    try:
        return [UUID(text)]
    except ValueError:
        pass
    if "@" in text:
        condition = Q(email__iexact=text)
    else:
        condition = Q()
        for word in text.split():
            condition &= Q(given_name__istartswith=word) | Q(family_name__istartswith=word)
    here = Exists(Post.objects.filter(person=OuterRef("pk"), organisation__local_area=local_area))
    granted = Exists(RoleGrant.objects.filter(person=OuterRef("pk"), local_area=local_area))
    found = User.objects.filter(condition).filter(here | granted).order_by()
    return list(found.values_list("public_id", flat=True)[: MOST_MATCHES + 1])


def organisations_named(text: str, local_area: LocalArea) -> list[int]:
    """Return the area's organisations whose name holds the words; at most one beyond the bound."""
    found = Organisation.objects.in_area(local_area).filter(name__icontains=text).order_by()
    return list(found.values_list("pk", flat=True)[: MOST_MATCHES + 1])


def rows_of(events: list[AuditEvent]) -> list[LogRow]:
    """Put events into words; two queries, for the people and the organisations they name."""
    names = names_of({key for event in events for key in (event.actor, event.subject) if key})
    places = {event.organisation_id for event in events if event.organisation_id}
    organisations = dict(
        Organisation.objects.filter(pk__in=places).order_by().values_list("pk", "name")
    )
    return [
        LogRow(
            event=event,
            what=wording.verb_in_words(event.verb),
            record=wording.record_in_words(event.object_type, event.object_id),
            actor=_name(event.actor, names),
            subject=_name(event.subject, names),
            organisation=organisations.get(event.organisation_id or 0, ""),
            figures=wording.data_in_words(event.data),
        )
        for event in events
    ]


def names_of(public_ids: set[UUID]) -> dict[UUID, str]:
    """Return the names of people by public id; who was erased has none."""
    people = User.objects.filter(public_id__in=public_ids, erased_at__isnull=True).order_by()
    rows = people.values_list("public_id", "given_name", "family_name")
    return {key: f"{given} {family}".strip() for key, given, family in rows}


def _name(key: UUID | None, names: dict[UUID, str]) -> str:
    """A person's name; whoever was erased stays a pseudonym."""
    return "" if key is None else names.get(key) or f"Person {str(key)[:8]}"


EXPORT_HEADER = (
    "Event",
    "When (UTC)",
    "What",
    "Kind",
    "Who did it",
    "Who did it (id)",
    "About whom",
    "About whom (id)",
    "Setting or team",
    "Record",
    "Record number",
    "Reason",
    "Told from (UTC)",
    "Figures",
)


def export_rows(events: QuerySet[AuditEvent]) -> Iterator[tuple[object, ...]]:
    """Yield the rows of an export, latest first, with names looked up 2,000 events at a time."""
    stream = events.iterator(_CHUNK)
    while chunk := list(islice(stream, _CHUNK)):
        for row in rows_of(chunk):
            event = row.event
            yield (
                event.pk,
                event.at.astimezone(dt.UTC).isoformat(timespec="seconds"),
                row.what,
                event.verb,
                row.actor,
                event.actor or "",
                row.subject,
                event.subject or "",
                row.organisation,
                event.object_type,
                event.object_id,
                event.reason,
                event.shown_from.astimezone(dt.UTC).isoformat(timespec="seconds")
                if event.shown_from
                else "",
                json.dumps(event.data, sort_keys=True) if event.data else "",
            )


def chain_state() -> ChainState:
    """Return the state of the chain; four queries, none of which walks the log.

    What waits is counted among the last ten thousand numbers and after, up to ten thousand.
    The chain is one for the installation; of other areas it tells a number and no more.
    """
    head = sealing.head()
    newest = (
        AuditSeal.objects.filter(position=head.position).values_list("event_id", flat=True).first()
    )
    waiting = sealing.unsealed(max((newest or 0) - MOST_PAGED, -1)).order_by().values("pk")
    verified = (
        AuditEvent.objects.filter(verb=VERIFIED, local_area__isnull=True)
        .order_by("-at", "-pk")
        .first()
    )
    return ChainState(
        position=head.position,
        sealed_at=head.sealed_at,
        waiting=waiting[:MOST_PAGED].count(),
        verified_at=verified.at if verified else None,
        faults=int(verified.data.get("faults", 0)) if verified else 0,
    )
