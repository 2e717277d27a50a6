"""Things are kept as long as data says, and go when two people have looked; nothing needed goes."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enums import RetentionState, Role
from accounts.models import (
    AuditEvent,
    Invitation,
    PrivacyRequest,
    RetentionRule,
    RetentionRun,
    User,
)
from accounts.privacy.erasing import erase_person
from accounts.privacy.holds import place_hold
from accounts.privacy.lists import months_in_words
from accounts.privacy.retention import (
    UnableToDispose,
    UnableToSetPeriod,
    carry_out_run,
    decide_run,
    dry_run,
    periods,
    propose_run,
    set_period,
)
from core import clock, registry
from core.models import Outbox
from courses.models import Attempt, AttemptState, QuizSitting, Statement
from cpd_tracking.models import Certificate, LearningRecord, Nudge, Obligation
from cpd_tracking.services.records import record_learning
from networks.models import Reply, Thread
from resources_repo.models import ResourcePage
from tests.factories.accounts import OrganisationFactory, PostFactory, RoleGrantFactory, UserFactory
from tests.factories.cpd_tracking import build, learned, make_rule, make_topic
from tests.factories.privacy import NEEDLES, make_known_person, tables_that_say

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ledger(settings, tmp_path):
    settings.ERASURE_LEDGER = tmp_path / "erasures.jsonl"


def holder(area, role, **fields):
    person = UserFactory(**fields)
    RoleGrantFactory(person=person, role=role, local_area=area)
    return person


@pytest.fixture
def dpo(area):
    return holder(area, Role.DPO)


@pytest.fixture
def admin(area):
    return holder(area, Role.SYSTEM_ADMIN)


def old_session(person, days=400):
    return UserSession.objects.create(
        user=person,
        ip="192.0.2.1",
        user_agent="x",
        session_key=f"key-{person.pk}-{days}",
        last_seen_at=clock.now() - dt.timedelta(days=days),
    )


def leaver(area, years=9, **fields):
    """Somebody who left so long ago and has not signed in since."""
    then = clock.now() - dt.timedelta(days=366 * years)
    person = UserFactory(**fields)
    User.objects.filter(pk=person.pk).update(joined_at=then - dt.timedelta(days=700))
    PostFactory(
        person=person,
        organisation=OrganisationFactory(local_area=area),
        starts_on=then.date() - dt.timedelta(days=600),
        ends_on=then.date(),
    )
    return person


# --- Figures -------------------------------------------------------------------------------------


def test_every_kind_has_a_figure_and_says_why(area):
    found = periods()

    assert {period.kind.key for period in found} == {kind.key for kind in registry.retained()}
    assert all(period.months == period.kind.months >= 1 for period in found)
    assert all(len(period.kind.basis) > 30 for period in found)


def test_the_installations_own_figure_goes_before_the_delivered_one(area, dpo):
    person = UserFactory()
    old_session(person, days=60)
    assert "sign-in-sessions" not in dry_run(clock.today())

    set_period(key="sign-in-sessions", months=1, reason="Schedule 4.2", by=dpo, at=clock.now())

    assert dry_run(clock.today())["sign-in-sessions"][0] == 1
    assert RetentionRule.objects.get().reason == "Schedule 4.2"
    assert AuditEvent.objects.filter(verb="retention.changed", actor=dpo.public_id).exists()


def test_only_the_officer_sets_a_figure(area, admin):
    with pytest.raises(PermissionDenied):
        set_period(key="nudges", months=1, reason="No", by=admin, at=clock.now())


@pytest.mark.parametrize(("key", "months"), [("nonsense", 12), ("nudges", 0), ("nudges", 1_201)])
def test_a_figure_that_makes_no_sense_is_refused(area, dpo, key, months):
    with pytest.raises(UnableToSetPeriod):
        set_period(key=key, months=months, reason="No", by=dpo, at=clock.now())


def test_the_figure_is_changed_on_its_screen(area, dpo, sign_in):
    client = sign_in(dpo)
    path = reverse("accounts:retention-period", args=["nudges"])

    wrong = client.post(path, {"months": "many", "reason": ""})
    client.post(path, {"months": "36", "reason": "Council schedule, line 7"})
    page = client.get(reverse("accounts:retention"))

    assert b"Enter a number of months" in wrong.content
    assert b"Council schedule, line 7" in page.content
    assert b"3 years" in page.content
    assert client.get(reverse("accounts:retention-period", args=["none"])).status_code == 404


# --- Two people ----------------------------------------------------------------------------------


def test_one_proposes_another_approves_and_a_worker_carries_it_out(
    area, dpo, admin, sign_in, django_capture_on_commit_callbacks
):
    gone, kept = old_session(UserFactory()), old_session(UserFactory(), days=10)

    counted = sign_in(dpo).get(reverse("accounts:retention"), {"count": "today"})
    assert UserSession.objects.count() == 2, "counting changes nothing"
    sign_in(dpo).post(reverse("accounts:disposal-propose"))
    run = RetentionRun.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(admin).post(
            reverse("accounts:disposal-decide", args=[run.pk]), {"decision": "approve"}
        )

    run.refresh_from_db()
    assert b"1 record" in counted.content
    assert run.state == RetentionState.DONE
    assert run.disposed == {"sign-in-sessions": 1}
    assert not UserSession.objects.filter(pk=gone.pk).exists()
    assert UserSession.objects.filter(pk=kept.pk).exists()


def test_whoever_proposed_it_does_not_approve_it(area, dpo):
    old_session(UserFactory())
    run = propose_run(by=dpo, at=clock.now())

    with pytest.raises(UnableToDispose):
        decide_run(run=run, approve=True, by=dpo, at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionRun.objects.filter(pk=run.pk).update(decided_by=dpo)


def test_a_refused_disposal_takes_nothing_and_is_not_approved_later(area, dpo, admin):
    session = old_session(UserFactory())
    run = propose_run(by=dpo, at=clock.now())

    decide_run(run=run, approve=False, by=admin, at=clock.now())

    with pytest.raises(UnableToDispose):
        decide_run(run=run, approve=True, by=admin, at=clock.now())
    assert carry_out_run(run_id=run.pk, at=clock.now()) is None
    assert UserSession.objects.filter(pk=session.pk).exists()


def test_an_unapproved_disposal_is_not_carried_out(area, dpo):
    session = old_session(UserFactory())
    run = propose_run(by=dpo, at=clock.now())

    assert carry_out_run(run_id=run.pk, at=clock.now()) is None
    assert UserSession.objects.filter(pk=session.pk).exists()


def approved(dpo, admin):
    """A disposal that waits for the worker."""
    run = propose_run(by=dpo, at=clock.now())
    RetentionRun.objects.filter(pk=run.pk).update(decided_by=admin, decided_at=clock.now())
    return run


def test_rows_that_changed_since_make_it_stale_and_nothing_goes(area, dpo, admin):
    session = old_session(UserFactory())
    run = approved(dpo, admin)
    old_session(UserFactory())

    carry_out_run(run_id=run.pk, at=clock.now())

    run.refresh_from_db()
    assert run.state == RetentionState.STALE
    assert UserSession.objects.filter(pk=session.pk).exists()


def test_a_hold_placed_between_proposal_and_approval_stops_it(area, dpo, admin):
    person = leaver(area)
    old_session(person)
    run = approved(dpo, admin)
    place_hold(person=person, basis="A claim", by=dpo, local_area=area, at=clock.now())

    carry_out_run(run_id=run.pk, at=clock.now())

    run.refresh_from_db()
    person.refresh_from_db()
    assert run.state == RetentionState.STALE
    assert person.erased_at is None


def test_carried_out_twice_it_is_done_once(area, dpo, admin):
    old_session(UserFactory())
    run = approved(dpo, admin)

    assert carry_out_run(run_id=run.pk, at=clock.now()) is not None
    assert carry_out_run(run_id=run.pk, at=clock.now()) is None


def test_nothing_due_is_nothing_to_propose_and_one_proposal_waits_at_a_time(area, dpo, admin):
    with pytest.raises(UnableToDispose):
        propose_run(by=dpo, at=clock.now())
    old_session(UserFactory())
    propose_run(by=dpo, at=clock.now())
    with pytest.raises(UnableToDispose):
        propose_run(by=admin, at=clock.now())


def test_an_auditor_reads_and_does_not_propose(area, sign_in):
    old_session(UserFactory())
    client = sign_in(holder(area, Role.AUDITOR))

    assert client.get(reverse("accounts:retention"), {"count": "today"}).status_code == 200
    assert client.post(reverse("accounts:disposal-propose")).status_code == 403


def test_others_find_no_such_screen(area, sign_in):
    for stranger in (UserFactory(), holder(area, Role.TRAINING_ADMIN)):
        assert sign_in(stranger).get(reverse("accounts:retention")).status_code == 404


def test_the_command_counts_and_changes_nothing(area):
    old_session(UserFactory())
    out = io.StringIO()

    call_command("dispose", stdout=out)

    assert "1  Devices and addresses of sign-ins, 3 months" in out.getvalue()
    assert UserSession.objects.count() == 1


# --- Each kind -----------------------------------------------------------------------------------


def due(key):
    period = next(period for period in periods() if period.kind.key == key)
    return period.due(clock.today())


def dispose(key, at=None):
    period = next(period for period in periods() if period.kind.key == key)
    return period.kind.dispose(period.due(clock.today()), at or clock.now())


def test_what_was_said_in_attempts_goes_and_the_result_stays(area):
    person = make_known_person(area)
    then = clock.now() - dt.timedelta(days=800)
    assert not any(due(key).exists() for key in ("statements", "content-places", "quiz-answers"))
    person.enrolments.update(finished_at=then, last_active_at=then)
    score = Attempt.objects.get(person=person).scaled

    for key in ("statements", "content-places", "quiz-answers"):
        assert dispose(key) == 1, key
        assert not due(key).exists(), key

    assert not Statement.objects.exists()
    assert not AttemptState.objects.exists()
    assert QuizSitting.objects.get().answers is None
    assert Attempt.objects.get(person=person).scaled == score


def test_old_mails_conversations_replies_requests_and_invitations_go(area):
    person = make_known_person(area)
    then = clock.now() - dt.timedelta(days=3000)
    Nudge.objects.update(sent_on=then.date())
    Thread.objects.update(last_message_at=then)
    Reply.objects.update(replied_at=then)
    reply = Reply.objects.get()
    reply.meeting.__class__.objects.update(starts_at=then, ends_at=then + dt.timedelta(hours=1))
    PrivacyRequest.objects.update(done_at=then)
    Invitation.objects.update(expires_at=then)
    Outbox.objects.update(done_at=then)
    person.digests.update(promised_at=then)

    for key in (
        "nudges",
        "digests",
        "network-threads",
        "meeting-replies",
        "privacy-requests",
        "invitations",
        "done-work",
    ):
        assert dispose(key) >= 1, key
        assert not due(key).exists(), key


def test_a_conversation_with_a_held_person_in_it_stays(area, dpo):
    person = make_known_person(area)
    Thread.objects.update(last_message_at=clock.now() - dt.timedelta(days=3000))
    assert due("network-threads").exists()

    place_hold(person=person, basis="A claim", by=dpo, local_area=area, at=clock.now())

    assert not due("network-threads").exists()


def test_a_resource_goes_with_its_files_long_after_it_was_withdrawn(area):
    make_known_person(area)
    page = ResourcePage.objects.get()
    page.unpublish()
    assert not due("withdrawn-resources").exists()
    ResourcePage.objects.update(latest_revision_created_at=clock.now() - dt.timedelta(days=1200))

    assert dispose("withdrawn-resources") == 1
    assert not ResourcePage.objects.exists()


def test_who_left_long_ago_is_erased_as_if_they_had_asked(area):
    person = leaver(area, given_name="Zebedee", family_name="Quillfeather")
    recent = leaver(area, years=5)
    back_again = leaver(area)
    PostFactory(person=back_again, organisation=OrganisationFactory(local_area=area))
    with_a_role = leaver(area)
    RoleGrantFactory(person=with_a_role, role=Role.DIRECTOR, local_area=area)
    reader = leaver(area)
    User.objects.filter(pk=reader.pk).update(last_login=clock.now())

    assert [each.pk for each in due("leavers")] == [person.pk]
    assert dispose("leavers") == 1

    assert tables_that_say(*NEEDLES) == []
    for other in (recent, back_again, with_a_role, reader):
        other.refresh_from_db()
        assert other.erased_at is None


def test_a_hold_placed_this_moment_keeps_a_leaver(area, dpo, monkeypatch):
    person = leaver(area)
    rows = due("leavers")
    place_hold(person=person, basis="A claim", by=dpo, local_area=area, at=clock.now())
    kind = next(kind for kind in registry.retained() if kind.key == "leavers")

    assert kind.dispose(rows, clock.now()) == 0
    person.refresh_from_db()
    assert person.erased_at is None


def test_records_without_a_name_go_seven_years_after_the_last_post(area):
    topic = make_topic(area, "Fire safety")
    person = leaver(area)
    day = clock.today() - dt.timedelta(days=366 * 9)
    record = record_learning(learned=learned(person, topic, day), at=clock.now())
    LearningRecord.objects.filter(pk=record.pk).update(
        recorded_at=clock.now() - dt.timedelta(days=366 * 9)
    )
    Certificate.objects.get_or_create(person=person, record=record, issued_at=clock.now())
    assert not due("nameless-records").exists(), "they still have a name"
    erase_person(person=person, by=None, local_area=None, at=clock.now())

    assert dispose("nameless-records") == 1

    assert not LearningRecord.objects.exists()
    assert not Certificate.objects.exists()


def test_nobody_in_post_loses_what_keeps_them_up_to_date(area):
    """A duty met once, fourteen years ago, is met still after every kind has been disposed of."""
    topic = make_topic(area, "Qualified status")
    make_rule(area, topic, validity_months=None, window_days=0)
    began = clock.today() - dt.timedelta(days=366 * 15)
    person = PostFactory(organisation=OrganisationFactory(local_area=area), starts_on=began).person
    then = began + dt.timedelta(days=366)
    record = record_learning(learned=learned(person, topic, then), at=clock.now())
    LearningRecord.objects.filter(pk=record.pk).update(
        recorded_at=clock.now() - dt.timedelta(days=366 * 14)
    )
    build(clock.today())
    states = Obligation.objects.with_status(clock.today()).filter(learner=person)
    before = sorted(states.values_list("requirement", "status"))
    assert [status for _, status in before] == ["compliant"]

    for period in periods():
        period.kind.dispose(period.due(clock.today()), clock.now())
    build(clock.today())

    assert sorted(states.all().values_list("requirement", "status")) == before
    assert LearningRecord.objects.filter(pk=record.pk).exists()


def test_the_page_about_retention_says_what_the_product_does():
    page = (Path(__file__).parents[2] / "docs/privacy/retention.md").read_text()

    for kind in registry.retained():
        row = f"| `{kind.key}` | {kind.title} | {months_in_words(kind.months)} | {kind.basis} |"
        assert row in page
