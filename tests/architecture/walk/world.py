"""The world of the walk: an area with nine actors, what is theirs, and what must not reach them.

Six places hold the same kinds of things, each with a person whose name is nobody else's:
`school` and `unit` below it (the setting lead's), `department` and `team` below it (the team
manager's), `sibling` in the same area, `foreign` in the next one. Three rooms hold what belongs
to networks, courses and the library: the actors' own, one beside it, one in the next area.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.test import Client

from accounts.enums import JobRole, OrganisationKind, Role
from accounts.models import LocalArea, Organisation, User
from accounts.services.editor_rights import project_all_editor_rights
from core import clock
from cpd_tracking.models import Obligation
from tests.architecture.walk.places import fill_place
from tests.architecture.walk.rooms import fill_room
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
    make_area,
)
from tests.factories.cpd_tracking import build, make_rule, make_topic

ACTORS = (
    "visitor",
    "learner",
    "setting lead",
    "network lead",
    "team manager",
    "training admin",
    "evaluator",
    "system admin",
    "auditor",
)
RELATIONS = ("own", "child", "sibling", "foreign")
PLACES = ("school", "unit", "department", "team", "sibling", "foreign")
# Names of the people whose things these are; a page that says one shows that person.
MARKS = {place: f"Quill{place}" for place in PLACES}

_AREA_ROLES = {
    "training admin": Role.TRAINING_ADMIN,
    "evaluator": Role.EVALUATOR,
    "system admin": Role.SYSTEM_ADMIN,
    "auditor": Role.AUDITOR,
}


@dataclass
class World:
    """Everything the walk asks for; `places` by name and `rooms` by relation."""

    area: LocalArea
    other_area: LocalArea
    people: dict[str, User]
    places: dict[str, SimpleNamespace]
    rooms: dict[str, SimpleNamespace]
    clients: dict[str, Client] = field(default_factory=dict)

    def place(self, actor: str, relation: str) -> SimpleNamespace:
        """Return the place that stands in this relation to the actor."""
        name = {"own": "school", "child": "unit"}.get(relation, relation)
        if actor == "team manager":
            name = {"own": "department", "child": "team"}.get(relation, relation)
        return self.places[name]

    def room(self, relation: str) -> SimpleNamespace:
        """Return the room in this relation; all actors have the same ones."""
        return self.rooms[relation]

    def client(self, actor: str) -> Client:
        """Return the actor's browser, signed in once."""
        if actor not in self.clients:
            client = Client(raise_request_exception=False)
            if actor != "visitor":
                client.force_login(self.people[actor])
                # As if the password had been typed a moment ago: what asks for it again answers.
                session = client.session
                session["account_authentication_methods"] = [
                    {"method": "password", "at": time.time()}
                ]
                session.save()
            # Settles what a session keeps for a while, so that later requests write nothing.
            client.get("/accounts/login/")
            self.clients[actor] = client
        return self.clients[actor]


def build_world() -> World:
    """Build the two areas; everything else is filled in by place and by room."""
    area, other_area = make_area(), make_area("Eastmarch", "998", hostname="eastmarch.localhost")
    # The second step has tests of its own; here everybody is past it.
    LocalArea.objects.update(second_step_roles=[])
    for each in (area, other_area):
        make_rule(each, make_topic(each), key="R1")
    organisations = _organisations(area, other_area)
    people = _people(area, organisations)
    places = {
        name: fill_place(
            name,
            organisation,
            mark=MARKS[name],
            subject=people["learner"] if name == "school" else None,
        )
        for name, organisation in organisations.items()
    }
    build(clock.today())
    for place in places.values():
        place.obligation = Obligation.objects.filter(learner=place.subject).first()
        assert place.obligation is not None, "there is something that could leak"
    rooms = {
        relation: fill_room(relation, area if relation != "foreign" else other_area, people, places)
        for relation in RELATIONS
    }
    project_all_editor_rights(on=clock.today())
    return World(area, other_area, people, places, rooms)


def _organisations(area: LocalArea, other_area: LocalArea) -> dict[str, Organisation]:
    def make(name: str, where: LocalArea = area, **fields: Any) -> Organisation:
        return OrganisationFactory(local_area=where, name=f"The {name} of the walk", **fields)

    care = {"kind": OrganisationKind.SOCIAL_CARE_TEAM, "urn": None}
    school, department = make("school"), make("department", **care)
    return {
        "school": school,
        "unit": make("unit", parent=school, urn=None),
        "department": department,
        "team": make("team", parent=department, **care),
        "sibling": make("sibling"),
        "foreign": make("foreign", other_area),
    }


def _people(area: LocalArea, organisations: dict[str, Organisation]) -> dict[str, User]:
    since = clock.today() - dt.timedelta(days=200)

    def working(place: str, role: str, **names: str) -> User:
        return PostFactory(
            person=UserFactory(**names),
            organisation=organisations[place],
            job_role=role,
            starts_on=since,
        ).person

    people = {
        "learner": working("school", JobRole.TEACHER, family_name=MARKS["school"]),
        "setting lead": working("school", JobRole.HEADTEACHER),
        "network lead": working("sibling", JobRole.SENCO),
        "team manager": working("department", JobRole.SOCIAL_CARE_MANAGER),
        **{actor: UserFactory() for actor in _AREA_ROLES},
    }
    for actor, role, place in (
        ("setting lead", Role.SETTING_LEAD, "school"),
        ("team manager", Role.TEAM_MANAGER, "department"),
    ):
        RoleGrantFactory(
            person=people[actor], role=role, local_area=area, organisation=organisations[place]
        )
    for actor, role in _AREA_ROLES.items():
        RoleGrantFactory(person=people[actor], role=role, local_area=area)
    # Not the last one, so that what is asked of a last one is not in the way.
    RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=area)
    return people
