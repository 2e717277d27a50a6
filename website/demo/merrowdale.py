"""Builds Merrowdale part by part. Each part is one transaction and leaves a mark in the audit log,
so that a second run, or a run after a stop half-way, does only what is missing."""

from __future__ import annotations

import datetime as dt
import importlib
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction

from accounts import audit
from accounts.models import AuditEvent, LocalArea, Organisation, User
from website.areas import open_local_area
from website.demo import places as demo_places
from website.demo.cast import CAST, DOMAIN
from website.demo.guard import require_demo
from website.demo.people import build_people
from website.demo.rooms import build_impact, build_learning

STAGES = ("empty", "sample", "term", "year")
PEOPLED = ("sample", "term", "year")
_MARK = "demo.built"
AREA_CODE = demo_places.LA_CODE

Say = Callable[[str], None]


class UnableToBuildDemo(Exception):
    """The demo cannot be built here; the message says why and what to do."""


@dataclass
class World:
    """What has been built so far, for the parts that follow.

    `places` are organisations and `people` the cast, both by key. `rng(part)` is a random
    generator that depends on the seed and the part only.
    """

    stage: str
    seed: int
    today: dt.date
    at: dt.datetime
    area: LocalArea = field(init=False)
    places: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def rng(self, part: str) -> random.Random:
        """Return the generator of one part."""
        return random.Random(f"{self.seed}:{part}")  # noqa: S311 - plausible, not secret


@dataclass(frozen=True)
class Part:
    """One part of the demo: how to build it, and which stages have it."""

    name: str
    label: str
    build: Callable[[World], None]
    stages: tuple[str, ...] = STAGES


def build_demo(
    *, stage: str, seed: int, today: dt.date, at: dt.datetime, say: Say = lambda line: None
) -> bool:
    """Build what is missing of Merrowdale on the configured database; return whether anything was.

    Raises ImproperlyConfigured outside demo mode, UnableToBuildDemo where the database already
    holds another stage or seed, or a local area that is not the demo's.
    """
    require_demo()
    # The file broker has no host, and says so each time; nothing of the demo rests on it.
    logging.getLogger("kombu.connection").setLevel(logging.ERROR)
    world = World(stage=stage, seed=seed, today=today, at=at)
    done = _parts_done(stage=stage, seed=seed)
    changed = False
    for part in parts():
        if stage not in part.stages:
            continue
        if part.name in done:
            _LOAD.get(part.name, lambda world: None)(world)
            continue
        began = time.monotonic()
        with transaction.atomic():
            part.build(world)
            audit.record(
                actor=None,
                verb=_MARK,
                local_area=world.area,
                data={"part": part.name, "stage": stage, "seed": seed},
                at=at,
            )
        changed = True
        say(f"  {part.label:<58} {time.monotonic() - began:5.1f} s")
    return changed


def _parts_done(*, stage: str, seed: int) -> set[str]:
    marks = [event.data for event in AuditEvent.objects.filter(verb=_MARK)]
    if not marks and LocalArea.objects.exists():
        raise UnableToBuildDemo(
            "This database already has a local area that the demo did not make. "
            "Point DATABASE_URL at an empty database."
        )
    for mark in marks:
        if (mark["stage"], mark["seed"]) != (stage, seed):
            raise UnableToBuildDemo(
                f"This database already holds Merrowdale, stage {mark['stage']}, seed "
                f"{mark['seed']}. Point DATABASE_URL at an empty database to build another."
            )
    return {mark["part"] for mark in marks}


def built_as() -> tuple[str, int] | None:
    """Return the stage and seed of the demo this database holds, or None."""
    mark = AuditEvent.objects.filter(verb=_MARK).first()
    return (mark.data["stage"], mark.data["seed"]) if mark else None


def point_site_at(*, port: int) -> None:
    """Let the demo's site answer on the port it runs on today."""
    site = LocalArea.objects.select_related("site").get(code=AREA_CODE).site
    if site is not None and site.port != port:
        site.port = port
        site.save()


# --- our own parts ---------------------------------------------------------------------------


def _build_area(world: World) -> None:
    world.area = open_local_area(
        name="Merrowdale",
        slug="merrowdale",
        code=AREA_CODE,
        product_name="Merrowdale SEND Learning",
        hostname="localhost",
        is_default_site=True,
        introduction=(
            "Training, shared practice and good resources for everyone in Merrowdale who helps "
            "children with special educational needs and disabilities to learn and belong."
        ),
        contact_email=f"learning@{DOMAIN}",
        safeguarding_contact=(
            "Merrowdale Front Door: 01632 960100 (Monday to Friday, 9am to 5pm)\n"
            "Emergency duty team: 01632 960199 (evenings, nights and weekends)\n"
            "In immediate danger: 999"
        ),
    )


def _load_area(world: World) -> None:
    world.area = LocalArea.objects.select_related("site__root_page").get(code=AREA_CODE)


def _build_places(world: World) -> None:
    world.places = demo_places.build_places(area=world.area, rng=world.rng("places"))


def _load_places(world: World) -> None:
    rows = {row.name: row for row in Organisation.objects.in_area(world.area)}
    settings = demo_places.schools(world.rng("places"))
    world.places = {
        place.key: rows[place.name] for place in settings + demo_places.other_places(settings)
    }


def _build_people(world: World) -> None:
    world.people = build_people(
        area=world.area,
        places=world.places,
        settings=demo_places.schools(world.rng("places")),
        today=world.today,
        at=world.at,
        rng=world.rng("people"),
        stage=world.stage,
    )


def _load_people(world: World) -> None:
    rows = User.objects.in_bulk([member.email for member in CAST], field_name="email")
    world.people = {member.key: rows[member.email] for member in CAST if member.email in rows}


_LOAD: dict[str, Callable[[World], None]] = {
    "area": _load_area,
    "places": _load_places,
    "people": _load_people,
}


# --- the rooms' parts --------------------------------------------------------------------------


def _room(name: str, label: str, stages: tuple[str, ...] = PEOPLED) -> Part:
    """Return the part a room supplies in its own `demo.py` as `build(...)`."""

    def build(world: World) -> None:
        importlib.import_module(f"{name}.demo").build(
            area=world.area,
            places=world.places,
            people=world.people,
            today=world.today,
            at=world.at,
            rng=world.rng(name),
            stage=world.stage,
        )

    return Part(name, label, build, stages)


def parts() -> list[Part]:
    """Return every part of the demo in the order in which it can be built."""
    return [
        Part("area", "Local area, site and standard pages", _build_area),
        Part("places", "61 settings, services, boards and childminders", _build_places),
        Part("people", "People, posts, managers and roles", _build_people),
        _room("networks", "Networks, meetings and discussions"),
        _room("resources_repo", "Resources, toolkits and who used them"),
        _room("courses", "Courses, lessons and packages"),
        Part("learning", "Requirements, records and obligations", build_learning, PEOPLED),
        Part("impact", "Outcomes and cohorts with a known truth", build_impact, ("sample", "year")),
    ]
