"""The permission matrix through the doors: who gets which answer for whose things.

Statuses: 200 shown, 302 sent to sign in, 403 not permitted, 404 not there for them. The data
contain what could leak: a sibling school, a hidden network, another local area.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import JobRole, OrganisationKind, Role
from core import clock
from cpd_tracking.models import Obligation
from networks.enums import MembershipRole, Visibility
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)
from tests.factories.cpd_tracking import build, make_rule, make_topic
from tests.factories.networks import join, make_meeting, make_network
from tests.factories.resources_repo import publish, submit

pytestmark = pytest.mark.django_db

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


@pytest.fixture
def house(area, other_area) -> dict[str, Any]:
    """A school with a learner, its sibling, a team, a hidden network; and the next local area."""
    today = clock.today()
    school, sibling = OrganisationFactory.create_batch(2, local_area=area)
    team = OrganisationFactory(local_area=area, kind=OrganisationKind.SOCIAL_CARE_TEAM)
    foreign_school = OrganisationFactory(local_area=other_area)
    make_rule(area, make_topic(area), key="R1")
    make_rule(other_area, make_topic(other_area), key="R1")
    since = today - dt.timedelta(days=200)

    def person(organisation: Any, role: str = JobRole.TEACHER) -> Any:
        return PostFactory(organisation=organisation, job_role=role, starts_on=since).person

    people = {
        "learner": person(school),
        "setting lead": person(school, JobRole.HEADTEACHER),
        "network lead": person(sibling),
        "team manager": person(team, JobRole.SOCIAL_CARE_MANAGER),
        "training admin": UserFactory(),
        "evaluator": UserFactory(),
        "system admin": UserFactory(),
        "auditor": UserFactory(),
    }
    for actor, role, organisation in (
        ("setting lead", Role.SETTING_LEAD, school),
        ("team manager", Role.TEAM_MANAGER, team),
        ("training admin", Role.TRAINING_ADMIN, None),
        ("evaluator", Role.EVALUATOR, None),
        ("system admin", Role.SYSTEM_ADMIN, None),
        ("auditor", Role.AUDITOR, None),
    ):
        RoleGrantFactory(
            person=people[actor], role=role, organisation=organisation, local_area=area
        )
    subjects = {
        "in the school": person(school),
        "in the sibling": person(sibling),
        "in the team": person(team, JobRole.SOCIAL_WORKER),
        "in the next area": person(foreign_school),
    }
    build(today)
    hidden = make_network(area, name="Hidden circle", visibility=Visibility.HIDDEN)
    join(hidden, people["network lead"], role=MembershipRole.LEAD, starts_on=since)
    return {
        "people": people,
        "subjects": subjects,
        "network": hidden,
        "meeting": make_meeting(hidden, people["network lead"]),
        "published": publish(area),
        "waiting": submit(area),
    }


def answer(house: dict[str, Any], actor: str, path: str) -> int:
    """Ask as the actor; a redirect that is not to sign-in is followed, since it is no answer."""
    client = Client()
    if actor != "visitor":
        client.force_login(house["people"][actor])
    response = client.get(path)
    if response.status_code == 302 and not response.url.startswith("/accounts/login/"):
        response = client.get(path, follow=True)
    return response.status_code


def row(shown: str, default: int, **exceptions: int) -> dict[str, int]:
    """Expect 200 for the actors named in `shown`, `default` for the others, 302 for a visitor."""
    expected = dict.fromkeys(ACTORS, default) | {"visitor": 302}
    for actor in filter(None, shown.split(", ")):
        expected[actor] = 200
    return expected | {name.replace("_", " "): status for name, status in exceptions.items()}


EVERYONE_SIGNED_IN = ", ".join(ACTORS[1:])
MANAGERS = "setting lead, team manager, training admin"

# path -> who is answered how. Objects of a person are in `PERSONS` below.
ROOMS: dict[str, dict[str, int]] = {
    "/": row(EVERYONE_SIGNED_IN, 403, visitor=200),
    "/accounts/login/": row(EVERYONE_SIGNED_IN, 403, visitor=200),
    "/my-learning/": row(EVERYONE_SIGNED_IN, 403),
    "/my-record/": row(EVERYONE_SIGNED_IN, 403),
    "/search/?q=circle": row(EVERYONE_SIGNED_IN, 403, visitor=200),
    "/team/": row(MANAGERS, 403),
    "/team/export.csv": row(MANAGERS, 403),
    "/setting/": row(MANAGERS, 403),
    "/setting/sessions/new/": row(MANAGERS, 403),
    "/impact/": row("evaluator", 403),
    "/impact/coverage/": row("evaluator", 403),
    "/impact/coverage.csv": row("evaluator", 403),
    "/impact/questions/": row("evaluator", 403),
    "/impact/questions/new/": row("evaluator", 403),
    "/audit-log/": row("system admin, auditor", 403),
    "/profile/data/": row(EVERYONE_SIGNED_IN, 403),
    "/privacy/requests/": row("system admin, auditor", 403),
    "/privacy/holds/": row("system admin, auditor", 403),
    "/privacy/retention/": row("system admin, auditor", 403),
    "/audit-log/export.csv": row("auditor", 403),
    "/audit-log/setting/": row("setting lead", 403),
    "/records/open/": row("system admin, auditor", 403),
    "/profile/accesses/": row(EVERYONE_SIGNED_IN, 403),
    "/resources/submit/": row(EVERYONE_SIGNED_IN, 403),
    "/resources/review/": row("", 403),
    "/certificates/": row(EVERYONE_SIGNED_IN, 403, visitor=200),
}


@pytest.mark.parametrize("path", ROOMS)
def test_each_room_opens_to_whom_it_should(house, path):
    answers = {actor: answer(house, actor, path) for actor in ACTORS}

    # A room that is hidden from someone may be 403 or 404 for them; never anything else.
    expected = ROOMS[path]
    for actor, status in answers.items():
        allowed = {403, 404} if expected[actor] == 403 else {expected[actor]}
        assert status in allowed, f"{actor} got {status} for {path}"


# Whose page -> who may open it: named people are for their own lead, manager and administrator.
PERSONS = {
    "in the school": {"setting lead", "training admin"},
    "in the sibling": {"training admin"},
    "in the team": {"team manager", "training admin"},
    "in the next area": set(),
}


@pytest.mark.parametrize("whose", PERSONS)
def test_a_persons_page_opens_to_those_who_answer_for_them(house, whose):
    subject = house["subjects"][whose]
    path = reverse("cpd_tracking:person", args=[subject.public_id])

    shown = {actor for actor in ACTORS if answer(house, actor, path) == 200}

    assert shown == PERSONS[whose]


@pytest.mark.parametrize("whose", PERSONS)
def test_why_a_status_is_as_it_is_stays_with_them_too(house, whose):
    obligation = Obligation.objects.filter(learner=house["subjects"][whose]).first()
    assert obligation is not None, "there is something that could leak"
    path = reverse("cpd_tracking:why", args=[obligation.pk])

    shown = {actor for actor in ACTORS if answer(house, actor, path) == 200}

    assert shown == PERSONS[whose]


def test_a_name_outside_ones_scope_is_not_in_grid_or_export(house):
    for actor in ("setting lead", "team manager"):
        client = Client()
        client.force_login(house["people"][actor])
        for path in ("/team/", "/team/export.csv"):
            response = client.get(path)
            body = b"".join(response) if response.streaming else response.content
            for whose, subject in house["subjects"].items():
                inside = actor in PERSONS[whose]
                assert (subject.family_name.encode() in body) is inside, (actor, path, whose)


def test_a_hidden_network_is_nowhere_but_for_its_members(house):
    slug, meeting = house["network"].slug, house["meeting"].pk
    paths = (
        f"/networks/{slug}/",
        f"/networks/{slug}/meetings/",
        f"/networks/{slug}/meetings/{meeting}/",
        f"/networks/{slug}/meetings/{meeting}/register/",
        f"/networks/{slug}/messages/",
        f"/networks/{slug}/messages/held/",
        f"/networks/{slug}/members/",
    )
    for path in paths:
        assert answer(house, "network lead", path) == 200, path
        for actor in ACTORS:
            if actor not in {"network lead", "visitor"}:
                assert answer(house, actor, path) == 404, (actor, path)
        assert answer(house, "visitor", path) in {302, 404}
    for actor in ACTORS:
        client = Client()
        if actor != "visitor":
            client.force_login(house["people"][actor])
        for path in ("/networks/", "/search/?q=Hidden+circle"):
            found = b"/networks/" + slug.encode() in client.get(path, follow=True).content
            assert found is (actor == "network lead"), (actor, path)


def test_what_waits_for_review_is_read_by_its_author_and_reviewers_only(house):
    waiting = house["waiting"]
    reviewer = UserFactory()
    for actor in ACTORS:
        assert answer(house, actor, waiting.url or "/resources/none/") in {302, 404}, actor
        assert answer(house, actor, reverse("resources_repo:review", args=[waiting.pk])) in {
            302,
            403,
            404,
        }, actor
    client = Client()
    client.force_login(reviewer)
    assert client.get(reverse("resources_repo:review", args=[waiting.pk])).status_code in {403, 404}


def test_the_cms_opens_to_editors_only(house):
    from accounts.services.roles import project_editor_rights

    area = house["network"].local_area
    for person in house["people"].values():
        project_editor_rights(person=person, local_area=area, on=clock.today())

    assert {actor for actor in ACTORS if answer(house, actor, "/cms/") == 200} == {
        "training admin",
        "system admin",
    }
