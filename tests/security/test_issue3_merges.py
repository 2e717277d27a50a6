"""Merging accounts, and undoing it, gives nobody a right they would not have without."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts import access
from accounts.enums import JobRole, Role
from accounts.models import LegalHold, RoleGrant, RoleProposal, User
from accounts.privacy.holds import held_people
from accounts.services.merges import UnableToMerge, merge_accounts, undo_merge
from accounts.services.posts import end_post
from accounts.services.roles import end_role
from core import clock
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def school(area):
    return OrganisationFactory(local_area=area)


@pytest.fixture
def admin(area):
    return RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person


@pytest.fixture
def kept(area):
    return PostFactory(organisation__local_area=area).person


@pytest.fixture
def merged(school):
    return PostFactory(organisation=school, job_role=JobRole.HEADTEACHER).person


def merge(by, kept, merged, area, at=None):
    return merge_accounts(by=by, kept=kept, merged=merged, local_area=area, at=at or clock.now())


def test_undoing_gives_no_role_back_at_a_place_the_person_has_left(
    admin, kept, merged, area, school
):
    RoleGrantFactory(person=merged, role=Role.SETTING_LEAD, local_area=area, organisation=school)
    done = merge(admin, kept, merged, area, clock.now() - 90 * DAY)
    post = kept.posts.get(organisation=school)
    end_post(by=admin, post=post, ends_on=clock.today() - 60 * DAY, at=clock.now() - 60 * DAY)

    undo_merge(by=admin, merge=done, at=clock.now())

    merged.refresh_from_db()
    assert merged.is_active
    assert not access.has_role(merged, Role.SETTING_LEAD, on=clock.today())
    assert not access.has_role(merged, Role.SETTING_LEAD, on=clock.today() + DAY)


def test_undoing_gives_no_delegation_back_whose_own_role_has_ended(
    admin, kept, merged, area, school
):
    own = RoleGrantFactory(
        person__given_name="Holder", role=Role.SETTING_LEAD, local_area=area, organisation=school
    )
    RoleGrantFactory(
        person=merged, role=Role.SETTING_LEAD, local_area=area, organisation=school,
        delegated_from=own, ends_on=clock.today() + 200 * DAY,
    )  # fmt: skip
    done = merge(admin, kept, merged, area, clock.now() - 9 * DAY)
    end_role(by=admin, grant=own, ends_on=clock.today() - DAY, at=clock.now())

    undo_merge(by=admin, merge=done, at=clock.now())

    assert not access.has_role(merged, Role.SETTING_LEAD, on=clock.today() + DAY)


@pytest.mark.parametrize("proposed", ["kept", "merged"])
def test_no_merge_while_one_of_the_two_is_proposed_as_a_system_administrator(
    admin, kept, merged, area, proposed
):
    """The proposal would come to mean another account than the one that was named."""
    person = {"kept": kept, "merged": merged}[proposed]
    RoleProposal.objects.create(
        person=person, local_area=area, role=Role.SYSTEM_ADMIN, starts_on=clock.today(),
        proposed_at=clock.now(), proposed_by=UserFactory(),
    )  # fmt: skip

    with pytest.raises(UnableToMerge, match="proposed"):
        merge(admin, kept, merged, area)


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.DPO, Role.AUDITOR, Role.TRAINING_ADMIN])
def test_a_training_administrator_merges_nobody_with_a_role_they_could_not_end(
    admin, kept, merged, area, role
):
    RoleGrantFactory(person=merged, role=role, local_area=area)

    with pytest.raises(UnableToMerge):
        merge(admin, kept, merged, area)

    assert RoleGrant.objects.get(person=merged).ends_on is None
    assert User.objects.get(pk=merged.pk).is_active


def test_a_hold_covers_accounts_that_were_merged_twice_over(area, merged, kept):
    last = UserFactory()
    User.objects.filter(pk=merged.pk).update(merged_into=kept)
    User.objects.filter(pk=kept.pk).update(merged_into=last)
    LegalHold.objects.create(
        person=last, local_area=area, basis="A claim", placed_at=clock.now(),
        placed_by=UserFactory(),
    )  # fmt: skip

    assert set(held_people()) == {merged, kept, last}
