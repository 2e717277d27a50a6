"""Whose row is whose: address, then staff number; and what a row may never do to an account."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.enums import ImportMode, ImportState, JobRole, Role
from accounts.models import Invitation, Post, User
from core import clock
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)
from tests.factories.staffing import as_csv, bring, draft, person

pytestmark = pytest.mark.django_db

MAY = dt.datetime(2026, 5, 4, 9, tzinfo=dt.UTC)


@pytest.fixture
def school(area):
    return OrganisationFactory(local_area=area, name="Otterford Primary")


@pytest.fixture
def sibling(area):
    return OrganisationFactory(local_area=area, name="Bramblewick Primary")


def messages_of(staff_import):
    return [error["message"] for error in staff_import.plan["errors"]]


def test_a_new_person_gets_an_account_nobody_can_sign_in_to_yet(school):
    bring(as_csv(person(number="17", hours="32.5", term_time="Y")), school, at=MAY)

    made = User.objects.get(email="tom.adeyemi@otterford.example")
    post = made.posts.get()
    assert not made.has_usable_password()
    assert made.last_login is None
    assert made.role_grants.count() == 0
    assert not made.is_staff
    assert not made.is_superuser
    assert (post.organisation, post.job_role, post.title) == (
        school, JobRole.TEACHING_ASSISTANT, "Teaching assistant",
    )  # fmt: skip
    assert (post.starts_on, post.staff_number, post.term_time_only) == (
        dt.date(2025, 9, 1), "17", True,
    )  # fmt: skip
    assert str(post.weekly_hours) == "32.5"
    assert post.history.count() == 1


def test_people_without_an_address_are_told_apart_by_staff_number(school):
    rows = as_csv(person(email="", number="1"), person("Eve", "Adeyemi", email="", number="2"))

    bring(rows, school, at=MAY)
    bring(rows, school, at=MAY)

    assert User.objects.filter(email=None).count() == 2


def test_without_address_and_number_a_row_cannot_be_told_apart(school):
    found = draft(as_csv(person(email=""), person("Eve", number="2")), school)

    assert [error["line"] for error in found.plan["errors"]] == [2]
    assert "nobody can be told apart" in messages_of(found)[0]


@pytest.mark.parametrize(
    "typed", ["TOM.ADEYEMI@OTTERFORD.EXAMPLE", " tom.adeyemi@otterford.example "]
)
def test_an_address_is_the_same_whatever_its_case(school, typed):
    known = PostFactory(
        organisation=school,
        job_role=JobRole.TEACHING_ASSISTANT,
        person__email="Tom.Adeyemi@otterford.example",
    ).person

    bring(as_csv(person(email=typed)), school, at=MAY)

    assert User.objects.filter(email__icontains="adeyemi").get() == known


@pytest.mark.parametrize(
    "typed",
    [
        "tоm.adeyemi@otterford.example",
        "tom.adeyem\u0131@otterford.example",
        "ｔom.adeyemi@otterford.example",
    ],
)
def test_a_look_alike_never_reaches_the_account_it_looks_like(school, sibling, typed):
    known = PostFactory(organisation=sibling, person__email="tom.adeyemi@otterford.example").person

    found = draft(as_csv(person(email=typed), person("Eve")), school)
    bring(as_csv(person(email=typed), person("Eve")), school, leave_out_errors=True, at=MAY)

    assert [error["line"] for error in found.plan["errors"]] == [2]
    assert Post.objects.filter(person=known, organisation=school).count() == 0
    assert not User.objects.filter(email=typed).exists()


def test_a_plus_address_is_another_address(school, sibling):
    PostFactory(organisation=sibling, person__email="tom@otterford.example")

    bring(as_csv(person(email="tom+ta@otterford.example")), school, at=MAY)

    assert User.objects.filter(email="tom+ta@otterford.example").exists()


def test_somebody_with_another_employer_gets_a_second_post_and_keeps_name_and_address(
    school, sibling
):
    theirs = PostFactory(
        organisation=sibling,
        person__email="tom.adeyemi@otterford.example",
        person__given_name="Thomas",
        person__family_name="Adeyemi-Cole",
    ).person

    done = draft(as_csv(person(number="5")), school)
    bring(as_csv(person(number="5")), school, at=MAY)

    theirs.refresh_from_db()
    assert theirs.get_full_name() == "Thomas Adeyemi-Cole"
    assert set(theirs.posts.values_list("organisation", flat=True)) == {school.pk, sibling.pk}
    [entry] = done.plan["joiners"]
    assert any("name differs" in note for note in entry["notes"])
    assert "Thomas" not in str(done.plan)


def test_the_other_employers_number_is_no_match(school, sibling):
    PostFactory(organisation=sibling, staff_number="17", person__email="a@b.example")

    bring(as_csv(person(number="17")), school, at=MAY)

    assert (
        User.objects.get(email="tom.adeyemi@otterford.example").posts.get().organisation == school
    )


def test_names_follow_the_list_of_the_only_employer(school):
    post = PostFactory(
        organisation=school,
        job_role=JobRole.TEACHING_ASSISTANT,
        person__email="tom.adeyemi@otterford.example",
        person__family_name="Smith",
        person__given_name="TOM",
    )

    bring(as_csv(person()), school, at=MAY)

    post.person.refresh_from_db()
    assert post.person.family_name == "Adeyemi"
    assert post.person.given_name == "TOM"


def test_a_role_beyond_the_school_keeps_a_name_out_of_its_hands(school, area):
    director = PostFactory(
        organisation=school,
        person__email="tom.adeyemi@otterford.example",
        person__family_name="Smith",
    ).person
    RoleGrantFactory(person=director, role=Role.DIRECTOR, local_area=area)

    bring(as_csv(person()), school, at=MAY)

    director.refresh_from_db()
    assert director.family_name == "Smith"


def test_a_new_address_is_taken_while_nobody_has_signed_in_and_old_invitations_end(school):
    post = PostFactory(
        organisation=school,
        job_role=JobRole.TEACHING_ASSISTANT,
        staff_number="17",
        person__email="old@otterford.example",
        person__given_name="Tom",
        person__family_name="Adeyemi",
    )
    invitation = Invitation.objects.create(
        person=post.person, organisation=school, kind="mail", address="old@otterford.example",
        secret_digest="x", made_at=MAY, expires_at=MAY + dt.timedelta(days=14),
    )  # fmt: skip

    bring(as_csv(person(number="17")), school, at=MAY)

    post.person.refresh_from_db()
    invitation.refresh_from_db()
    assert post.person.email == "tom.adeyemi@otterford.example"
    assert invitation.withdrawn_at == MAY


@pytest.mark.parametrize("sign", ["password", "last_login"])
def test_the_address_somebody_signs_in_with_never_changes(school, sign):
    post = PostFactory(
        organisation=school,
        job_role=JobRole.TEACHING_ASSISTANT,
        staff_number="17",
        person__email="old@otterford.example",
        person__given_name="Tom",
        person__family_name="Adeyemi",
    )
    if sign == "password":
        post.person.set_password("correct horse battery")
    else:
        post.person.last_login = timezone.now()
    post.person.save()

    done = draft(as_csv(person(number="17", hours="30")), school)
    bring(as_csv(person(number="17", hours="30")), school, at=MAY)

    post.person.refresh_from_db()
    assert post.person.email == "old@otterford.example"
    assert "address differs" in done.plan["changes"][0]["notes"][0]


def test_a_number_and_an_address_of_two_people_are_a_problem_of_the_row(school):
    PostFactory(organisation=school, staff_number="17", person__email="eve@otterford.example")
    PostFactory(organisation=school, person__email="tom.adeyemi@otterford.example")

    found = draft(as_csv(person(number="17"), person("Ann")), school)

    assert messages_of(found) == [
        "The staff number is one person's and the email address another's. Check both."
    ]


def test_a_mistyped_number_does_not_turn_one_colleague_into_another(school):
    eve = PostFactory(
        organisation=school,
        staff_number="17",
        person__email="eve@otterford.example",
        person__given_name="Eve",
        person__family_name="Cole",
    ).person

    found = draft(as_csv(person(number="17"), person("Ann")), school)

    assert "This staff number is that of Eve Cole" in messages_of(found)[0]
    eve.refresh_from_db()
    assert eve.email == "eve@otterford.example"


def test_two_people_in_the_list_with_one_address_are_a_problem(school):
    rows = as_csv(
        person("Tom", "Adeyemi", email="office@otterford.example"),
        person("Eve", "Cole", email="office@otterford.example"),
    )

    found = draft(rows, school)

    assert [error["line"] for error in found.plan["errors"]] == [3]
    assert "Everyone needs their own" in messages_of(found)[0]


def test_two_posts_of_one_person_are_one_person(school):
    rows = as_csv(person(number="17"), person(number="17", title="Midday supervisor"))

    bring(rows, school, at=MAY)
    bring(rows, school, at=MAY)

    tom = User.objects.get(email="tom.adeyemi@otterford.example")
    assert set(tom.posts.values_list("job_role", "staff_number")) == {
        (JobRole.TEACHING_ASSISTANT, "17"),
        (JobRole.MIDDAY_SUPERVISOR, ""),
    }


def test_a_merged_account_leads_to_the_one_that_was_kept(school, sibling):
    kept = PostFactory(organisation=sibling, person__email="kept@otterford.example").person
    UserFactory(email="tom.adeyemi@otterford.example", merged_into=kept, is_active=False)

    bring(as_csv(person()), school, at=MAY)

    assert Post.objects.get(organisation=school).person == kept


def test_an_erased_account_is_never_matched(school):
    erased = PostFactory(
        organisation=school,
        staff_number="17",
        ends_on=dt.date(2026, 1, 1),
        person__email=None,
        person__given_name="Tom",
        person__family_name="Adeyemi",
        person__erased_at=MAY,
    ).person

    bring(as_csv(person(number="17")), school, at=MAY)

    assert User.objects.get(email="tom.adeyemi@otterford.example") != erased


def test_a_suspended_account_is_matched_only_with_a_word_about_it(school, sibling):
    PostFactory(
        organisation=sibling,
        person__email="tom.adeyemi@otterford.example",
        person__is_active=False,
        person__suspended_at=MAY,
    )

    found = draft(as_csv(person()), school)
    bring(as_csv(person()), school, at=MAY)

    assert any("suspended" in note for note in found.plan["joiners"][0]["notes"])
    assert not Post.objects.get(organisation=school).person.is_active


def test_who_comes_back_with_their_old_number_is_the_same_person(school):
    former = PostFactory(
        organisation=school,
        job_role=JobRole.TEACHING_ASSISTANT,
        staff_number="17",
        starts_on=dt.date(2020, 9, 1),
        ends_on=dt.date(2024, 8, 31),
        person__email=None,
        person__given_name="Tom",
        person__family_name="Adeyemi",
    )

    bring(as_csv(person(email="", number="17")), school, at=MAY)

    assert set(former.person.posts.values_list("starts_on", flat=True)) == {
        dt.date(2020, 9, 1), dt.date(2025, 9, 1),
    }  # fmt: skip


def test_a_number_that_went_to_somebody_else_makes_somebody_new(school):
    former = PostFactory(
        organisation=school,
        staff_number="17",
        ends_on=dt.date(2024, 8, 31),
        starts_on=dt.date(2020, 9, 1),
        person__email=None,
        person__family_name="Adeyemi",
        person__given_name="Ann",
    )

    bring(as_csv(person(email="", number="17")), school, at=MAY)

    assert former.person.posts.count() == 1
    assert Post.objects.get(organisation=school, ends_on=None).person.given_name == "Tom"


def test_line_managers_may_stand_further_down_the_list(school, area):
    rows = as_csv(
        person("Tom", manager="EVE.COLE@otterford.example"),
        person("Ann", "Day", manager="9"),
        person("Bo", "Ek", manager="Cole, Eve"),
        person("Eve", "Cole", number="9", title="SENCO"),
        person("Flo", "Gee", manager="nobody@otterford.example"),
        person("Ida", "Jay", manager="ida.jay@otterford.example"),
    )

    found = draft(rows, school)
    bring(rows, school, at=MAY)

    managed = Post.objects.filter(line_manager__email="eve.cole@otterford.example")
    assert set(managed.values_list("person__given_name", flat=True)) == {"Tom", "Ann", "Bo"}
    assert Post.objects.filter(line_manager=None).count() == 3
    notes = " ".join(note for entry in found.plan["joiners"] for note in entry["notes"])
    assert "is nobody known there" in notes
    assert "Nobody is their own line manager" in notes


def test_nobody_elsewhere_becomes_a_line_manager(school, sibling):
    PostFactory(organisation=sibling, person__email="head@bramblewick.example")

    bring(as_csv(person(manager="head@bramblewick.example")), school, at=MAY)

    assert Post.objects.get(organisation=school).line_manager is None


def test_governors_and_volunteers_have_posts_without_employment(school):
    bring(
        as_csv(person(title="Parent governor"), person("Eve", title="Volunteer"), person("Ann")),
        school,
        at=MAY,
    )

    assert dict(Post.objects.values_list("job_role", "is_employment")) == {
        JobRole.GOVERNOR: False, JobRole.VOLUNTEER: False, JobRole.TEACHING_ASSISTANT: True,
    }  # fmt: skip


def test_a_list_of_several_employers_is_read_by_urn_or_name(school, sibling, other_area):
    foreign = OrganisationFactory(local_area=other_area, name="Eastmarch High")
    rows = as_csv(
        person("Tom", school=school.urn),
        person("Ann", "Day", school="bramblewick PRIMARY"),
        person("Tom", school=sibling.urn, title="Midday supervisor"),
        person("Bo", "Ek", school=foreign.urn),
        person("Flo", "Gee", school=""),
    )

    found = draft(rows, None, local_area=school.local_area)
    bring(rows, None, local_area=school.local_area, leave_out_errors=True, at=MAY)

    assert [error["line"] for error in found.plan["errors"]] == [5, 6]
    tom = User.objects.get(email="tom.adeyemi@otterford.example")
    assert set(tom.posts.values_list("organisation", flat=True)) == {school.pk, sibling.pk}
    assert not Post.objects.filter(organisation=foreign).exists()


def test_rows_of_another_school_are_refused_in_a_schools_own_list(school, sibling, area):
    head = PostFactory(organisation=school, person__email="head@otterford.example").person
    RoleGrantFactory(person=head, role=Role.SETTING_LEAD, organisation=school, local_area=area)

    found = draft(
        as_csv(person(school=school.urn), person("Eve", school=sibling.urn)), school, by=head
    )

    assert [error["line"] for error in found.plan["errors"]] == [3]
    assert found.state == ImportState.PREVIEW
    assert found.mode == ImportMode.CHANGES


def test_an_unknown_title_waits_for_somebody_to_say_what_it_is(school):
    rows = as_csv(person(title="Forest School Lead"), person("Eve"))

    found = draft(rows, school)
    told = draft(rows, school, titles={"Forest School Lead": JobRole.TEACHER})
    bring(rows, school, titles={"Forest School Lead": JobRole.TEACHER}, at=MAY)
    remembered = draft(rows, school)

    assert found.plan["unknown"] == [{"title": "Forest School Lead", "count": 1, "lines": [2]}]
    assert [error["line"] for error in found.plan["errors"]] == [2]
    assert told.plan["errors"] == remembered.plan["errors"] == []
    post = Post.objects.get(person__given_name="Tom")
    assert (post.job_role, post.title) == (JobRole.TEACHER, "Forest School Lead")


def test_the_day_is_londons(school):
    late = dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC)
    PostFactory.create_batch(2, organisation=school)
    row = as_csv(person(title="Teacher", start="02/07/2026"))

    bring(row, school, mode=ImportMode.FULL, ending=2, at=late)

    assert clock.london_date(late) == dt.date(2026, 7, 2)
    assert set(Post.objects.exclude(ends_on=None).values_list("ends_on", flat=True)) == {
        dt.date(2026, 7, 1)
    }
