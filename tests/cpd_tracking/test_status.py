"""Status is one expression of dates and a day: a table of worked dates, asked of the database."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import LocalArea
from cpd_tracking.models import Exemption, Obligation, Pause
from tests.factories.accounts import OrganisationFactory, PostFactory, UserFactory
from tests.factories.cpd_tracking import AT, make_rule, make_topic

D = dt.date
pytestmark = pytest.mark.django_db

# A renewal in grace: window from 1 January, due and held until 31 January, grace to 14 February.
RENEWAL = {
    "starts_on": D(2026, 1, 1),
    "window_opens_on": D(2026, 1, 1),
    "due_on": D(2026, 1, 31),
    "held_until": D(2026, 1, 31),
    "grace_until": D(2026, 2, 14),
}
FIRST = {
    "starts_on": D(2026, 1, 1),
    "window_opens_on": D(2026, 1, 16),
    "due_on": D(2026, 1, 31),
}
DONE = FIRST | {"satisfied_on": D(2026, 1, 20), "expires_on": D(2027, 1, 20)}


@pytest.mark.parametrize(
    ("dates", "on", "status", "valid"),
    [
        (FIRST, D(2026, 1, 1), "not_due", False),
        (FIRST, D(2026, 1, 15), "not_due", False),
        (FIRST, D(2026, 1, 16), "due_soon", False),
        (FIRST, D(2026, 1, 31), "due_soon", False),
        (FIRST, D(2026, 2, 1), "overdue", False),
        (FIRST | {"grace_until": D(2026, 2, 14)}, D(2026, 2, 14), "in_grace", False),
        (FIRST | {"grace_until": D(2026, 2, 14)}, D(2026, 2, 15), "overdue", False),
        (DONE, D(2026, 1, 19), "due_soon", False),
        (DONE, D(2026, 1, 20), "compliant", True),
        (DONE, D(2027, 1, 20), "compliant", True),
        (DONE, D(2027, 1, 21), "expired", False),
        (DONE | {"expires_on": None}, D(2040, 1, 1), "compliant", True),
        (DONE | {"closed_on": D(2026, 12, 21), "how_closed": "renewal"}, D(2026, 12, 20),
         "compliant", True),
        (DONE | {"closed_on": D(2026, 12, 21), "how_closed": "renewal"}, D(2026, 12, 21),
         "closed", True),
        (RENEWAL, D(2026, 1, 31), "due_soon", True),
        (RENEWAL, D(2026, 2, 1), "in_grace", False),
        (RENEWAL, D(2026, 2, 14), "in_grace", False),
        (RENEWAL, D(2026, 2, 15), "expired", False),
        (RENEWAL | {"satisfied_on": D(2026, 2, 10), "expires_on": D(2027, 2, 10)},
         D(2026, 2, 9), "in_grace", False),
        (RENEWAL | {"satisfied_on": D(2026, 2, 10), "expires_on": D(2027, 2, 10)},
         D(2026, 2, 10), "compliant", True),
        (FIRST | {"exempt_because": "earlier_service"}, D(2030, 1, 1), "exempt", False),
    ],
)  # fmt: skip
def test_status_on_a_day(area: LocalArea, dates, on, status, valid):
    rule = make_rule(area, make_topic(area))
    row = Obligation.objects.create(
        requirement=rule,
        version=rule.versions.get(),
        person=(person := UserFactory()),
        learner=person,
        trigger_on=dates["starts_on"],
        first_due_on=dates["due_on"],
        **dates,
    )
    found = Obligation.objects.with_status(on).get(pk=row.pk)
    assert (found.status, found.is_valid) == (status, valid)


@pytest.fixture
def overdue(area):
    rule = make_rule(area, make_topic(area))
    post = PostFactory(organisation=OrganisationFactory(local_area=area))
    return Obligation.objects.create(
        requirement=rule,
        version=rule.versions.get(),
        post=post,
        learner=post.person,
        trigger_on=FIRST["starts_on"],
        first_due_on=FIRST["due_on"],
        **FIRST,
    )


def status(row: Obligation, on: dt.date) -> str:
    return Obligation.objects.with_status(on).get(pk=row.pk).status


def test_an_exemption_counts_between_its_days_once_a_second_person_approved(overdue):
    exemption = Exemption.objects.create(
        person=overdue.learner,
        requirement=overdue.requirement,
        reason="equivalent",
        starts_on=D(2026, 3, 1),
        ends_on=D(2026, 3, 31),
        recorded_at=AT,
        recorded_by=UserFactory(),
    )
    assert status(overdue, D(2026, 3, 15)) == "overdue"
    Exemption.objects.filter(pk=exemption.pk).update(approved_by=UserFactory(), approved_at=AT)
    assert status(overdue, D(2026, 2, 28)) == "overdue"
    assert status(overdue, D(2026, 3, 1)) == "exempt"
    assert status(overdue, D(2026, 3, 31)) == "exempt"
    assert status(overdue, D(2026, 4, 1)) == "overdue"


def test_a_pause_of_the_post_or_the_person_and_not_of_another_post(overdue):
    other = PostFactory(person=overdue.learner, organisation=OrganisationFactory())
    pause = Pause.objects.create(
        person=overdue.learner, post=other, starts_on=D(2026, 3, 1), recorded_at=AT
    )
    assert status(overdue, D(2026, 3, 15)) == "overdue"
    Pause.objects.filter(pk=pause.pk).update(post=None)
    assert status(overdue, D(2026, 3, 15)) == "paused"
    assert status(overdue, D(2026, 2, 28)) == "overdue"
    overdue.version.may_pause = False
    overdue.version.save()
    assert status(overdue, D(2026, 3, 15)) == "overdue"
