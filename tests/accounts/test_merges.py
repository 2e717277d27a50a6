"""Two accounts of one person become one, with everything in one place, and two again."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.enums import InvitationKind, JobRole, PrivacyRequestKind, Role
from accounts.merging import as_changes, as_rows, carried
from accounts.models import (
    AccountMerge,
    AuditEvent,
    Invitation,
    LegalHold,
    Post,
    PrivacyRequest,
    RoleGrant,
    User,
)
from accounts.services.merges import UnableToMerge, UnableToUndoMerge, merge_accounts, undo_merge
from core import clock
from core.registry import Change, personal_data
from courses.models import Activity, Attempt, Completion, Enrolment
from cpd_tracking.building import build_obligations, compare_with_rebuild
from cpd_tracking.models import Certificate, LearningRecord, Obligation, ReminderPreference
from cpd_tracking.services.certificates import issue_certificate
from cpd_tracking.services.records import record_learning
from networks.models import Membership
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)
from tests.factories.courses import QuizFactory, make_course
from tests.factories.cpd_tracking import learned, make_person_rule, make_topic
from tests.factories.networks import join, make_network

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
# Worked out again, or about this very act.
DERIVED = {
    "cpd_tracking.obligation",
    "cpd_tracking.satisfyingrecord",
    "accounts.accountmerge",
    "accounts.auditevent",
    "sessions.session",
    "usersessions.usersession",
}


@pytest.fixture
def school(area):
    return OrganisationFactory(name="Otterford Primary", local_area=area)


@pytest.fixture
def administrator(area):
    return RoleGrantFactory(
        person__given_name="Amara", role=Role.TRAINING_ADMIN, local_area=area
    ).person


@pytest.fixture
def kept(school):
    person = UserFactory(given_name="Tom", family_name="Akinwale", email="tom@otterford.example")
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    PostFactory(person=person, organisation=school, job_role=JobRole.TEACHING_ASSISTANT)
    return person


@pytest.fixture
def merged(area):
    """The same person at another school, under a second account."""
    person = UserFactory(given_name="Tom", family_name="Akinwale", email="tom@bramble.example")
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    PostFactory(
        person=person,
        organisation__local_area=area,
        job_role=JobRole.MIDDAY_SUPERVISOR,
        staff_number="77",
    )
    return person


@pytest.fixture
def merge(administrator, area):
    """Return a function that merges."""

    def _merge(kept: User, merged: User, by: User | None = None, at: Any = None) -> AccountMerge:
        return merge_accounts(
            by=by or administrator,
            kept=kept,
            merged=merged,
            local_area=area,
            at=at or clock.now(),
        )

    return _merge


def dump() -> dict[str, list[dict[str, str]]]:
    """Every row of every table, but what is derived."""
    return {
        model._meta.label_lower: sorted(
            (
                {name: str(value) for name, value in row.items()}
                for row in model._base_manager.values(
                    *[field.attname for field in model._meta.local_concrete_fields]
                )
            ),
            key=str,
        )
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label_lower not in DERIVED and model._meta.managed
    }


def obligations() -> list[tuple[Any, ...]]:
    """Obligations by what they say, without their numbers."""
    return sorted(
        Obligation.objects.values_list(
            "learner", "requirement", "starts_on", "due_on", "satisfied_on", "expires_on"
        ),
        key=str,
    )


def fill(area, person: User, at: dt.datetime) -> None:
    """Give an account something of everything that people do here."""
    topic = make_topic(area)
    make_person_rule(area, topic, valid_from=dt.date(2020, 1, 1))
    record = record_learning(learned=learned(person, topic, dt.date(2026, 2, 1)), at=at)
    issue_certificate(record=record, at=at)
    course = make_course(area, title=f"Course of {person.pk}")
    enrolment = Enrolment.objects.create(
        person=person,
        course=course,
        version=course.current_version,
        started_at=at,
        last_active_at=at,
        finished_at=at,
    )
    Attempt.objects.create(
        person=person,
        enrolment=enrolment,
        activity=_activity(area),
        number=1,
        started_at=at,
    )
    Completion.objects.create(
        enrolment=enrolment,
        person=person,
        version=course.current_version,
        occurred_at=at,
        hours=1,
        evidence="server-scored",
    )
    join(make_network(area, name=f"Network of {person.pk}"), person)
    ReminderPreference.objects.create(person=person, weekly_digest=False, changed_at=at)


def _activity(area):
    return Activity.objects.first() or Activity.objects.create(
        quiz=QuizFactory(local_area=area), title="Quiz"
    )


# --- What moves -----------------------------------------------------------------------------------


def test_what_the_person_did_is_in_one_place(area, kept, merged, merge):
    at = clock.now()
    fill(area, merged, at)

    merge(kept, merged)

    for rows in (
        LearningRecord.objects.all(),
        Certificate.objects.all(),
        Enrolment.objects.all(),
        Attempt.objects.all(),
        Completion.objects.all(),
        Membership.objects.all(),
        ReminderPreference.objects.all(),
    ):
        assert set(rows.values_list("person", flat=True)) == {kept.pk}, rows.model
    assert kept.posts.count() == 2
    merged.refresh_from_db()
    assert (merged.is_active, merged.merged_into) == (False, kept)


def test_every_declared_link_is_empty_afterwards_or_stays_for_a_reason(area, kept, merged, merge):
    fill(area, merged, clock.now())

    merge(kept, merged)

    left = {f"{entry.model}.{entry.field}": entry.rows_of(merged.pk).count() for entry in carried()}
    assert {key: number for key, number in left.items() if number} == {}


def test_obligations_are_those_of_one_person_with_both_records(area, kept, merged, merge):
    fill(area, merged, clock.now())

    merge(kept, merged)

    assert not Obligation.objects.filter(learner=merged).exists()
    assert Obligation.objects.filter(learner=kept).exists()
    assert compare_with_rebuild(at=clock.today())[1] == []


@pytest.mark.parametrize("earlier", ["kept", "merged"])
def test_the_earliest_valid_evidence_counts(area, kept, merged, merge, earlier):
    at = clock.now()
    topic = make_topic(area)
    rule = make_person_rule(area, topic)
    first, second = dt.date(2026, 2, 1), dt.date(2026, 3, 1)
    days = (
        {"kept": first, "merged": second}
        if earlier == "kept"
        else {
            "kept": second,
            "merged": first,
        }
    )
    record_learning(learned=learned(kept, topic, days["kept"]), at=at)
    record_learning(learned=learned(merged, topic, days["merged"]), at=at)

    merge(kept, merged)

    assert LearningRecord.objects.filter(person=kept).count() == 2
    satisfied = (
        Obligation.objects.filter(learner=kept, requirement__key=rule.key)
        .order_by("starts_on")
        .values_list("satisfied_on", flat=True)
    )
    assert satisfied[0] == first


def test_the_same_post_twice_becomes_one_from_the_earlier_day(school, kept, merged, merge, today):
    PostFactory(
        person=merged,
        organisation=school,
        job_role=JobRole.TEACHING_ASSISTANT,
        starts_on=dt.date(2024, 1, 8),
    )

    merge(kept, merged)

    same = Post.objects.filter(organisation=school, job_role=JobRole.TEACHING_ASSISTANT)
    assert set(same.values_list("person", flat=True)) == {kept.pk}
    assert same.get(ends_on__isnull=True).starts_on == dt.date(2024, 1, 8)
    assert same.get(ends_on__isnull=False).ends_on == today


def test_nobody_comes_to_manage_their_own_line(school, kept, merged, merge):
    kept.posts.update(line_manager=merged)
    merged.posts.update(line_manager=kept)

    merge(kept, merged)

    assert set(kept.posts.values_list("line_manager", flat=True)) == {None}


def test_a_run_through_a_course_is_never_divided(area, kept, merged, merge):
    at = clock.now()
    course = make_course(area)
    runs = {}
    for person in (kept, merged):
        runs[person] = Enrolment.objects.create(
            person=person,
            course=course,
            version=course.current_version,
            started_at=at,
            last_active_at=at,
        )
        Attempt.objects.create(
            person=person,
            enrolment=runs[person],
            activity=_activity(area),
            number=1,
            started_at=at,
        )

    merge(kept, merged)

    for person, run in runs.items():
        run.refresh_from_db()
        assert run.person == person
        assert run.attempts.get().person == person


def test_a_place_both_have_stays_behind_and_is_not_lost(area, kept, merged, merge):
    network = make_network(area)
    own, other = join(network, kept), join(network, merged)

    merge(kept, merged)

    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.person, own.ends_on) == (kept, None)
    assert other.person == merged


# --- What does not --------------------------------------------------------------------------------


def test_ways_in_and_second_steps_stay_as_they_were(kept, merged, merge):
    SocialAccount.objects.create(user=merged, provider="bramble", uid="tid:oid")
    before = User.objects.get(pk=kept.pk)

    merge(kept, merged)

    after = User.objects.get(pk=kept.pk)
    assert (after.password, after.email) == (before.password, before.email)
    assert not SocialAccount.objects.filter(user=kept).exists()
    assert EmailAddress.objects.get(user=kept).email == "tom@otterford.example"


def test_nobody_signs_in_to_the_merged_account(kept, merged, merge, sign_in):
    client = sign_in(merged)
    assert client.get("/my-learning/").status_code == 200

    merge(kept, merged)

    assert client.get("/my-learning/").status_code == 302
    answer = Client().post("/accounts/login/", {"login": merged.email, "password": PASSWORD})
    assert answer.status_code == 200 or "inactive" in answer.url


def test_an_open_invitation_of_the_merged_account_opens_nothing(school, kept, merged, merge):
    invitation = Invitation.objects.create(
        person=merged,
        organisation=school,
        kind=InvitationKind.MAIL,
        address=merged.email,
        secret_digest="x",
        made_at=clock.now(),
        expires_at=clock.now() + dt.timedelta(days=1),
    )

    merge(kept, merged)

    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None
    assert invitation.person == merged


def test_roles_end_and_are_not_handed_on(area, school, kept, merged, merge, today):
    grant = RoleGrantFactory(
        person=merged, role=Role.SETTING_LEAD, local_area=area, organisation=school
    )

    merge(kept, merged)

    grant.refresh_from_db()
    assert (grant.person, grant.ends_on) == (merged, today)
    assert not RoleGrant.objects.filter(person=kept).exists()


def test_what_was_handed_on_from_such_a_role_ends_too(area, school, kept, merged, merge, today):
    grant = RoleGrantFactory(
        person=merged, role=Role.SETTING_LEAD, local_area=area, organisation=school
    )
    handed_on = RoleGrantFactory(
        role=Role.SETTING_LEAD,
        local_area=area,
        organisation=school,
        delegated_from=grant,
        ends_on=today + dt.timedelta(days=20),
    )

    merge(kept, merged)

    handed_on.refresh_from_db()
    assert handed_on.ends_on == today


def test_an_administrators_role_does_not_go_by_the_back_door(area, kept, merged, merge):
    RoleGrantFactory(person=merged, role=Role.SYSTEM_ADMIN, local_area=area)

    with pytest.raises(UnableToMerge, match="system administrator"):
        merge(kept, merged)


def test_an_address_goes_over_to_whoever_has_none(kept, merged, merge):
    User.objects.filter(pk=kept.pk).update(email=None, sign_in_name="tom.akinwale")
    EmailAddress.objects.filter(user=kept).delete()

    merge(kept, merged)

    kept.refresh_from_db()
    merged.refresh_from_db()
    assert (kept.email, merged.email) == ("tom@bramble.example", None)
    assert EmailAddress.objects.get(email="tom@bramble.example").user == kept


def test_an_address_is_no_way_into_an_account_with_greater_rights(area, kept, merged, merge):
    User.objects.filter(pk=kept.pk).update(email=None, sign_in_name="tom.akinwale")
    RoleGrantFactory(person=kept, role=Role.SYSTEM_ADMIN, local_area=area)

    merge(kept, merged)

    kept.refresh_from_db()
    assert kept.email is None


def test_a_legal_hold_goes_over_and_is_counted(area, administrator, kept, merged, merge):
    hold = LegalHold.objects.create(
        person=merged,
        local_area=area,
        basis="Claim 12",
        placed_at=clock.now(),
        placed_by=administrator,
    )

    merge(kept, merged)

    hold.refresh_from_db()
    assert hold.person == kept
    events = AuditEvent.objects.filter(verb="account.merged")
    assert {event.subject for event in events} == {kept.public_id, merged.public_id}
    assert {event.data["legal_holds"] for event in events} == {1}


# --- Who may, and what is refused -----------------------------------------------------------------


def test_a_lead_of_one_setting_merges_nobody(area, school, kept, merged, merge):
    lead = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area, organisation=school).person

    with pytest.raises(PermissionDenied):
        merge(kept, merged, by=lead)


@pytest.mark.parametrize("tie", ["post", "ended post", "role"])
def test_somebody_who_belongs_to_another_area_is_refused(
    other_area, kept, merged, merge, tie, today
):
    if tie == "role":
        RoleGrantFactory(person=merged, role=Role.EVALUATOR, local_area=other_area)
    else:
        ended = today - dt.timedelta(days=9) if tie == "ended post" else None
        PostFactory(person=merged, organisation__local_area=other_area, ends_on=ended)

    with pytest.raises(PermissionDenied):
        merge(kept, merged)
    assert not AccountMerge.objects.exists()


def test_whoever_administers_both_areas_may(area, other_area, administrator, kept, merged, merge):
    PostFactory(person=merged, organisation__local_area=other_area)
    RoleGrantFactory(person=administrator, role=Role.TRAINING_ADMIN, local_area=other_area)

    merge(kept, merged)

    assert kept.posts.count() == 3


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"suspended_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}, "suspended"),
        ({"erased_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}, "cannot be merged"),
        ({"is_superuser": True}, "cannot be merged"),
    ],
)
@pytest.mark.parametrize("which", ["kept", "merged"])
def test_some_accounts_are_never_merged(kept, merged, merge, which, values, words):
    User.objects.filter(pk={"kept": kept, "merged": merged}[which].pk).update(**values)

    with pytest.raises(UnableToMerge, match=words):
        merge(kept, merged)


def test_nobody_merges_their_own_account(area, administrator, kept, merge):
    PostFactory(person=administrator, organisation__local_area=area)

    with pytest.raises(UnableToMerge, match="your own"):
        merge(kept, administrator)


def test_an_erasure_that_waits_is_decided_first(area, kept, merged, merge):
    PrivacyRequest.objects.create(
        person=merged, local_area=area, kind=PrivacyRequestKind.ERASURE, asked_at=clock.now()
    )

    with pytest.raises(UnableToMerge, match="erased"):
        merge(kept, merged)


def test_an_account_is_merged_once(area, kept, merged, merge):
    third = PostFactory(organisation__local_area=area).person
    merge(kept, merged)

    with pytest.raises(UnableToMerge, match="part of another"):
        merge(third, merged)
    with pytest.raises(UnableToMerge, match="part of another"):
        merge(merged, third)


# --- Undo -----------------------------------------------------------------------------------------


def test_undo_puts_every_row_back_as_it_was(area, school, administrator, kept, merged, merge):
    at = clock.now()
    fill(area, merged, at)
    fill(area, kept, at)
    network = make_network(area)
    join(network, kept)
    join(network, merged)
    PostFactory(
        person=merged,
        organisation=school,
        job_role=JobRole.TEACHING_ASSISTANT,
        starts_on=dt.date(2024, 1, 8),
    )
    kept.posts.update(line_manager=merged)
    RoleGrantFactory(person=merged, role=Role.SETTING_LEAD, local_area=area, organisation=school)
    Invitation.objects.create(
        person=merged,
        kind=InvitationKind.CARD,
        secret_digest="x",
        made_at=at,
        expires_at=at + dt.timedelta(days=1),
    )
    LegalHold.objects.create(
        person=merged, local_area=area, basis="Claim", placed_at=at, placed_by=administrator
    )
    build_obligations(at=clock.today())
    before, owed = dump(), obligations()

    done = merge(kept, merged)
    between = dump()
    lost = undo_merge(by=administrator, merge=done, at=clock.now())

    assert between != before
    assert lost == []
    after = dump()
    assert {label: rows for label, rows in after.items() if rows != before[label]} == {}
    assert obligations() == owed
    assert compare_with_rebuild(at=clock.today())[1] == []
    merged.refresh_from_db()
    assert merged.is_active and merged.merged_into is None


def test_undo_gives_an_address_back(administrator, kept, merged, merge):
    User.objects.filter(pk=kept.pk).update(email=None, sign_in_name="tom.akinwale")
    EmailAddress.objects.filter(user=kept).delete()
    before = dump()

    undo_merge(by=administrator, merge=merge(kept, merged), at=clock.now())

    assert dump() == before


def test_undo_says_what_has_changed_since_and_leaves_it(administrator, kept, merged, merge, today):
    done = merge(kept, merged)
    post = kept.posts.get(staff_number="77")
    another = UserFactory()
    Post.objects.filter(pk=post.pk).update(person=another)

    lost = undo_merge(by=administrator, merge=done, at=clock.now())

    assert [(change.model, change.pk) for change in lost] == [("accounts.Post", post.pk)]
    post.refresh_from_db()
    assert post.person == another


def test_what_is_learned_after_the_merge_stays_with_the_kept_account(
    area, administrator, kept, merged, merge
):
    done = merge(kept, merged)
    record_learning(learned=learned(kept, make_topic(area), dt.date(2026, 5, 1)), at=clock.now())

    undo_merge(by=administrator, merge=done, at=clock.now())

    assert LearningRecord.objects.get().person == kept


def test_a_merge_is_undone_once(administrator, kept, merged, merge):
    done = merge(kept, merged)
    undo_merge(by=administrator, merge=done, at=clock.now())

    with pytest.raises(UnableToUndoMerge, match="already"):
        undo_merge(by=administrator, merge=done, at=clock.now())
    merge(kept, merged)
    assert AccountMerge.objects.count() == 2


def test_the_later_merge_is_undone_first(area, administrator, kept, merged, merge):
    third = PostFactory(organisation__local_area=area).person
    first = merge(kept, merged)
    second = merge(third, kept)

    with pytest.raises(UnableToUndoMerge, match="Undo that first"):
        undo_merge(by=administrator, merge=first, at=clock.now())
    undo_merge(by=administrator, merge=second, at=clock.now())
    undo_merge(by=administrator, merge=first, at=clock.now())
    merged.refresh_from_db()
    assert merged.posts.count() == 1


def test_undo_lets_nobody_back_in_who_is_suspended(administrator, kept, merged, merge):
    done = merge(kept, merged)
    User.objects.filter(pk=kept.pk).update(suspended_at=clock.now())

    with pytest.raises(UnableToUndoMerge, match="suspended"):
        undo_merge(by=administrator, merge=done, at=clock.now())


def test_changes_survive_being_written_down():
    at, day = dt.datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=dt.UTC), dt.date(2026, 1, 2)
    changes = [
        Change("accounts.Invitation", 1, "withdrawn_at", None, at),
        Change("accounts.Post", 2, "ends_on", None, day),
        Change("accounts.User", 3, "is_active", True, False),
        Change("accounts.Post", 4, "person", 5, 6),
    ]
    assert as_changes(json.loads(json.dumps(as_rows(changes)))) == changes


def test_no_declared_link_moves_ways_in_or_rights():
    moving = {(entry.model, entry.field) for entry in carried()}
    declared = {(entry.model, entry.field) for entry in personal_data()}
    for link in (
        ("account.EmailAddress", "user"),
        ("socialaccount.SocialAccount", "user"),
        ("mfa.Authenticator", "user"),
        ("accounts.RoleGrant", "person"),
        ("accounts.Invitation", "person"),
        ("accounts.User_groups", "user"),
    ):
        assert link in declared
        assert link not in moving


# --- Screens --------------------------------------------------------------------------------------


def test_accounts_are_found_by_name_address_and_staff_number(administrator, kept, merged, sign_in):
    client = sign_in(administrator)

    for words in ("akinwale tom", "TOM@bramble.example", "77"):
        page = client.get("/people/merge/", {"q": words})
        assert b"tom@bramble.example" in page.content, words
    assert b"No account matches" in client.get("/people/merge/", {"q": "tom@"}).content


def test_accounts_of_one_name_are_offered(administrator, kept, merged, sign_in):
    page = sign_in(administrator).get("/people/merge/")

    assert str(kept.public_id).encode() in page.content
    assert str(merged.public_id).encode() in page.content


def test_people_of_another_area_are_not_found(administrator, other_area, sign_in):
    stranger = PostFactory(
        person__family_name="Elsewhere", organisation__local_area=other_area
    ).person
    client = sign_in(administrator)

    assert b"Nobody" not in client.get("/people/merge/").content
    page = client.get("/people/merge/", {"q": "Elsewhere"})
    assert b"No account matches" in page.content
    answer = client.get(f"/people/merge/compare/?person={stranger.public_id}")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "role", [Role.SETTING_LEAD, Role.TEAM_MANAGER, Role.SYSTEM_ADMIN, Role.AUDITOR]
)
def test_other_roles_do_not_open_the_screen(area, role, sign_in, kept, merged, merge):
    done = merge(kept, merged)
    client = sign_in(RoleGrantFactory(role=role, local_area=area).person)

    for path in ("/people/merge/", "/people/merge/compare/", f"/people/merge/{done.pk}/"):
        assert client.get(path).status_code == 403
    assert client.post(f"/people/merge/{done.pk}/undo/").status_code == 403


def test_comparing_merging_and_undoing_through_the_screens(administrator, kept, merged, sign_in):
    client = sign_in(administrator)
    url = f"/people/merge/compare/?person={kept.public_id}&person={merged.public_id}"
    page = client.get(url)
    assert b"tom@bramble.example" in page.content and b"staff number 77" in page.content

    wrong = client.post(url, {"kept": str(kept.public_id), "confirmation": "yes"})
    assert b"Type the word merge" in wrong.content
    foreign = client.post(url, {"kept": str(administrator.public_id), "confirmation": "merge"})
    assert foreign.status_code == 200
    assert not AccountMerge.objects.exists()

    done = client.post(url, {"kept": str(kept.public_id), "confirmation": "Merge "}, follow=True)
    merge = AccountMerge.objects.get()
    assert merge.kept == kept
    assert b"Posts: 1" in done.content

    undone = client.post(f"/people/merge/{merge.pk}/undo/", follow=True)
    assert b"they are two accounts again" in undone.content
    merge.refresh_from_db()
    assert merge.undone_by == administrator


def test_a_merge_of_another_area_is_not_there(
    other_area, administrator, kept, merged, merge, sign_in
):
    done = merge(kept, merged)
    AccountMerge.objects.filter(pk=done.pk).update(local_area=other_area)

    assert sign_in(administrator).get(f"/people/merge/{done.pk}/").status_code == 404


@pytest.mark.parametrize("number", [2, 30])
def test_the_search_takes_as_many_queries_for_thirty_as_for_two(
    area, administrator, sign_in, number, django_assert_num_queries
):
    for _ in range(number):
        PostFactory(person__family_name="Alike", organisation__local_area=area)
    client = sign_in(administrator)
    client.get("/people/merge/")

    with django_assert_num_queries(SEARCH_QUERIES):
        client.get("/people/merge/", {"q": "Alike"})


SEARCH_QUERIES = 8


# --- In a browser ---------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_merging_in_a_browser_on_both_screens(
    browse, accessible, screen, administrator, kept, merged
) -> None:
    page = browse(administrator, screen)
    page.goto("/people/merge/?q=akinwale")
    accessible(page)
    for box in page.locator("input[name=person]").all():
        box.check()
    page.get_by_role("button", name="Compare").click()
    page.wait_for_selector("text=Are these the same person?")
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= screen[0]
    page.get_by_role("button", name="Merge the accounts").click()
    page.wait_for_selector("text=There is a problem")
    accessible(page)
    page.get_by_label("Account A").check()
    page.get_by_label("Type “merge” to confirm").fill("merge")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=What went over")
    accessible(page)
    page.get_by_role("button", name="Undo the merge").click()
    page.wait_for_selector("text=they are two accounts again")
    accessible(page)
