"""Builds Merrowdale's networks through the services: members, meetings, registers, messages."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from django.utils import timezone
from stdnum.gb import upn

from accounts.enums import JobRole, OrganisationKind
from accounts.models import LocalArea, Organisation, Post, User
from accounts.querysets import in_force
from networks.demo.plan import NETWORKS, STANDING, TALKS, Planned
from networks.enums import MembershipRole, NetworkKind, Presence, Visibility
from networks.models import Meeting, Network, NetworkIndexPage
from networks.services.discussion import send_message, start_thread
from networks.services.meetings import hours_of, reply_to_meeting, schedule_meetings
from networks.services.memberships import add_member
from networks.services.networks import start_network
from networks.services.registers import take_register
from networks.services.rooms import set_up_networks

FOUNDED_DAYS_AGO = 400
ELSA_GROUPS, ELSA_GROUP_SIZE = 5, 8


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


def build(
    *,
    area: LocalArea,
    places: dict[str, Organisation],
    people: dict[str, User],
    today: dt.date,
    at: dt.datetime,
    rng: random.Random,
    stage: str,
) -> None:
    """Build ten networks, five supervision groups and six ward clusters.

    Stage "term" has meetings of the last 70 days, "year" all of them.
    """
    index = set_up_networks(local_area=area)
    back = 70 if stage == "term" else 400
    for planned in NETWORKS:
        built = _build_network(planned, area, index, people, today, at, rng)
        if built is None:
            continue
        _hold_meetings(planned, built, today, at, rng, back)
        _talk(planned.key, built, at)
        if planned.key == "elsa":
            _build_supervision_groups(built, area, index, today, at, rng, back)
        if planned.key == "early-years":
            _build_ward_clusters(built, area, index, today, at)


def _candidates(planned: Planned, area: LocalArea, today: dt.date) -> list[Post]:
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


def _build_network(
    planned: Planned,
    area: LocalArea,
    index: NetworkIndexPage,
    people: dict[str, User],
    today: dt.date,
    at: dt.datetime,
    rng: random.Random,
) -> Built | None:
    posts = _candidates(planned, area, today)
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
        _join(built, post, roles.get(post.person_id, MembershipRole.MEMBER), today)
    quiet = [post.organisation_id for post in posts if post.person_id not in roles]
    built.silent = set(rng.sample(quiet, min(planned.silent, len(quiet))))
    return built


def _join(built: Built, post: Post, role: str, today: dt.date) -> None:
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


def _weekday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=max(0, day.weekday() - 4))


def _hold_meetings(
    planned: Planned,
    built: Built,
    today: dt.date,
    at: dt.datetime,
    rng: random.Random,
    back: int,
) -> None:
    for title, days in planned.meetings:
        if days < -back:
            continue
        day = _weekday(today + dt.timedelta(days=days))
        start = timezone.make_aware(dt.datetime.combine(day, dt.time(15, 45)))
        asked = min(at, start) - dt.timedelta(days=28)
        [meeting] = schedule_meetings(
            by=built.lead,
            network=built.network,
            title=title,
            starts_at=[start],
            minutes=planned.minutes,
            place=planned.place,
            online_url=planned.online,
            agenda=title.partition(": ")[2].capitalize(),
            at=asked,
        )
        if meeting.ends_at < at:
            _register(built, meeting, rng)
        else:
            _replies(built, meeting, at, rng)


def _register(built: Built, meeting: Meeting, rng: random.Random) -> None:
    day = timezone.localdate(meeting.starts_at)
    expected = set(built.network.memberships.filter(in_force(day)).values_list("person", flat=True))
    presences: dict[int, str] = {}
    for person, organisation in built.members:
        if person.pk not in expected:
            continue
        chance = rng.random()
        if person == built.lead:
            presences[person.pk] = Presence.PRESENT
        elif organisation is not None and organisation.pk in built.silent:
            presences[person.pk] = Presence.APOLOGIES if chance < 0.2 else Presence.ABSENT
        else:
            presences[person.pk] = (
                Presence.PRESENT
                if chance < 0.78
                else Presence.APOLOGIES
                if chance < 0.92
                else Presence.ABSENT
            )
    if built.lead.pk not in expected:
        return
    take_register(
        by=built.lead,
        meeting=meeting,
        presences=presences,
        hours=hours_of(int((meeting.ends_at - meeting.starts_at).total_seconds() // 60)),
        at=meeting.ends_at + dt.timedelta(minutes=10),
    )


def _replies(built: Built, meeting: Meeting, at: dt.datetime, rng: random.Random) -> None:
    for person, organisation in built.members:
        silent = organisation is not None and organisation.pk in built.silent
        if person in (built.lead, built.deputy) or silent or rng.random() > 0.4:
            continue
        answer = "yes" if rng.random() < 0.85 else "no"
        reply_to_meeting(by=person, meeting=meeting, answer=answer, at=at)


def _talk(key: str, built: Built, at: dt.datetime) -> None:
    for is_question, title, texts in TALKS.get(key, ()):
        (who, days, text), *answers = texts
        first = start_thread(
            by=built.person(who),
            network=built.network,
            title=title,
            body=text,
            is_question=is_question,
            at=_working_hour(at, days),
        )
        for other, ago, words in answers:
            send_message(
                by=built.person(other),
                thread=first.thread,
                body=words,
                at=_working_hour(at, ago),
            )
    if key == "primary":
        _hold_one(built, at)


def _working_hour(at: dt.datetime, days: float) -> dt.datetime:
    """Return a moment so many days ago, between eight and six; the later part of a day is later."""
    part = 1 - days % 1
    hour, minute = divmod(int(8 * 60 + part * 600), 60)
    day = timezone.localdate(at) - dt.timedelta(days=int(days) + 1)
    return timezone.make_aware(dt.datetime.combine(day, dt.time(min(hour, 23), minute)))


def _hold_one(built: Built, at: dt.datetime) -> None:
    """Let one message be held, with a number made up for the fictional authority 999."""
    digits = "999200001001"
    number = upn.calc_check_digit(digits) + digits
    start_thread(
        by=built.person(6),
        network=built.network,
        title="Moving a support plan to another school",
        body=f"The file came without the last review. Does anyone have it? The number is {number}.",
        is_question=True,
        at=_working_hour(at, 0.6),
    )


def _build_supervision_groups(
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
    posts = _candidates(next(plan for plan in NETWORKS if plan.key == "elsa"), area, today)
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
        _join(group, supervisor, MembershipRole.LEAD, today)
        for post in posts[number::ELSA_GROUPS][:ELSA_GROUP_SIZE]:
            if post.person_id != supervisor.person_id:
                _join(group, post, MembershipRole.MEMBER, today)
        _hold_meetings(planned, group, today, at, rng, back)


def _build_ward_clusters(
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
                _join(cluster, post, role, today)
