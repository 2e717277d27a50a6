"""Exemption, pause and extension: who may, and what follows."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from accounts.enums import Role
from cpd_tracking.enums import Basis
from cpd_tracking.models import Obligation
from cpd_tracking.services.adjustments import (
    UnableToAdjust,
    approve_exemption,
    extend_due_date,
    pause_clock,
    request_exemption,
    resume_clock,
)
from tests.factories.accounts import PostFactory, RoleGrantFactory, UserFactory
from tests.factories.cpd_tracking import AT, TODAY, build, make_rule, make_team, make_topic

pytestmark = pytest.mark.django_db
D = dt.date


@pytest.fixture
def team(area):
    manager, organisation, workers = make_team(area)
    make_rule(area, make_topic(area), "R6", due_count=400)
    make_rule(area, make_topic(area), "LAW", basis=Basis.STATUTORY, due_count=400)
    build()
    return manager, organisation, workers


def of(person, key="R6") -> Obligation:
    return (
        Obligation.objects.current(TODAY)
        .with_status(TODAY)
        .get(learner=person, requirement__key=key)
    )


def test_a_manager_extends_for_the_team_and_the_dates_follow(team):
    manager, _, [worker, *_] = team
    extend_due_date(by=manager, obligation=of(worker), due_on=D(2026, 12, 1), reason="Court", at=AT)
    assert (of(worker).due_on, of(worker).first_due_on) == (D(2026, 12, 1), D(2026, 10, 6))


def test_nobody_extends_for_themselves_for_strangers_or_against_the_law(team, area):
    manager, _, [worker, *_] = team
    args = {"due_on": D(2026, 12, 1), "reason": "Busy", "at": AT}
    with pytest.raises(UnableToAdjust, match="your own"):
        extend_due_date(by=manager, obligation=of(manager), **args)
    with pytest.raises(PermissionDenied):
        extend_due_date(by=worker, obligation=of(manager), **args)
    with pytest.raises(UnableToAdjust, match="law"):
        extend_due_date(by=manager, obligation=of(worker, "LAW"), **args)
    with pytest.raises(UnableToAdjust, match="later"):
        extend_due_date(by=manager, obligation=of(worker), **(args | {"due_on": D(2026, 10, 1)}))
    with pytest.raises(UnableToAdjust, match="why"):
        extend_due_date(by=manager, obligation=of(worker), **(args | {"reason": " "}))


def test_a_pause_stops_what_may_pause_and_gives_thirty_days_after(team):
    manager, _, [worker, *_] = team
    pause = pause_clock(by=manager, person=worker, starts_on=D(2026, 9, 1), at=AT)
    assert (of(worker).status, of(worker, "LAW").status) == ("paused", "due_soon")
    with pytest.raises(UnableToAdjust, match="already"):
        pause_clock(by=manager, person=worker, starts_on=D(2026, 9, 2), at=AT)
    resume_clock(by=manager, pause=pause, last_day_away=D(2026, 9, 20), at=AT)
    assert of(worker).due_on == D(2026, 10, 26)  # 20 days later than 6 October
    assert of(worker, "LAW").due_on == D(2026, 10, 6)


def test_with_two_posts_one_says_which(team, area):
    manager, _, [worker, *_] = team
    PostFactory(person=worker, organisation__local_area=area)
    with pytest.raises(UnableToAdjust, match="more than one post"):
        pause_clock(by=manager, person=worker, starts_on=TODAY, at=AT)


def test_an_exemption_needs_a_second_person(team, area):
    manager, _, [worker, *_] = team
    row = of(worker)
    exemption = request_exemption(
        by=manager, person=worker, requirement=row.requirement, reason="equivalent",
        starts_on=TODAY, ends_on=D(2027, 8, 31), at=AT,
    )  # fmt: skip
    assert of(worker).status == "due_soon"
    with pytest.raises(UnableToAdjust, match="Somebody else"):
        approve_exemption(by=manager, exemption=exemption, at=AT)
    with pytest.raises(PermissionDenied):
        approve_exemption(by=UserFactory(), exemption=exemption, at=AT)
    admin = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person
    approve_exemption(by=admin, exemption=exemption, at=AT)
    assert of(worker).status == "exempt"
