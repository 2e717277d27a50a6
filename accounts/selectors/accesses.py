"""Who looked at a person's record, as that person is told."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.audit.events import OPENED, VIEWED
from accounts.audit.wording import LOOKS, verb_in_words
from accounts.models import AuditEvent, Post, RoleGrant, User
from accounts.selectors.audit_log import names_of

_TOLD = {
    VIEWED: "Opened your page",
    OPENED: "Opened your record, which they do not see otherwise",
}
_LOOKED = reduce(or_, (Q(verb__endswith=f".{look}") for look in LOOKS))


@dataclass(frozen=True)
class Access:
    """Somebody looked: when, who, what they are here, what they did, and why if they said so."""

    at: dt.datetime
    who: str
    role: str
    what: str
    reason: str


def accesses_to(person: User, at: dt.datetime) -> QuerySet[AuditEvent]:
    """Return the looks of others at the person's record that may be told by then, latest first.

    Those at an account that was merged into this one are theirs too.
    """
    accounts = User.objects.filter(Q(pk=person.pk) | Q(merged_into=person))
    own = accounts.order_by().values("public_id")
    return (
        AuditEvent.objects.filter(_LOOKED, subject__in=own)
        .exclude(actor__in=own)
        .told(at)
        .order_by("-at", "-pk")
    )


def access_rows(events: Iterable[AuditEvent], on: dt.date) -> list[Access]:
    """Put looks into words for the person; three queries."""
    events = list(events)
    actors = {event.actor for event in events if event.actor}
    names, roles = names_of(actors), roles_of(actors, on)
    return [
        Access(
            at=event.at,
            who=_who(event.actor, names),
            role=roles.get(event.actor, "") if event.actor else "",
            what=_TOLD.get(event.verb, verb_in_words(event.verb)),
            reason=event.reason,
        )
        for event in events
    ]


def _who(actor: UUID | None, names: dict[UUID, str]) -> str:
    return "Waymark itself" if actor is None else names.get(actor) or "Somebody who has left"


def roles_of(public_ids: set[UUID], on: dt.date) -> dict[UUID, str]:
    """Say what people are on the day: "SENCO at Otterford Primary", or a role in an area."""
    told: dict[UUID, list[str]] = defaultdict(list)
    posts = (
        Post.objects.held_on(on)
        .filter(person__public_id__in=public_ids)
        .order_by("pk")
        .select_related("person", "organisation")
    )
    for post in posts:
        told[post.person.public_id].append(f"{post.get_job_role_display()} at {post.organisation}")
    grants = (
        RoleGrant.objects.in_force(on)
        .filter(person__public_id__in=public_ids, organisation__isnull=True)
        .order_by("pk")
        .select_related("person", "local_area")
    )
    for grant in grants:
        told[grant.person.public_id].append(f"{grant.get_role_display()}, {grant.local_area}")
    return {key: "; ".join(words) for key, words in told.items()}
