"""The walk: every route x nine actors x own, child, sibling and foreign things.

One world, one test a route. What a person may not see is answered as if it were not there; a GET
changes nothing; nobody reads a name from outside their scope. A route added later fails here
until somebody says in walk/table.py who is answered how.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.test import TestCase
from django.urls import reverse

from tests.architecture.walk import library, table
from tests.architecture.walk.addresses import ARGUMENTS, path_of, path_to_nothing
from tests.architecture.walk.routes import Route, all_routes
from tests.architecture.walk.walker import (
    BAD,
    FORBIDDEN,
    MISSING,
    MOVED,
    SHOWN,
    SIGN_IN,
    WRONG_METHOD,
    Answer,
    ask,
)
from tests.architecture.walk.world import ACTORS, RELATIONS, World, build_world

ANSWERED = {SHOWN, MOVED, BAD, "409", "422"}
REFUSED = {SIGN_IN, FORBIDDEN, MISSING}
AUDIT_EVENT = "accounts_auditevent"


def name_of(route: Route) -> str:
    """The name under which the table knows the route."""
    return route.name or table.NAMES_BY_PATTERN.get(route.pattern, "")


ROUTES = {name_of(route): route for route in reversed(all_routes()) if name_of(route)}


class TestTable:
    """The table and the routes are the same."""

    def test_every_route_of_ours_is_in_the_table(self):
        known = {*table.ROOMS, *table.THINGS, *table.TOKENS}
        forgotten = [
            f"{name_of(route) or route.pattern} ({route.policy.name if route.policy else None})"
            for route in all_routes()
            if route.is_ours and not route.is_cms and name_of(route) not in known
        ]

        assert forgotten == [], "say in tests/architecture/walk/table.py who is answered how"

    def test_every_route_of_a_library_has_a_rule(self):
        policies = {route.policy.name if route.policy else "" for route in all_routes()}

        without = [route.pattern for route in all_routes() if route.policy is None]
        assert without == []
        ours = {name for name in policies if name.startswith(("role:", "area:"))}
        libraries = {
            route.policy.name
            for route in all_routes()
            if not route.is_ours and route.policy is not None
        }
        assert libraries <= {"public", "signed_in", "cms", "page", "document", "closed"}
        assert ours

    def test_the_table_names_nothing_that_is_gone(self):
        known = {*table.ROOMS, *table.THINGS, *table.TOKENS, *table.LOOKS, *ARGUMENTS}

        assert sorted(known - set(ROUTES)) == []

    def test_every_thing_has_an_address(self):
        assert set(table.THINGS) == set(ARGUMENTS)


class TestWalk(TestCase):
    """One world for all; what a request writes is taken back."""

    built: dict[str, World] = {}

    @classmethod
    def setUpTestData(cls) -> None:
        """Build the world once, with everybody signed in."""
        cls.built["world"] = build_world()
        for actor in ACTORS:
            cls.built["world"].client(actor)

    @property
    def world(self) -> World:
        """The world of the walk."""
        return self.built["world"]

    def walk_room(self, name: str, route: Route) -> None:
        """Everybody asks for a room without arguments."""
        path, wrong = reverse(name), []
        for actor in ACTORS:
            answer = ask(self.world, actor, path)
            wrong += self.faults(name, actor, answer)
            if actor not in table.ROOMS[name]:
                if answer.kind not in REFUSED or (actor == "visitor" and answer.kind != SIGN_IN):
                    wrong.append(f"{actor}: {answer.kind}, but it is closed to them")
                continue
            if answer.kind not in ANSWERED | {WRONG_METHOD}:
                wrong.append(f"{actor}: {answer.kind}, but it is open to them")
            posted = ask(self.world, actor, path, {})
            if posted.status >= 500:
                wrong.append(f"{actor}: POST was answered {posted.status}")
        assert wrong == [], f"{path}\n" + "\n".join(wrong)

    def walk_thing(self, name: str, route: Route) -> None:
        """Everybody asks for a thing of their own, below, beside and of the next area.

        The door refuses by GET and POST alike: whom it refuses is asked for the nearest and the
        farthest only.
        """
        wrong: list[str] = []
        named = Route(name, route.pattern, route.view, route.arguments)
        for actor in ACTORS:
            nowhere = ask(self.world, actor, path_to_nothing(named))
            nowhere_posted = ask(self.world, actor, path_to_nothing(named), {})
            at_the_door = nowhere.kind in {SIGN_IN, FORBIDDEN}
            posted_only = nowhere.kind == WRONG_METHOD
            for relation in ("own", "foreign") if at_the_door else RELATIONS:
                path = path_of(named, self.world.place(actor, relation), self.world.room(relation))
                got = None if posted_only else ask(self.world, actor, path)
                open_to_them = actor in table.THINGS[name].shown(relation)
                posted = None
                if posted_only or not (at_the_door or (open_to_them and relation != "own")):
                    posted = ask(self.world, actor, path, {})
                faults = self.faults(name, actor, got) if got else []
                if posted and posted.status >= 500:
                    faults.append(f"POST was answered {posted.status}")
                faults += self.judge(
                    name,
                    actor,
                    relation,
                    judged=got or posted,
                    posted=posted or nowhere_posted,
                    nowhere=nowhere_posted if posted_only else nowhere,
                )
                wrong += [f"{actor}, {relation}: {fault}" for fault in faults]
        assert wrong == [], f"{route.pattern}\n" + "\n".join(wrong)

    def judge(
        self,
        name: str,
        actor: str,
        relation: str,
        *,
        judged: Answer | None,
        posted: Answer,
        nowhere: Answer,
    ) -> list[str]:
        """Compare what was answered with the table, and with what nothing is answered."""
        reach = table.THINGS[name]
        assert judged is not None
        if actor in reach.shown(relation):
            return [] if judged.kind in ANSWERED else [f"{judged.kind}, but it is open to them"]
        faults = []
        if self.changed(posted):
            faults.append(f"POST wrote {posted.writes}")
        if actor in reach.known.get(relation, ()):
            if judged.kind != FORBIDDEN:
                faults.append(f"{judged.kind}, but they know of it and may not")
            return faults
        if judged.kind not in REFUSED | {MOVED}:
            faults.append(f"{judged.kind}, but it is not there for them")
        elif (judged.kind, judged.target) != (nowhere.kind, nowhere.target) and (
            judged.kind != SIGN_IN
        ):
            faults.append(f"{judged.kind}, but nothing is answered {nowhere.kind}")
        return faults

    def walk_token(self, name: str, route: Route) -> None:
        """Everybody tries a secret that was never made."""
        path = path_to_nothing(route)
        wrong: list[str] = []
        for actor in ACTORS:
            for answer in (ask(self.world, actor, path), ask(self.world, actor, path, {})):
                if answer.status >= 500 or answer.names - table.names_for(actor, name):
                    wrong.append(f"{actor}: {answer.status}, {sorted(answer.names)}")
                if self.changed(answer):
                    wrong.append(f"{actor}: wrote {answer.writes}")
        assert wrong == [], f"{path}\n" + "\n".join(wrong)

    def walk_cms(self, route: Route) -> None:
        """Nobody but editors is let in; editors read and change nothing of the next area, and of
        a hidden network only what its members know.
        """
        wrong: list[str] = []
        own = self.world.room("own")
        path = library.cms_path(route, own, page=own.page)
        for actor in ACTORS:
            if actor not in library.EDITORS and route.pattern not in library.OPEN_IN_CMS:
                answer = ask(self.world, actor, path)
                expected = SIGN_IN if actor == "visitor" else FORBIDDEN
                if answer.kind not in {expected, MISSING}:
                    wrong.append(f"{actor}: {answer.kind}")
        for where, path, is_theirs in self.in_cms(route):
            for actor in library.EDITORS if where == "own" else library.EDITORS[:1]:
                got = ask(self.world, actor, f"{path}?q=Walkers")
                wrong += [f"{actor}, {where}: {fault}" for fault in self.cms_faults(got)]
                if got.status >= 500:
                    wrong.append(f"{actor}, {where}: {got.status}")
                if not is_theirs:
                    posted = ask(self.world, actor, path, {})
                    wrong += [f"{actor}, {where}: {fault}" for fault in self.cms_faults(posted)]
        assert wrong == [], f"{route.pattern}\n" + "\n".join(sorted(set(wrong)))

    def in_cms(self, route: Route) -> list[tuple[str, str, bool]]:
        """Return for whose things the route is asked, where that makes a difference."""
        own, hidden, foreign = (self.world.room(name) for name in ("own", "sibling", "foreign"))
        cases = [("own", own, own.page, True)]
        if route.arguments:
            cases.append(("foreign", foreign, foreign.page, False))
        if library.names_page(route):
            cases.append(("hidden", own, hidden.network.page, False))
            cases.append(("foreign draft", foreign, foreign.draft, False))
        return [
            (where, library.cms_path(route, room, page=page), is_theirs)
            for where, room, page, is_theirs in cases
        ]

    def cms_faults(self, answer: Answer) -> list[str]:
        """Return what was told of another area or a hidden network, and what was written."""
        words = library.leaks(self.world.rooms)
        told = [word.decode() for word in words if word in answer.body]
        written = {write.split()[1] for write in answer.writes}
        written -= library.ALLOWED_IN_CMS | {AUDIT_EVENT}
        return [f"told {told}"] * bool(told) + [f"wrote to {sorted(written)}"] * bool(written)

    def faults(self, name: str, actor: str, answer: Answer) -> list[str]:
        """Return what no GET may do: fail, write, or say a name from outside one's scope."""
        faults = []
        if answer.status >= 500:
            faults.append(f"{actor}: GET was answered {answer.status}")
        allowed = {AUDIT_EVENT} if answer.kind in REFUSED else {table.LOOKS.get(name, "")}
        written = {write.split()[1] for write in answer.writes} - allowed
        if written:
            faults.append(f"{actor}: GET wrote to {sorted(written)}")
        told = answer.names - table.names_for(actor, name)
        if told:
            faults.append(f"{actor}: GET told names of {sorted(told)}")
        return faults

    def test_documents_are_handed_to_whoever_reads_a_page_that_leads_to_them(self):
        """The document of a page behind sign-in: everybody here, nobody else."""
        for relation in RELATIONS:
            document = self.world.room(relation).document
            path = f"/documents/{document.pk}/{document.filename}"
            for actor in ACTORS:
                answer = ask(self.world, actor, path)
                here = relation != "foreign" and actor != "visitor"
                assert answer.kind == (SHOWN if here else MISSING), (actor, relation)
                assert answer.writes == (), (actor, relation)

    def test_pages_are_for_the_people_of_their_area(self):
        """A page behind sign-in, a draft, a network's home; the next area's on its own host."""
        world = self.world
        for relation in RELATIONS:
            room = world.room(relation)
            host = {"headers": {"host": "eastmarch.localhost"}} if relation == "foreign" else {}
            pages = {
                room.page: relation != "foreign",
                room.draft: False,
                room.course.page: relation != "foreign",
                room.resource: relation != "foreign",
                room.network.page: relation in {"own", "child"},
            }
            for page, shown in pages.items():
                path = f"/{page.url_path.split('/', 2)[2]}"
                for actor in ACTORS:
                    answer = ask(world, actor, path, **host)
                    if actor == "visitor":
                        assert answer.kind in {SIGN_IN, MISSING}, (actor, relation, path)
                    else:
                        assert answer.kind == (SHOWN if shown else MISSING), (actor, path)
                    assert not self.changed(answer), (actor, path, answer.writes)

    def test_closed_routes_answer_nobody(self):
        """What a library brings and the house does not use."""
        for route in all_routes():
            if route.policy is not None and route.policy.name == "closed":
                for actor in ACTORS:
                    answer = ask(self.world, actor, f"/{route.pattern}")
                    assert answer.kind == (SIGN_IN if actor == "visitor" else MISSING), actor

    def test_the_library_of_sign_in_changes_nothing_by_get(self):
        """Every route of allauth without arguments: no fault, no name, nothing written."""
        for route in all_routes():
            if route.is_ours or route.arguments or not route.pattern.startswith("accounts/"):
                continue
            for actor in ACTORS:
                if actor == "learner" and "webauthn" in route.pattern:
                    # Their passkey is made up: the library cannot read it.
                    continue
                answer = ask(self.world, actor, f"/{route.pattern}")
                faults = self.faults("allauth", actor, answer)
                assert faults == [], (route.pattern, faults)
                if route.policy is not None and route.policy.name == "signed_in":
                    assert (answer.kind == SIGN_IN) is (actor == "visitor"), route.pattern

    def test_other_peoples_ids_in_a_form_change_nothing(self):
        """Lists of ids that no form would offer: people of a sibling and of the next area."""
        for relation in ("sibling", "foreign"):
            place = self.world.places[relation]
            ids = {
                "selected": [place.subject.pk],
                "obligation": [place.obligation.pk],
                "person": [str(place.subject.public_id), str(place.newcomer.public_id)],
                "post": [place.post.pk, place.ended.pk],
                "organisation": [place.organisation.pk],
                "setting": [place.organisation.pk],
                "confirmed": "yes",
            }
            for name, allowed in table.ROOMS.items():
                if allowed != table.LEADS:
                    continue
                for actor in ("setting lead", "team manager"):
                    answer = ask(self.world, actor, reverse(name), ids)
                    assert answer.status < 500, (name, actor)
                    assert not self.changed(answer), (name, actor, answer.writes)
                    assert relation not in answer.names, (name, actor)

    def changed(self, answer: Answer) -> bool:
        """Whether anything was written beside the note of a refusal."""
        return any(AUDIT_EVENT not in write for write in answer.writes)


def _method(walk: Callable[..., None], name: str) -> Callable[[TestWalk], None]:
    def test(self: TestWalk) -> None:
        walk(self, name, ROUTES[name])

    test.__doc__ = name
    return test


def _cms_method(route: Route) -> Callable[[TestWalk], None]:
    def test(self: TestWalk) -> None:
        self.walk_cms(route)

    test.__doc__ = route.pattern
    return test


def _tests() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for route in all_routes():
        if route.is_cms and route.pattern not in library.FAILS:
            words = re.sub(r"\W+", "_", route.pattern.removeprefix("cms/")).strip("_")
            found[f"test_cms_{words or 'home'}"] = _cms_method(route)
    for kind, names, walk in (
        ("room", table.ROOMS, TestWalk.walk_room),
        ("thing", table.THINGS, TestWalk.walk_thing),
        ("token", table.TOKENS, TestWalk.walk_token),
    ):
        for name in sorted(set(names) & set(ROUTES)):
            words = re.sub(r"\W+", "_", name)
            found[f"test_{kind}_{words}"] = _method(walk, name)
    return found


for _name, _test in _tests().items():
    setattr(TestWalk, _name, _test)
