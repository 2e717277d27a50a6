"""The groups of two of the demo's networks: ELSA supervision and early years wards."""

from __future__ import annotations

import datetime as dt
import random

from accounts.enums import JobRole, OrganisationKind
from accounts.models import LocalArea, Organisation, Post, User
from accounts.querysets import in_force
from networks.demo.founding import FOUNDED_DAYS_AGO, Built, candidates, join
from networks.demo.life import hold_meetings
from networks.demo.plan import NETWORKS, Planned
from networks.enums import MembershipRole, NetworkKind, Visibility
from networks.models import NetworkIndexPage
from networks.services.networks import start_network

ELSA_GROUPS, ELSA_GROUP_SIZE = 5, 8


def build_supervision_groups(
    elsa: Built,
    area: LocalArea,
    index: NetworkIndexPage,
    today: dt.date,
    at: dt.datetime,
    rng: random.Random,
    back: int,
) -> None:
    """Five groups of at most eight, each led by an educational psychologist; no notes are kept."""
    psychologists = list(
        Post.objects.filter(
            in_force(today),
            organisation__local_area=area,
            job_role=JobRole.EDUCATIONAL_PSYCHOLOGIST,
            person__is_active=True,
        )
        .select_related("person", "organisation")
        .order_by("starts_on", "pk")
    )
    posts = candidates(next(plan for plan in NETWORKS if plan.key == "elsa"), area, today)
    meetings = tuple(("Group supervision", days) for days in (-118, -76, -34, 9, 51))
    for number in range(ELSA_GROUPS):
        if not psychologists:
            return
        supervisor = psychologists[number % len(psychologists)]
        planned = Planned(
            key=f"elsa-{number + 1}",
            name=f"ELSA supervision group {number + 1}",
            kind=NetworkKind.SUPERVISION,
            purpose="Supervision by an educational psychologist, two hours each half term.",
            roles=(),
            meetings=meetings,
            minutes=120,
        )
        network = start_network(
            by=None,
            local_area=area,
            index_page=index,
            name=planned.name,
            kind=planned.kind,
            purpose=planned.purpose,
            visibility=Visibility.MEMBERS,
            parent=elsa.network,
            capacity=ELSA_GROUP_SIZE,
            has_discussion=False,
            at=at - dt.timedelta(days=FOUNDED_DAYS_AGO),
        )
        group = Built(network, supervisor.person)
        join(group, supervisor, MembershipRole.LEAD, today)
        for post in posts[number::ELSA_GROUPS][:ELSA_GROUP_SIZE]:
            if post.person_id != supervisor.person_id:
                join(group, post, MembershipRole.MEMBER, today)
        hold_meetings(planned, group, today, at, rng, back)


def build_ward_clusters(
    early_years: Built,
    area: LocalArea,
    index: NetworkIndexPage,
    today: dt.date,
    at: dt.datetime,
) -> None:
    """One cluster a ward, with a champion where somebody could be found; two wards have none."""
    by_ward: dict[str, list[tuple[User, Organisation]]] = {}
    for person, organisation in early_years.members:
        if organisation is not None and organisation.ward:
            by_ward.setdefault(organisation.ward, []).append((person, organisation))
    for number, (ward, members) in enumerate(sorted(by_ward.items())):
        network = start_network(
            by=None,
            local_area=area,
            index_page=index,
            name=f"{ward} early years cluster",
            kind=NetworkKind.CLUSTER,
            purpose=f"Settings and childminders of {ward}: visits, swaps and a champion to ask.",
            parent=early_years.network,
            at=at - dt.timedelta(days=FOUNDED_DAYS_AGO),
        )
        cluster = Built(network, early_years.lead)
        champion = next(
            (
                person
                for person, organisation in members
                if organisation.kind == OrganisationKind.CHILDMINDER
                and person in (early_years.deputy, early_years.lead)
            ),
            members[0][0] if number % 3 else None,
        )
        for person, organisation in members:
            post = person.posts.filter(in_force(today), organisation=organisation).first()
            if post is not None:
                role = MembershipRole.LEAD if person == champion else MembershipRole.MEMBER
                join(cluster, post, role, today)
