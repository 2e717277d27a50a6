"""What it means not to be in a list; starts, ends and second contracts; what a list changes."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.enums import ImportMode, ImportState, JobRole, Role
from accounts.models import Post, RoleGrant, User
from accounts.staffing.committing import UnableToCommit
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)
from tests.factories.staffing import as_csv, bring, draft, person

pytestmark = pytest.mark.django_db

MAY = dt.datetime(2026, 5, 4, 9, tzinfo=dt.UTC)
YESTERDAY = dt.date(2026, 5, 3)


@pytest.fixture
def school(area):
    return OrganisationFactory(local_area=area, name="Otterford Primary")


def staff(school, number, **fields):
    """Give the school so many people, each known by address; return their rows."""
    posts = PostFactory.create_batch(
        number,
        organisation=school,
        job_role=JobRole.TEACHING_ASSISTANT,
        title="Teaching assistant",
        **fields,
    )
    return [
        person(post.person.given_name, post.person.family_name, email=post.person.email)
        for post in posts
    ]


def ended():
    return set(Post.objects.filter(ends_on=YESTERDAY).values_list("person__email", flat=True))


def test_changes_only_never_end_a_post(school):
    staff(school, 30)

    bring(as_csv(person()), school, mode=ImportMode.CHANGES, at=MAY)

    assert Post.objects.filter(ends_on=None).count() == 31


def test_a_full_list_ends_the_posts_of_whoever_is_not_in_it(school):
    rows = staff(school, 40)

    done = bring(as_csv(*rows[:-2]), school, mode=ImportMode.FULL, at=MAY)

    assert ended() == {row["email"] for row in rows[-2:]}
    assert done.plan["counts"]["leavers"] == 2
    assert done.plan["counts"]["unchanged"] == 38


def test_more_than_five_in_a_hundred_needs_the_number_typed(school):
    rows = staff(school, 40)
    found = draft(as_csv(*rows[:-3]), school, mode=ImportMode.FULL, at=MAY)

    assert found.plan["demands_number"]
    for typed in (None, 2, 4):
        with pytest.raises(UnableToCommit, match="would end 3 posts"):
            bring(as_csv(*rows[:-3]), school, mode=ImportMode.FULL, ending=typed, at=MAY)
    assert ended() == set()
    bring(as_csv(*rows[:-3]), school, mode=ImportMode.FULL, ending=3, at=MAY)
    assert len(ended()) == 3


def test_exactly_five_in_a_hundred_does_not(school):
    rows = staff(school, 40)

    assert not draft(as_csv(*rows[:-2]), school, mode=ImportMode.FULL).plan["demands_number"]


def test_each_employer_of_a_list_of_several_is_measured_by_itself(school, area):
    small = OrganisationFactory(local_area=area)
    rows = [row | {"school": school.urn} for row in staff(school, 100)]
    few = [row | {"school": small.urn} for row in staff(small, 3)]

    found = draft(as_csv(*rows, *few[:-1]), None, local_area=area, mode=ImportMode.FULL)

    assert found.plan["demands_number"]
    assert found.plan["counts"]["ending"] == 1


def test_an_employer_that_the_list_does_not_name_is_left_alone(school, area):
    other = OrganisationFactory(local_area=area)
    staff(other, 3)
    rows = [row | {"school": school.urn} for row in staff(school, 3)]

    bring(as_csv(*rows), None, local_area=area, mode=ImportMode.FULL, at=MAY)

    assert ended() == set()


def test_governors_volunteers_and_other_employers_posts_never_end_by_absence(school, area):
    rows = staff(school, 3)
    board = OrganisationFactory(local_area=area)
    elsewhere = PostFactory(organisation=board, person=Post.objects.first().person)
    governor = PostFactory(organisation=school, job_role=JobRole.GOVERNOR, is_employment=False)
    volunteer = PostFactory(organisation=school, job_role=JobRole.VOLUNTEER, is_employment=False)
    peripatetic = PostFactory(organisation=school, is_employment=False)

    bring(as_csv(*rows[1:]), school, mode=ImportMode.FULL, ending=1, at=MAY)

    stayed = Post.objects.filter(pk__in=[elsewhere.pk, governor.pk, volunteer.pk, peripatetic.pk])
    assert stayed.filter(ends_on=None).count() == 4
    assert ended() == {rows[0]["email"]}


def test_a_post_that_has_not_begun_is_not_ended(school):
    rows = staff(school, 2)
    later = PostFactory(organisation=school, starts_on=dt.date(2026, 9, 1))

    bring(as_csv(*rows), school, mode=ImportMode.FULL, at=MAY)

    later.refresh_from_db()
    assert later.ends_on is None


def test_a_row_with_an_error_keeps_whoever_it_may_be_about(school):
    rows = staff(school, 4)
    by_mail = rows[0] | {"start": "31/02/2026"}
    by_name = rows[1] | {"email": "=cmd", "number": ""}

    bring(
        as_csv(by_mail, by_name, rows[2]),
        school,
        mode=ImportMode.FULL,
        leave_out_errors=True,
        ending=1,
        at=MAY,
    )

    assert ended() == {rows[3]["email"]}


def test_an_error_row_that_names_nobody_holds_every_leaver_back(school):
    rows = staff(school, 4)
    nobody = person("=a", "=b", email="=c")

    found = draft(as_csv(nobody, *rows[:2]), school, mode=ImportMode.FULL)

    assert found.plan["counts"]["leavers"] == 0


def test_who_imports_cannot_end_their_own_post(school, area):
    rows = staff(school, 3)
    head = User.objects.get(email=rows[0]["email"])
    grant = RoleGrantFactory(
        person=head, role=Role.SETTING_LEAD, organisation=school, local_area=area
    )

    bring(as_csv(*rows[1:]), school, by=head, mode=ImportMode.FULL, at=MAY)
    bring(as_csv(rows[0] | {"end": "01/05/2026"}, *rows[1:]), school, by=head, at=MAY)

    assert not Post.objects.exclude(ends_on=None).exists()
    grant.refresh_from_db()
    assert grant.ends_on is None


def test_roles_held_through_a_post_end_with_it(school, area):
    rows = staff(school, 3)
    leaver = User.objects.get(email=rows[0]["email"])
    grant = RoleGrantFactory(
        person=leaver, role=Role.SETTING_LEAD, organisation=school, local_area=area
    )

    bring(as_csv(*rows[1:]), school, mode=ImportMode.FULL, ending=1, at=MAY)

    grant.refresh_from_db()
    assert grant.ends_on == YESTERDAY


def test_an_end_date_in_a_row_ends_the_post_in_either_mode(school):
    rows = staff(school, 2)

    bring(as_csv(rows[0] | {"end": "30/04/2026"}, rows[1] | {"end": "31/08/2026"}), school, at=MAY)

    assert set(Post.objects.values_list("ends_on", flat=True)) == {
        dt.date(2026, 4, 30), dt.date(2026, 8, 31),
    }  # fmt: skip


def test_an_empty_cell_erases_nothing(school):
    post = PostFactory(
        organisation=school,
        job_role=JobRole.TEACHING_ASSISTANT,
        title="Teaching assistant",
        person__given_name="Tom",
        person__family_name="Adeyemi",
        person__email="tom.adeyemi@otterford.example",
        weekly_hours=30,
        staff_number="17",
        term_time_only=True,
        line_manager=UserFactory(),
        ends_on=dt.date(2026, 8, 31),
    )

    done = bring(
        as_csv(person(number="", hours="", term_time="", manager="", end="")), school, at=MAY
    )

    assert done.plan["counts"]["unchanged"] == 1
    before = dict(vars(post))
    post.refresh_from_db()
    assert (post.weekly_hours, post.staff_number, post.ends_on) == (
        30, "17", before["ends_on"],
    )  # fmt: skip


def test_somebody_who_was_ended_by_mistake_comes_back_to_the_same_post(school):
    rows = staff(school, 3)
    bring(as_csv(*rows[1:]), school, mode=ImportMode.FULL, ending=1, at=MAY)

    done = bring(as_csv(*rows), school, mode=ImportMode.FULL, at=MAY + dt.timedelta(days=1))

    assert done.plan["counts"]["joiners"] == 1
    assert Post.objects.count() == 3
    assert not Post.objects.exclude(ends_on=None).exists()


def test_another_job_is_another_post_and_a_full_list_closes_the_old_one(school):
    rows = staff(school, 1, staff_number="17")
    row = rows[0] | {"title": "Class teacher", "start": "01/05/2026", "number": "17"}

    found = draft(as_csv(row), school, mode=ImportMode.FULL, at=MAY)
    bring(as_csv(row), school, mode=ImportMode.FULL, ending=1, at=MAY)

    assert found.plan["counts"]["leavers"] == 0
    assert found.plan["counts"]["changes"] == 1
    assert set(Post.objects.values_list("job_role", "ends_on", "staff_number")) == {
        (JobRole.TEACHING_ASSISTANT, YESTERDAY, "17"),
        (JobRole.TEACHER, None, "17"),
    }


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_contracts_in_one_job_the_present_one_counts(school, order):
    former = person(start="01/09/2019", end="31/08/2025")
    present = person(start="01/09/2025", number="17")

    bring(as_csv(*[former, present][::order]), school, at=MAY)
    bring(as_csv(*[former, present][::order]), school, at=MAY)

    post = Post.objects.get()
    assert (post.starts_on, post.ends_on) == (dt.date(2025, 9, 1), None)


def test_the_same_job_twice_is_a_problem_unless_the_rows_are_the_same(school):
    twice = draft(as_csv(person(hours="20"), person(hours="30")), school)
    same = draft(as_csv(person(), person()), school)

    assert [error["line"] for error in twice.plan["errors"]] == [3]
    assert same.plan["errors"] == []
    assert "says the same again" in same.plan["joiners"][0]["notes"][0]


def test_somebody_who_left_long_ago_is_not_added(school):
    done = bring(as_csv(person(end="01/10/2025"), person("Eve")), school, at=MAY)

    assert not User.objects.filter(given_name="Tom").exists()
    assert done.plan["counts"]["unchanged"] == 1


def test_somebody_new_needs_a_start_date(school):
    found = draft(as_csv(person(start=""), person("Eve")), school)

    assert found.plan["errors"][0]["column"] == "Start date"


def test_the_same_list_twice_changes_nothing(school, area):
    rows = as_csv(
        person(number="1", hours="32.5", manager="eve.cole@otterford.example", term_time="Y"),
        person("Eve", "Cole", number="2", title="SENCO"),
        person("Bo", "Ek", email="", number="3", title="Midday supervisor", end="01/09/2026"),
        person("Ann", "Day", title="Parent governor"),
    )
    bring(rows, school, mode=ImportMode.FULL, at=MAY)
    state = [list(each.objects.order_by("pk").values()) for each in (User, Post, RoleGrant)]
    history = Post.history.count()

    again = bring(rows, school, mode=ImportMode.FULL, at=MAY + dt.timedelta(days=1))

    assert [list(each.objects.order_by("pk").values()) for each in (User, Post, RoleGrant)] == state
    assert Post.history.count() == history
    assert again.plan["counts"]["unchanged"] == 4
    assert again.state == ImportState.COMMITTED


def test_a_list_without_a_single_right_row_ends_nobody(school):
    staff(school, 3)

    with pytest.raises(UnableToCommit, match="No row can be imported"):
        bring(as_csv(person(start="never")), school, mode=ImportMode.FULL,
              leave_out_errors=True, ending=3, at=MAY)  # fmt: skip
    assert ended() == set()
