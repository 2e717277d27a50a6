"""Builds Merrowdale's library through the services: submitted, reviewed, published, used."""

from __future__ import annotations

import datetime as dt
import random

from accounts.enums import Role
from accounts.models import LocalArea, Organisation, Post, RoleGrant, User
from accounts.querysets import in_force
from networks.models import Membership, Network
from resources_repo.demo.files import make_file
from resources_repo.demo.texts_reader import Written, written_resources
from resources_repo.enums import Helped, Licence
from resources_repo.models import ResourcePage
from resources_repo.services.library import set_up_library
from resources_repo.services.reviews import approve_resource, return_resource
from resources_repo.services.submissions import propose_version, submit_resource
from resources_repo.services.use import record_use

# The first stays with the reviewer and the second goes back, so that the desks are not empty.
WAITING = ("Working with an interpreter or a communication aid",)
RETURNED = ("Parent carer coffee mornings: a starter kit",)
# These are open to families and search engines.
PUBLIC = {
    "The Local Offer in fifteen minutes: slides and notes",
    "Starting school: a plan for children who need more",
    "Preparing for adulthood: a toolkit for year 9 reviews",
    "My return: a planning booklet for pupils",
}
OVERDUE_EVERY = 9
SECOND_EDITION = "Graded return plan"


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
    """Build 45 resources; each is submitted by a member of its network and approved by another."""
    set_up_library(local_area=area)
    reviewer = people.get("samira") or _someone_who_reviews(area, today)
    if reviewer is None:
        return
    members = _members(area, today)
    users = _users(area, today)
    for number, item in enumerate(written_resources()):
        network = Network.objects.filter(local_area=area, slug=item.network).first()
        sent = at - dt.timedelta(days=330 - 7 * number)
        there = [person for person, since in members.get(item.network, []) if since <= sent.date()]
        author = _author(there, people, number)
        if author is None or author == reviewer:
            continue
        page = _submit(item, area, author, network, today, sent, number)
        if item.title in WAITING:
            continue
        if item.title in RETURNED:
            return_resource(
                by=reviewer,
                page=page,
                local_area=area,
                at=sent + dt.timedelta(days=2),
                comment=(
                    "Thank you, this is warm and useful. Please add who to ring when something "
                    "said at a coffee morning is worrying, then send it again."
                ),
            )
            continue
        page = approve_resource(
            by=reviewer, page=page, local_area=area, at=sent + dt.timedelta(days=3)
        )
        if item.title == SECOND_EDITION:
            _second_edition(item, page, area, author, reviewer, sent)
        _use(item, page, users, today, rng)


def _someone_who_reviews(area: LocalArea, today: dt.date) -> User | None:
    grant = (
        RoleGrant.objects.in_force(today)
        .filter(local_area=area, role=Role.REVIEWER, organisation__isnull=True)
        .select_related("person")
        .first()
    )
    return grant.person if grant else None


def _members(area: LocalArea, today: dt.date) -> dict[str, list[tuple[User, dt.date]]]:
    """Return by network its people and since when they belong: authors must have, by then."""
    found: dict[str, list[tuple[User, dt.date]]] = {}
    rows = (
        Membership.objects.in_force(today)
        .people()
        .filter(network__local_area=area)
        .select_related("person", "network")
        .order_by("pk")
    )
    for row in rows:
        if row.person is not None:
            found.setdefault(row.network.slug, []).append((row.person, row.starts_on))
    return found


def _users(area: LocalArea, today: dt.date) -> list[User]:
    """Return one person a setting, so that uses count settings."""
    posts = (
        Post.objects.filter(
            in_force(today), organisation__local_area=area, organisation__urn__isnull=False,
            job_role__in=("senco", "teacher"), person__is_active=True,
        )
        .select_related("person")
        .order_by("organisation", "pk")
    )  # fmt: skip
    seen: dict[int, User] = {}
    for post in posts:
        seen.setdefault(post.organisation_id, post.person)
    return list(seen.values())


def _author(belonging: list[User], people: dict[str, User], number: int) -> User | None:
    priya = people.get("priya")
    if priya in belonging and number % 3 == 0:
        return priya
    return belonging[(number * 5) % len(belonging)] if belonging else None


def _submit(
    item: Written,
    area: LocalArea,
    author: User,
    network: Network | None,
    today: dt.date,
    sent: dt.datetime,
    number: int,
) -> ResourcePage:
    overdue = number % OVERDUE_EVERY == OVERDUE_EVERY - 1
    page = submit_resource(
        by=author,
        local_area=area,
        title=item.title,
        summary=item.summary,
        resource_type=item.resource_type,
        tags=item.tags,
        body=item.body,
        file=make_file(item),
        network=network,
        licence=Licence.OGL if number % 4 else Licence.CC_BY_SA,
        review_by_on=today + dt.timedelta(days=-20 if overdue else 120 + 11 * number),
        no_pupil_data_confirmed=True,
        at=sent,
    )
    if item.title in PUBLIC:
        page.is_public = True
        page.save_revision(user=author)
    return page


def _second_edition(
    item: Written,
    page: ResourcePage,
    area: LocalArea,
    author: User,
    reviewer: User,
    sent: dt.datetime,
) -> None:
    made = make_file(
        Written(
            **{
                **item.__dict__,
                "body": [
                    *item.body,
                    {"type": "heading", "value": "When a step does not happen"},
                    {
                        "type": "text",
                        "value": "<p>Ring the same day, kindly. Ask which part was too big. "
                        "Halve it, and keep the date of the next review.</p>",
                    },
                ],
            }
        )
    )
    when = sent + dt.timedelta(days=60)
    page = propose_version(
        by=author,
        page=page,
        local_area=area,
        change_note="Adds what to do when a step does not happen",
        file=made,
        at=when,
    )
    approve_resource(by=reviewer, page=page, local_area=area, at=when + dt.timedelta(days=2))


def _use(
    item: Written, page: ResourcePage, users: list[User], today: dt.date, rng: random.Random
) -> None:
    for number, person in enumerate(rng.sample(users, min(item.used, len(users)))):
        other = rng.choice((Helped.PARTLY, Helped.NO))
        helped = Helped.YES if number < item.helped else other
        record_use(
            by=person,
            page=page,
            helped=helped,
            on=today - dt.timedelta(days=rng.randrange(2, 90)),
        )
