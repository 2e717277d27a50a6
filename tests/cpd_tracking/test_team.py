"""The team grid: exceptions first, filters in the URL, an export of exactly what is on screen."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from accounts.enums import JobRole
from accounts.models import AuditEvent
from core import outbox
from core.models import Outbox
from cpd_tracking.models import Nudge, Obligation
from cpd_tracking.selectors import GridFilters, team_grid
from cpd_tracking.services.nudges import nudge
from cpd_tracking.services.records import record_learning
from tests.factories.accounts import OrganisationFactory, PostFactory
from tests.factories.cpd_tracking import (
    AT,
    TODAY,
    build,
    learned,
    make_person_rule,
    make_rule,
    make_team,
    make_topic,
)

pytestmark = pytest.mark.django_db
D = dt.date


@pytest.fixture
def frozen():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def team(area):
    """Colm's three workers: one up to date, two overdue; and a stranger in another team."""
    manager, organisation, workers = make_team(area)
    topic = make_topic(area, "Information governance")
    make_rule(area, topic, "R6", audience={"job_roles": [str(JobRole.SOCIAL_WORKER)]})
    make_team(area, 2, name="Other team")
    build()
    record_learning(learned=learned(workers[0], topic, D(2026, 9, 1)), at=AT)
    return manager, organisation, workers, topic


def test_people_with_exceptions_come_first_and_numbers_have_denominators(team):
    manager, _, workers, _ = team
    grid = team_grid(manager, GridFilters(), TODAY)
    assert {row.person for row in grid.rows[:2]} == set(workers[1:])
    assert grid.rows[0].cells[0].text == "11 months late"
    assert grid.total == 4  # three workers and Colm, of whom nothing is asked
    assert (grid.stats.late, grid.stats.valid, grid.stats.counted) == (2, 1, 3)
    assert grid.stats.percent == 33


def test_filters_narrow_people_and_columns(team):
    manager, _, workers, _ = team
    done = team_grid(manager, GridFilters(status="done"), TODAY)
    assert [row.person for row in done.rows] == [workers[0]]
    named = team_grid(manager, GridFilters(q=workers[1].family_name), TODAY)
    assert [row.person for row in named.rows] == [workers[1]]
    nothing = team_grid(manager, GridFilters(requirement="R99"), TODAY)
    assert (nothing.rows, nothing.columns) == ([], [])


def test_the_page_shows_chips_and_never_another_team(team, sign_in, frozen):
    manager, _, workers, _ = team
    response = sign_in(manager).get("/team/", {"status": "overdue", "requirement": "R6"})
    text = response.content.decode()
    assert "Remove filter" in text
    assert workers[1].get_full_name() in text
    assert workers[0].get_full_name() not in text
    assert "Other team" not in text
    assert len(text) < 60_000


def test_hostile_filters_are_no_filters(team, sign_in, frozen):
    client = sign_in(team[0])
    for query in (
        {"status": "' OR 1=1", "page": "10000000000"},
        {"organisation": "-1"},
        {"requirement": "password"},
        {"page": "x"},
    ):
        assert client.get("/team/", query).status_code == 200


def test_the_export_is_what_is_on_screen_and_neutral(team, sign_in, frozen):
    manager, _, workers, _ = team
    workers[1].given_name = "=HYPERLINK(1)"
    workers[1].save()
    client = sign_in(manager)
    response = client.get("/team/export.csv", {"status": "overdue"})
    body = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body)))
    assert rows[0] == ["Person", "Information governance", "Next due", "Role", "Setting"]
    assert len(rows) == 3
    assert any(row[0].startswith("'=HYPERLINK") for row in rows)
    assert AuditEvent.objects.filter(verb="team.exported").exists()


@pytest.mark.parametrize("people", [1, 30])
def test_the_grid_asks_the_same_number_of_queries(
    area, people, django_assert_num_queries, sign_in, frozen
):
    manager, _, _ = make_team(area, people)
    for number in range(4):
        make_rule(area, make_topic(area, f"Rule {number}"))
    make_person_rule(area, make_topic(area, "Of the person"))
    build()
    client = sign_in(manager)
    client.get("/team/")
    with django_assert_num_queries(14):
        client.get("/team/")


def test_opening_a_person_is_recorded_and_the_person_sees_it(team, sign_in, frozen):
    manager, _, workers, _ = team
    url = reverse("cpd_tracking:person", args=[workers[1].public_id])
    assert workers[1].get_full_name().encode() in sign_in(manager).get(url).content
    assert b"Colm Devlin" in sign_in(workers[1]).get("/my-record/").content


def test_strangers_and_colleagues_have_no_person_page(team, sign_in, frozen):
    manager, _, workers, _ = team
    stranger = PostFactory(organisation=OrganisationFactory(local_area=team[1].local_area)).person
    url = reverse("cpd_tracking:person", args=[stranger.public_id])
    assert sign_in(manager).get(url).status_code == 404
    assert sign_in(workers[0]).get(url).status_code == 403


class TestNudge:
    def late(self, *people):
        return list(
            Obligation.objects.current(TODAY)
            .filter(learner__in=people)
            .values_list("pk", flat=True)
        )

    def test_one_mail_a_person_once_a_day(self, team, mailoutbox):
        manager, _, workers, _ = team
        ids = self.late(*workers)
        first = nudge(by=manager, obligation_ids=ids, at=AT)
        again = nudge(by=manager, obligation_ids=ids, at=AT)
        assert (first.obligations, first.people) == (2, 2)  # the third is up to date
        assert (again.obligations, again.already) == (0, 2)
        with time_machine.travel(AT):
            outbox.sweep(at=AT)
            outbox.sweep(at=AT)
        assert len(mailoutbox) == 2
        assert "Colm Devlin asks you" in mailoutbox[0].subject
        assert "required of everyone here" in mailoutbox[0].body

    def test_foreign_ids_are_left_out(self, team):
        manager, _, workers, _ = team
        theirs = Obligation.objects.exclude(learner__in=[*workers, manager])
        assert theirs.exists()
        sent = nudge(by=manager, obligation_ids=list(theirs.values_list("pk", flat=True)), at=AT)
        assert sent.obligations == 0
        assert not Nudge.objects.exists()

    def test_what_was_done_in_the_meantime_is_not_mailed(self, team, mailoutbox):
        manager, _, workers, topic = team
        nudge(by=manager, obligation_ids=self.late(workers[1]), at=AT)
        record_learning(learned=learned(workers[1], topic, TODAY), at=AT)
        with time_machine.travel(AT):
            outbox.sweep(at=AT)
        assert mailoutbox == []
        assert not Outbox.objects.filter(done_at__isnull=True).exists()

    def test_bulk_asks_first_and_then_sends(self, team, sign_in, frozen):
        manager, _, workers, _ = team
        client = sign_in(manager)
        chosen = {"selected": [workers[1].pk, workers[2].pk], "back": "status=overdue"}
        asked = client.post("/team/nudge/", chosen)
        assert b"Nudge 2 people?" in asked.content
        assert not Nudge.objects.exists()
        ids = self.late(workers[1], workers[2])
        sent = client.post(
            "/team/nudge/",
            {"obligation": ids, "confirmed": "yes", "back": "status=overdue&next=//evil.example"},
        )
        assert sent["Location"].startswith("/team/?status=overdue")
        assert Nudge.objects.count() == 2


def test_commands_explain_and_check(team, capsys):
    _, _, workers, _ = team
    call_command(
        "explain_status", person=workers[1].email, requirement="R6", on="2026-09-21", json=True
    )
    out = capsys.readouterr().out
    assert '"status": "overdue"' in out
    assert '"due_on": "2025-10-01"' in out
    call_command("check_obligations")
    assert "as a rebuild gives them" in capsys.readouterr().out
