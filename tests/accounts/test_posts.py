"""Posts: added, changed, ended and opened again; who may, and what follows at once."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.enums import JobRole, OrganisationKind, Role
from accounts.models import AuditEvent, LocalArea, Organisation, Post, RoleGrant, User
from accounts.post_history import history_of
from accounts.services.posts import (
    UnableToAddPost,
    UnableToChangePost,
    UnableToEndPost,
    add_post,
    change_job,
    change_post,
    end_post,
    end_posts,
)
from accounts.services.reopening import UnableToReopenPost, reopen_post, reopen_posts, reopenable
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)

D = dt.date
AT = dt.datetime(2026, 9, 21, 10, 0, tzinfo=dt.UTC)
TODAY = D(2026, 9, 21)
YESTERDAY = D(2026, 9, 20)


@pytest.fixture
def school(area: LocalArea) -> Organisation:
    return OrganisationFactory(local_area=area, name="Otterford Primary")


@pytest.fixture
def lead(area: LocalArea, school: Organisation) -> User:
    person = UserFactory(given_name="Nadia", family_name="Ferreira")
    PostFactory(person=person, organisation=school, job_role=JobRole.SENCO)
    RoleGrantFactory(person=person, role=Role.SETTING_LEAD, local_area=area, organisation=school)
    return person


def add(lead: User | None, school: Organisation, person: User | None = None, **fields) -> Post:
    return add_post(
        **{
            "by": lead,
            "person": person or UserFactory(),
            "organisation": school,
            "job_role": JobRole.TEACHER,
            "starts_on": D(2026, 9, 1),
            "at": AT,
        }
        | fields
    )


# --- Adding ---------------------------------------------------------------------------------------


def test_a_lead_adds_a_post_with_all_its_details(lead, school):
    post = add(
        lead,
        school,
        title="Class teacher, Year 4",
        ends_on=D(2027, 7, 31),
        weekly_hours=Decimal("27.5"),
        term_time_only=True,
        staff_number="4711",
        line_manager=lead,
    )
    post.refresh_from_db()
    assert (post.ends_on, post.weekly_hours, post.term_time_only) == (
        D(2027, 7, 31),
        Decimal("27.5"),
        True,
    )
    assert (post.line_manager, post.staff_number) == (lead, "4711")
    assert (post.is_employment, post.handles_personal_data) == (True, True)
    event = AuditEvent.objects.get(verb="post.added", object_id=str(post.pk))
    assert (event.actor, event.subject) == (lead.public_id, post.person.public_id)


@pytest.mark.parametrize("role", [JobRole.GOVERNOR, JobRole.VOLUNTEER, JobRole.LINK_GOVERNOR])
def test_governors_and_volunteers_are_not_employed_and_handle_no_data_by_default(
    lead, school, role
):
    post = add(lead, school, job_role=role)
    assert (post.is_employment, post.handles_personal_data) == (False, False)
    assert add(lead, school, job_role=role, handles_personal_data=True).handles_personal_data


def test_the_day_is_londons(lead, school, area):
    grant = RoleGrant.objects.get(person=lead)
    grant.starts_on = TODAY
    grant.save()
    just_before_midnight_utc = dt.datetime(2026, 9, 20, 23, 30, tzinfo=dt.UTC)
    add(lead, school, at=just_before_midnight_utc)  # half past midnight in London
    with pytest.raises(PermissionDenied):
        add(lead, school, at=just_before_midnight_utc - dt.timedelta(hours=1))


def test_nobody_adds_posts_beyond_what_they_lead(lead, area, other_area):
    sibling = OrganisationFactory(local_area=area)
    elsewhere = OrganisationFactory(local_area=other_area)
    for place in (sibling, elsewhere):
        with pytest.raises(PermissionDenied):
            add(lead, place)
    with pytest.raises(PermissionDenied):
        add(UserFactory(), sibling)
    assert not Post.objects.filter(organisation__in=[sibling, elsewhere]).exists()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((D(2026, 1, 1), None), (D(2026, 9, 1), None)),
        ((D(2026, 1, 1), D(2026, 12, 31)), (D(2026, 9, 1), None)),
        ((D(2026, 9, 1), None), (D(2026, 1, 1), D(2026, 9, 1))),
        ((D(2026, 1, 1), D(2026, 6, 1)), (D(2026, 6, 1), D(2026, 7, 1))),
    ],
)
def test_the_same_role_is_not_held_twice_on_one_day(lead, school, first, second):
    person = UserFactory()
    add(lead, school, person, starts_on=first[0], ends_on=first[1])
    with pytest.raises(UnableToAddPost, match="already"):
        add(lead, school, person, starts_on=second[0], ends_on=second[1])


def test_one_may_hold_another_role_or_come_back_after_leaving(lead, school):
    person = UserFactory()
    add(lead, school, person, starts_on=D(2024, 9, 1), ends_on=D(2025, 8, 31))
    add(lead, school, person, starts_on=D(2026, 9, 1))
    add(lead, school, person, job_role=JobRole.ELSA)
    assert person.posts.count() == 3


def test_a_staff_number_is_one_persons_at_one_employer(lead, school, area):
    add(lead, school, staff_number="12")
    with pytest.raises(UnableToAddPost, match="12 belongs to another post"):
        add(lead, school, staff_number="12")
    other = OrganisationFactory(local_area=area)
    assert add(None, other, staff_number="12").staff_number == "12"


def test_a_line_manager_works_for_the_same_employer(lead, school, area):
    stranger = PostFactory(organisation__local_area=area).person
    with pytest.raises(UnableToAddPost, match="same employer"):
        add(lead, school, line_manager=stranger)
    left = PostFactory(organisation=school, ends_on=YESTERDAY).person
    with pytest.raises(UnableToAddPost, match="same employer"):
        add(lead, school, line_manager=left)
    team = OrganisationFactory(
        local_area=area, parent=school, kind=OrganisationKind.OTHER, urn=None
    )
    assert add(lead, school, line_manager=PostFactory(organisation=team).person).line_manager


# --- Changing -------------------------------------------------------------------------------------


def test_details_change_in_place_and_the_history_says_who(lead, school, rf):
    post = add(lead, school)
    change_post(
        by=lead, post=post, at=AT, title="Year 5", weekly_hours=Decimal(30), line_manager=lead
    )
    post.refresh_from_db()
    assert (post.title, post.weekly_hours, post.line_manager) == ("Year 5", Decimal(30), lead)
    lines = history_of([post], lead, TODAY)[post.pk]
    assert lines[0].changes == [
        "Job title set to Year 5",
        "Weekly hours set to 30.0",
        "Line manager set to Nadia Ferreira",
    ]
    assert lines[-1].changes == ["Added"]


def test_a_change_that_changes_nothing_writes_nothing(lead, school):
    post = add(lead, school, title="Year 4")
    change_post(by=lead, post=post, at=AT, title="Year 4")
    assert post.history.count() == 1
    assert not AuditEvent.objects.filter(verb="post.changed").exists()


def test_the_history_names_nobody_out_of_scope(lead, school, area):
    post = add(lead, school)
    outsider = PostFactory(organisation__local_area=area, person__given_name="Zenobia").person
    change_post(by=None, post=post, at=AT, line_manager=outsider)
    sentences = [
        words for line in history_of([post], lead, TODAY)[post.pk] for words in line.changes
    ]
    assert "Line manager set to somebody outside this setting" in sentences
    assert "Zenobia" not in " ".join(sentences)


def test_a_sibling_lead_changes_nothing(school, area):
    post = PostFactory(organisation=school)
    sibling = OrganisationFactory(local_area=area)
    other = RoleGrantFactory(role=Role.SETTING_LEAD, local_area=area, organisation=sibling).person
    for act in (
        lambda: change_post(by=other, post=post, at=AT, title="Mine"),
        lambda: end_post(by=other, post=post, ends_on=TODAY, at=AT),
        lambda: change_job(by=other, post=post, job_role=JobRole.SENCO, on=TODAY, at=AT),
        lambda: reopen_post(by=other, post=post, at=AT),
    ):
        with pytest.raises(PermissionDenied):
            act()
    post.refresh_from_db()
    assert (post.title, post.ends_on) == ("", None)


# --- Change of job --------------------------------------------------------------------------------


def test_a_change_of_job_closes_one_post_and_opens_another(lead, school):
    manager = PostFactory(organisation=school).person
    old = add(
        lead, school, starts_on=D(2025, 9, 1), staff_number="9", line_manager=manager,
        weekly_hours=Decimal(20),
    )  # fmt: skip
    new = change_job(by=lead, post=old, job_role=JobRole.SENCO, on=TODAY, at=AT)
    old.refresh_from_db()
    assert (old.ends_on, new.starts_on, new.ends_on) == (YESTERDAY, TODAY, None)
    assert (new.staff_number, new.weekly_hours, new.line_manager) == ("9", Decimal(20), manager)
    assert new.title == ""


def test_the_old_manager_loses_sight_of_the_person_at_once(lead, school):
    old_manager, new_manager = (PostFactory(organisation=school).person for _ in range(2))
    post = add(lead, school, starts_on=D(2025, 9, 1), line_manager=old_manager)
    seen_by = lambda who: User.objects.visible_to(who, TODAY).filter(pk=post.person_id).exists()  # noqa: E731
    assert seen_by(old_manager)
    change_job(by=lead, post=post, job_role=JobRole.ELSA, on=TODAY, at=AT, line_manager=new_manager)
    assert not seen_by(old_manager)
    assert seen_by(new_manager)
    assert Post.objects.visible_to(post.person, TODAY).count() == 2


def test_a_change_of_job_is_refused_where_it_makes_no_sense(lead, school):
    post = add(lead, school, starts_on=D(2026, 9, 1))
    change = lambda **terms: change_job(  # noqa: E731
        **{"by": lead, "post": post, "job_role": JobRole.ELSA, "on": TODAY, "at": AT} | terms
    )
    with pytest.raises(UnableToChangePost, match="after the first day"):
        change(on=D(2026, 9, 1))
    with pytest.raises(UnableToChangePost, match="another job role"):
        change(job_role=JobRole.TEACHER)
    with pytest.raises(UnableToChangePost, match="same employer"):
        change(line_manager=UserFactory())
    post.refresh_from_db()
    assert post.ends_on is None  # nothing half-written


def test_a_change_of_job_to_another_place_needs_that_place_too(lead, school, area):
    post = add(lead, school)
    sibling = OrganisationFactory(local_area=area)
    with pytest.raises(PermissionDenied):
        change_job(
            by=lead, post=post, job_role=JobRole.TEACHER, on=TODAY, at=AT, organisation=sibling
        )
    admin = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person
    new = change_job(
        by=admin, post=post, job_role=JobRole.TEACHER, on=TODAY, at=AT, organisation=sibling
    )
    assert (new.organisation, new.line_manager) == (sibling, None)


# --- Ending ---------------------------------------------------------------------------------------


def test_ending_a_post_ends_the_sight_of_it_at_once(lead, school):
    manager = PostFactory(organisation=school).person
    post = add(lead, school, line_manager=manager)
    end_post(by=lead, post=post, ends_on=YESTERDAY, at=AT)
    assert not User.objects.visible_to(manager, TODAY).filter(pk=post.person_id).exists()
    assert Post.objects.visible_to(post.person, TODAY).filter(pk=post.pk).exists()


def test_the_last_day_is_not_before_the_first(lead, school):
    post = add(lead, school)
    with pytest.raises(UnableToEndPost, match="before the first"):
        end_post(by=lead, post=post, ends_on=D(2026, 8, 31), at=AT)


def test_nobody_ends_their_own_post(lead, school):
    with pytest.raises(UnableToEndPost, match="your own"):
        end_post(by=lead, post=lead.posts.get(), ends_on=TODAY, at=AT)
    assert lead.posts.get().ends_on is None


def test_who_leaves_leads_there_no_more(area, school, lead):
    admin = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person
    post = lead.posts.get()
    end_post(by=admin, post=post, ends_on=YESTERDAY, at=AT)
    grant = RoleGrant.objects.get(person=lead)
    assert grant.ends_on == YESTERDAY
    with pytest.raises(PermissionDenied):
        add(lead, school)


def test_a_role_ends_on_the_last_day_and_not_before(area, school, lead):
    admin = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person
    end_post(by=admin, post=lead.posts.get(), ends_on=D(2026, 12, 31), at=AT)
    assert RoleGrant.objects.get(person=lead).ends_on == D(2026, 12, 31)
    assert add(lead, school)


def test_a_role_stays_while_another_post_at_the_employer_goes_on(area, school, lead):
    admin = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person
    PostFactory(person=lead, organisation=school, job_role=JobRole.HEADTEACHER)
    senco = lead.posts.get(job_role=JobRole.SENCO)
    end_post(by=admin, post=senco, ends_on=YESTERDAY, at=AT)
    assert RoleGrant.objects.get(person=lead).ends_on is None


def test_roles_elsewhere_and_over_the_area_stay(area, school, lead):
    other = OrganisationFactory(local_area=area)
    RoleGrantFactory(person=lead, role=Role.SETTING_LEAD, local_area=area, organisation=other)
    RoleGrantFactory(person=lead, role=Role.REVIEWER, local_area=area)
    admin = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person
    end_post(by=admin, post=lead.posts.get(), ends_on=YESTERDAY, at=AT)
    standing = RoleGrant.objects.filter(person=lead, ends_on__isnull=True)
    assert {grant.organisation for grant in standing} == {other, None}


def test_the_last_system_administrator_is_never_lost_with_a_post(area, school):
    only = UserFactory()
    PostFactory(person=only, organisation=school)
    RoleGrantFactory(person=only, role=Role.SYSTEM_ADMIN, local_area=area)
    admin = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person
    end_post(by=admin, post=only.posts.get(), ends_on=YESTERDAY, at=AT)
    assert RoleGrant.objects.get(person=only).ends_on is None


def test_leavers_are_ended_together_or_not_at_all(lead, school):
    posts = [add(lead, school) for _ in range(3)]
    late = add(lead, school, starts_on=D(2026, 10, 1))
    with pytest.raises(UnableToEndPost, match=late.person.get_full_name()):
        end_posts(by=lead, posts=[*posts, late], ends_on=TODAY, at=AT)
    assert not Post.objects.filter(organisation=school, ends_on__isnull=False).exists()
    end_posts(by=lead, posts=posts, ends_on=TODAY, at=AT)
    assert Post.objects.filter(organisation=school, ends_on=TODAY).count() == 3


# --- Opening again --------------------------------------------------------------------------------


def test_a_post_ended_by_mistake_is_opened_again_with_its_roles(area, school, lead):
    head = UserFactory()
    PostFactory(person=head, organisation=school, job_role=JobRole.HEADTEACHER)
    RoleGrantFactory(person=head, role=Role.SETTING_LEAD, local_area=area, organisation=school)
    post = head.posts.get()
    end_post(by=lead, post=post, ends_on=YESTERDAY, at=AT)
    reopen_post(by=lead, post=post, at=AT + dt.timedelta(hours=1))
    post.refresh_from_db()
    assert post.ends_on is None
    assert RoleGrant.objects.get(person=head).ends_on is None


def test_a_fixed_end_comes_back_as_it_was(lead, school):
    post = add(lead, school, ends_on=D(2027, 7, 31))
    end_post(by=lead, post=post, ends_on=TODAY, at=AT)
    reopen_post(by=lead, post=post, at=AT)
    post.refresh_from_db()
    assert post.ends_on == D(2027, 7, 31)


def test_reopening_gives_nobody_a_role_the_opener_could_not_grant(area, school, lead):
    clerk = UserFactory()
    PostFactory(person=clerk, organisation=school, job_role=JobRole.CLERK)
    RoleGrantFactory(person=clerk, role=Role.BOARD_CLERK, local_area=area, organisation=school)
    post = clerk.posts.get()
    end_post(by=lead, post=post, ends_on=YESTERDAY, at=AT)
    reopen_post(by=lead, post=post, at=AT)
    assert RoleGrant.objects.get(person=clerk).ends_on == YESTERDAY


def test_what_ended_long_ago_is_not_opened_again(lead, school):
    post = add(lead, school)
    end_post(by=lead, post=post, ends_on=TODAY, at=AT)
    later = AT + dt.timedelta(days=15)
    assert reopenable([post], later) == set()
    post.refresh_from_db()
    assert reopenable([post], AT) == {post.pk}
    with pytest.raises(UnableToReopenPost, match="too long ago"):
        reopen_post(by=lead, post=post, at=later)


def test_a_post_is_not_opened_over_another_of_the_same_role(lead, school):
    first = add(lead, school)
    end_post(by=lead, post=first, ends_on=YESTERDAY, at=AT)
    add(lead, school, first.person, starts_on=TODAY)
    with pytest.raises(UnableToReopenPost, match="already"):
        reopen_posts(by=lead, posts=[first], at=AT)


# --- At once --------------------------------------------------------------------------------------


def _together(*acts):
    """Run the acts in threads that start together; return what each raised, or None."""
    barrier = threading.Barrier(len(acts))
    outcomes: list[BaseException | None] = [None] * len(acts)

    def run(place, act):
        try:
            barrier.wait(timeout=10)
            act()
        except Exception as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_the_same_post_added_twice_at_once_is_one(on_postgres, area, school, lead):
    person = UserFactory()
    outcomes = _together(*[lambda: add(lead, school, person)] * 4)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum(isinstance(outcome, UnableToAddPost) for outcome in outcomes) == 3
    assert person.posts.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_lists_of_the_same_leavers_do_not_wait_for_each_other_for_ever(
    on_postgres, area, school, lead
):
    heads = [
        RoleGrantFactory(role=Role.SETTING_LEAD, local_area=area, organisation=school).person
        for _ in range(5)
    ]
    posts = [PostFactory(person=head, organisation=school) for head in heads]
    outcomes = _together(
        lambda: end_posts(by=lead, posts=posts, ends_on=TODAY, at=AT),
        lambda: end_posts(by=lead, posts=posts[::-1], ends_on=TODAY, at=AT),
    )
    assert outcomes == [None, None]
    assert Post.objects.filter(organisation=school, ends_on=TODAY).count() == 5
