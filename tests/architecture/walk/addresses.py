"""How each route with arguments is addressed: for a thing of a place or a room, and for nothing."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.urls import reverse

from core import registry
from tests.architecture.walk.routes import Route

Place = Room = SimpleNamespace
Arguments = Callable[[Place, Room], dict[str, Any]]


def _subject(place: Place, room: Room) -> dict[str, Any]:
    return {"public_id": place.subject.public_id}


def _post(place: Place, room: Room) -> dict[str, Any]:
    return _subject(place, room) | {"pk": place.post.pk}


def _leave(place: Place, room: Room) -> dict[str, Any]:
    return _subject(place, room) | {"pk": place.pause.pk}


def _organisation(place: Place, room: Room) -> dict[str, Any]:
    return {"pk": place.organisation.pk}


def _network(name: str) -> Arguments:
    """Address one thing of the room's network."""

    def arguments(place: Place, room: Room) -> dict[str, Any]:
        found: dict[str, Any] = {"slug": room.network.slug}
        return found | ({"pk": getattr(room, name).pk} if name else {})

    return arguments


def _in_room(argument: str, name: str, attribute: str = "pk") -> Arguments:
    return lambda place, room: {argument: getattr(getattr(room, name), attribute)}


def _in_place(argument: str, name: str, attribute: str = "pk") -> Arguments:
    return lambda place, room: {argument: getattr(getattr(place, name), attribute)}


ARGUMENTS: dict[str, Arguments] = {
    # people and posts
    "accounts:person": _subject,
    "accounts:person-correct": _in_place("public_id", "newcomer", "public_id"),
    "accounts:post-add": _subject,
    "accounts:post-change": _post,
    "accounts:post-job": _post,
    "accounts:post-end": _post,
    "accounts:post-reopen": lambda place, room: {
        "public_id": place.ended.person.public_id,
        "pk": place.ended.pk,
    },
    "accounts:invitations-of": _organisation,
    "accounts:withdraw-invitation": _in_place("pk", "invitation"),
    **{
        f"accounts:staff-import{step}": _in_place("pk", "staff_import")
        for step in ("", "-errors", "-titles", "-commit", "-discard", "-undo")
    },
    # sign-in
    "mfa_edit_webauthn": _in_place("pk", "passkey"),
    "mfa_remove_webauthn": _in_place("pk", "passkey"),
    "accounts:end-session": _in_place("pk", "signed_in_at"),
    "accounts:unlink-service": _in_place("pk", "linked"),
    "accounts:sign-in-service": _in_room("slug", "service", "slug"),
    "accounts:sign-in-service-change": _in_room("slug", "service", "slug"),
    "accounts:sign-in-service-switch": _in_room("slug", "service", "slug"),
    "accounts:sign-in-service-test": _in_room("slug", "service", "slug"),
    "accounts:suspend-person": _subject,
    "accounts:restore-person": _subject,
    "accounts:reset-second-step": _subject,
    "accounts:forget-password": _subject,
    # organisations
    "accounts:organisation": _organisation,
    "accounts:organisation-change": _organisation,
    "accounts:organisation-trust": _organisation,
    "accounts:organisation-close": _organisation,
    "accounts:organisation-convert": _organisation,
    "accounts:organisation-convert-undo": _organisation,
    "accounts:sharing-add": _organisation,
    "accounts:sharing-withdraw": lambda place, room: {
        "pk": place.organisation.pk,
        "decision": place.sharing.pk,
    },
    "accounts:cluster": _in_room("pk", "cluster"),
    "accounts:cluster-change": _in_room("pk", "cluster"),
    "accounts:cluster-join": _in_room("pk", "cluster"),
    "accounts:cluster-end": _in_room("pk", "cluster"),
    "accounts:cluster-leave": lambda place, room: {
        "pk": room.cluster.pk,
        "membership": room.in_cluster.pk,
    },
    "accounts:merge": _in_room("pk", "merge"),
    "accounts:merge-undo": _in_room("pk", "merge"),
    # roles
    "accounts:role-grant": _subject,
    "accounts:role": _in_place("pk", "grant"),
    "accounts:role-end": _in_place("pk", "grant"),
    "accounts:role-colleague": _in_place("pk", "grant"),
    "accounts:role-delegate": lambda place, room: {
        "pk": place.grant.pk,
        "public_id": place.subject.public_id,
    },
    "accounts:proposal-new": _subject,
    "accounts:proposal-decide": _in_place("pk", "proposal"),
    # personal data
    "accounts:my-copy": _in_place("pk", "copy"),
    "accounts:privacy-request": _in_place("pk", "asked"),
    "accounts:privacy-decide": _in_place("pk", "asked"),
    "accounts:privacy-carry-out": _in_place("pk", "asked"),
    "accounts:legal-hold-lift": _in_place("pk", "hold"),
    "accounts:disposal": _in_room("pk", "disposal"),
    "accounts:disposal-decide": _in_room("pk", "disposal"),
    "accounts:retention-period": lambda place, room: {"key": next(iter(registry.retained())).key},
    # networks
    **{
        f"networks:{route}": _network(name)
        for route, name in {
            "meetings": "",
            "schedule": "",
            "meeting": "meeting",
            "meeting-change": "coming",
            "meeting-cancel": "coming",
            "meeting-reply": "coming",
            "register": "meeting",
            "meeting-calendar": "coming",
            "calendar": "",
            "discussion": "",
            "thread-start": "",
            "held": "",
            "thread": "thread",
            "message-edit": "held",
            "message-release": "held",
            "message-redact": "message",
            "members": "",
            "member-add": "",
            "member-change": "membership",
            "join": "",
            "leave": "",
            "settings": "",
        }.items()
    },
    # library
    "resources_repo:submitted": _in_room("pk", "submitted"),
    "resources_repo:new-version": _in_room("pk", "resource"),
    "resources_repo:review": _in_room("pk", "submitted"),
    "resources_repo:download": _in_room("pk", "resource"),
    "resources_repo:download-version": lambda place, room: {"pk": room.resource.pk, "number": 1},
    "resources_repo:used": _in_room("pk", "resource"),
    # courses
    "courses:start": _in_room("course_id", "course"),
    "courses:lesson-done": _in_room("lesson_id", "lesson"),
    "courses:begin": _in_room("activity_id", "quiz_activity"),
    "courses:quiz": lambda place, room: {"uuid": room.sitting.attempt.uuid},
    "courses:completed": _in_room("uuid", "enrolment", "uid"),
    "courses:attempt-status": _in_room("uuid", "attempt", "uuid"),
    "courses:attempt-statements": _in_room("uuid", "attempt", "uuid"),
    "courses:attempt-state": _in_room("uuid", "attempt", "uuid"),
    "courses:attempt-viewed": _in_room("uuid", "attempt", "uuid"),
    # learning records
    "cpd_tracking:make_certificate": _in_place("record_id", "record"),
    "cpd_tracking:why": _in_place("obligation_id", "obligation"),
    "cpd_tracking:person": _subject,
    "cpd_tracking:pauses": _subject,
    "cpd_tracking:resume": _leave,
    "cpd_tracking:pause_remove": _leave,
    "cpd_tracking:opened_record": _subject,
    "cpd_tracking:session": _in_place("pk", "session"),
    "cpd_tracking:session_sheet": _in_place("pk", "session"),
    "cpd_tracking:certificate": _in_place("code", "certificate", "code"),
    "cpd_tracking:certificate_json": _in_place("code", "certificate", "code"),
    "cpd_tracking:certificate_pdf": _in_place("code", "certificate", "code"),
    "cpd_tracking:certificate_name": _in_place("code", "certificate", "code"),
    # impact
    **{
        f"impact:{route}": _in_room("plan_id", "plan")
        for route in ("question", "state", "change", "lock", "run")
    },
}


def path_of(route: Route, place: Place, room: Room) -> str:
    """Return the address of this thing of the place or the room."""
    found = ARGUMENTS[route.name](place, room)
    return reverse(route.name, kwargs={name: found[name] for name in route.arguments})


_NOTHING: dict[str, Any] = {
    "int": 987_654_321,
    "uuid": uuid.UUID(int=0x0123456789ABCDEF0123456789ABCDEF),
    "slug": "no-such-thing",
    "str": "no-such-thing",
}


def path_to_nothing(route: Route) -> str:
    """Return an address of the same route for a thing that nowhere is."""
    arguments = {
        name: _NOTHING[kind or "str"]
        for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", route.pattern)
    }
    return reverse(route.name, kwargs=arguments)
