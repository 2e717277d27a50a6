"""Founds the demo's networks: whom they draw, who leads, who never comes."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.models import LocalArea, Organisation, Post, User
from accounts.querysets import in_force
from networks.demo.plan import STANDING, Planned
from networks.enums import MembershipRole
from networks.models import Network, NetworkIndexPage
from networks.services.memberships import add_member
from networks.services.networks import start_network

FOUNDED_DAYS_AGO = 400


@dataclass
class Built:
    """A network as it grows: `members` are (person, organisation), `silent` settings never come."""

    network: Network
    lead: User
    deputy: User | None = None
    members: list[tuple[User, Organisation | None]] = field(default_factory=list)
    silent: set[int] = field(default_factory=set)

    def person(self, who: str | int) -> User:
        """Return the lead, the deputy, or a member by number (neither lead nor deputy)."""
        if who == "lead":
            return self.lead
        if who == "deputy" and self.deputy is not None:
            return self.deputy
        others = [person for person, _ in self.members if person not in (self.lead, self.deputy)]
        return others[(who if isinstance(who, int) else 0) % len(others)]


def candidates(planned: Planned, area: LocalArea, today: dt.date) -> list[Post]:
    """Return the posts a plan draws, one a person (and one a setting where the plan says so)."""
    posts = (
        Post.objects.filter(
            in_force(today),
            organisation__local_area=area,
            job_role__in=planned.roles,
            person__is_active=True,
        )
        .select_related("person", "organisation")
        .order_by("organisation__name", "starts_on", "pk")
    )
    if planned.kinds:
        posts = posts.filter(organisation__kind__in=planned.kinds)
    if planned.phases:
        posts = posts.filter(organisation__phase__in=planned.phases)
    seen: set[int] = set()
    settings: set[int] = set()
    chosen = []
    for post in posts:
        if post.person_id in seen or (planned.one_each and post.organisation_id in settings):
            continue
        seen.add(post.person_id)
        settings.add(post.organisation_id)
        chosen.append(post)
    return chosen[: planned.most]


def build_network(
    planned: Planned,
    area: LocalArea,
    index: NetworkIndexPage,
    people: dict[str, User],
    today: dt.date,
    at: dt.datetime,
    rng: random.Random,
) -> Built | None:
    """Start one planned network with its members; None where nobody could belong."""
    posts = candidates(planned, area, today)
    named = [people[key] for key in (planned.lead, planned.deputy) if key and key in people]
    if not posts and not named:
        return None
    founded = at - dt.timedelta(days=FOUNDED_DAYS_AGO)
    network = start_network(
        by=None,
        local_area=area,
        index_page=index,
        name=planned.name,
        kind=planned.kind,
        purpose=planned.purpose,
        visibility=planned.visibility,
        standing_items=STANDING,
        at=founded,
    )
    # Who leads was there before the first meeting was called.
    since = today - dt.timedelta(days=FOUNDED_DAYS_AGO)
    by_service = sorted(posts, key=lambda post: post.starts_on > since)
    spare = [post.person for post in by_service if post.person not in named]
    lead = people.get(planned.lead or "") or spare.pop(0)
    deputy = people.get(planned.deputy or "") or (spare.pop(0) if spare else None)
    built = Built(network, lead, deputy)
    roles = {lead.pk: MembershipRole.LEAD}
    if deputy is not None:
        roles[deputy.pk] = MembershipRole.DEPUTY
    for person in (lead, deputy):
        if person is not None and person.pk not in {post.person_id for post in posts}:
            own = person.posts.filter(in_force(today)).order_by("starts_on").first()
            if own is not None:
                posts.append(own)
    for post in posts:
        join(built, post, roles.get(post.person_id, MembershipRole.MEMBER), today)
    quiet = [post.organisation_id for post in posts if post.person_id not in roles]
    built.silent = set(rng.sample(quiet, min(planned.silent, len(quiet))))
    return built


def join(built: Built, post: Post, role: str, today: dt.date) -> None:
    """Add the person of a post as a member since the network or the post began."""
    starts_on = max(post.starts_on, today - dt.timedelta(days=FOUNDED_DAYS_AGO))
    add_member(
        by=None,
        network=built.network,
        person=post.person,
        organisation=post.organisation,
        role=role,
        starts_on=starts_on,
        at=timezone.make_aware(dt.datetime.combine(starts_on, dt.time(9))),
    )
    built.members.append((post.person, post.organisation))
