"""A role handed on for a while: to a colleague, no wider, no longer, and no further."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from accounts import access
from accounts.enums import JobRole, OrganisationKind, Role
from accounts.models import AuditEvent, Post, RoleGrant
from accounts.services.delegations import UnableToDelegate, delegate_role, months_later
from accounts.services.roles import end_role
from tests.factories.accounts import OrganisationFactory, PostFactory, RoleGrantFactory

AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
ON = AT.date()
DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def care(area):
    """A department of two teams; its head, a manager of one team, and a colleague in each."""
    department = OrganisationFactory(local_area=area, kind=OrganisationKind.LOCAL_AUTHORITY)
    assessment, fostering = (
        OrganisationFactory(
            local_area=area, kind=OrganisationKind.SOCIAL_CARE_TEAM, parent=department
        )
        for _ in range(2)
    )
    own = RoleGrantFactory(role=Role.TEAM_MANAGER, local_area=area, organisation=department)
    PostFactory(person=own.person, organisation=department)
    return {
        "department": department,
        "assessment": assessment,
        "fostering": fostering,
        "own": own,
        "ana": PostFactory(organisation=assessment, job_role=JobRole.SOCIAL_WORKER).person,
        "fay": PostFactory(organisation=fostering, job_role=JobRole.SOCIAL_WORKER).person,
    }


def hand_on(care, **changes) -> RoleGrant:
    own = changes.pop("grant", care["own"])
    return delegate_role(
        **{
            "by": own.person,
            "grant": own,
            "to": care["ana"],
            "starts_on": ON,
            "ends_on": ON + 14 * DAY,
            "reason": "On leave",
            "at": AT,
        }
        | changes
    )


def test_a_colleague_holds_it_on_these_days_and_the_holder_keeps_it(care):
    made = hand_on(care)

    for day, holds in ((-1, False), (0, True), (14, True), (15, False)):
        on = ON + day * DAY
        reached = access.organisations_in_scope(care["ana"], [Role.TEAM_MANAGER], on)
        assert (care["fostering"] in reached) is holds, on
    assert access.has_role(
        care["own"].person, Role.TEAM_MANAGER, on=ON, organisation=care["fostering"]
    )
    event = AuditEvent.objects.get(verb="role.delegated")
    assert (event.object_id, event.reason) == (str(made.pk), "On leave")
    assert event.data["delegated_from"] == care["own"].pk


def test_for_one_team_only(care):
    hand_on(care, organisation=care["assessment"])

    reached = access.organisations_in_scope(care["ana"], [Role.TEAM_MANAGER], ON)

    assert set(reached) == {care["assessment"]}


def test_the_colleague_sees_the_people_of_that_scope_and_no_others(care):
    hand_on(care, organisation=care["fostering"])

    seen = Post.objects.visible_to(care["ana"], ON)

    assert {post.person for post in seen} == {care["ana"], care["fay"]}


def test_not_wider_than_ones_own(area, care):
    narrow = RoleGrantFactory(
        role=Role.TEAM_MANAGER, local_area=area, organisation=care["assessment"]
    )
    PostFactory(person=narrow.person, organisation=care["assessment"])

    for place in (care["department"], care["fostering"], OrganisationFactory(local_area=area)):
        with pytest.raises(UnableToDelegate, match="within your own"):
            hand_on(care, grant=narrow, to=care["fay"], organisation=place)


def test_not_longer_than_ones_own_nor_a_year(area, care):
    with pytest.raises(UnableToDelegate, match="12 months"):
        hand_on(care, ends_on=dt.date(2027, 3, 3))
    assert hand_on(care, ends_on=dt.date(2027, 3, 2))

    care["own"].ends_on = ON + 3 * DAY
    care["own"].save()
    with pytest.raises(UnableToDelegate, match="5 March 2026"):
        hand_on(care, to=care["fay"], ends_on=ON + 4 * DAY)


@pytest.mark.parametrize(
    ("start", "end", "words"), [(-1, 5, "in the past"), (3, 2, "before the first")]
)
def test_on_days_that_make_sense(care, start, end, words):
    with pytest.raises(UnableToDelegate, match=words):
        hand_on(care, starts_on=ON + start * DAY, ends_on=ON + end * DAY)


def test_to_nobody_outside_the_employer(area, other_area, care):
    elsewhere = PostFactory(organisation=OrganisationFactory(local_area=area)).person
    far_away = PostFactory(organisation=OrganisationFactory(local_area=other_area)).person
    left = PostFactory(organisation=care["assessment"], ends_on=ON - DAY).person

    for person in (elsewhere, far_away, left, care["own"].person):
        with pytest.raises(UnableToDelegate, match="same employer"):
            hand_on(care, to=person)


def test_a_role_over_the_area_goes_to_anybody_with_a_post_in_it(area, other_area, care):
    trainer = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area)
    far_away = PostFactory(organisation=OrganisationFactory(local_area=other_area)).person

    assert hand_on(care, grant=trainer, to=care["fay"]).organisation is None
    with pytest.raises(UnableToDelegate):
        hand_on(care, grant=trainer, to=far_away)


def test_what_was_handed_on_goes_no_further(care):
    made = hand_on(care)

    with pytest.raises(PermissionDenied):
        hand_on(care, grant=made, to=care["fay"], ends_on=ON + DAY)


def test_system_administration_is_never_handed_on(area, care):
    admin = RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=area)

    with pytest.raises(PermissionDenied):
        hand_on(care, grant=admin)


def test_nobody_hands_on_another_persons_role(care):
    with pytest.raises(PermissionDenied):
        hand_on(care, by=care["fay"])


def test_twice_is_once(care):
    assert hand_on(care) == hand_on(care)
    assert AuditEvent.objects.filter(verb="role.delegated").count() == 1


@pytest.mark.parametrize("side", ["holder", "colleague"])
def test_either_side_ends_it(care, side):
    made = hand_on(care)
    by = care["own"].person if side == "holder" else care["ana"]

    end_role(by=by, grant=made, ends_on=ON - DAY, at=AT)

    assert not access.grants_in_force(care["ana"], ON).exists()
    care["own"].refresh_from_db()
    assert care["own"].ends_on is None, "the role itself stays"


def test_a_third_person_does_not_end_it(care):
    made = hand_on(care)

    with pytest.raises(PermissionDenied):
        end_role(by=care["fay"], grant=made, ends_on=ON, at=AT)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (dt.date(2026, 1, 31), dt.date(2027, 1, 31)),
        (dt.date(2028, 2, 29), dt.date(2029, 2, 28)),
        (dt.date(2026, 12, 1), dt.date(2027, 12, 1)),
    ],
)
def test_a_year_later(day, expected):
    assert months_later(day, 12) == expected
