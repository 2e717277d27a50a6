"""Committing once, all or nothing; taking back what nobody has touched since."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from accounts.enums import ImportMode, ImportState, InvitationKind, JobRole, Role
from accounts.models import AuditEvent, Invitation, Post, StaffImport, User
from accounts.services.posts import change_post, end_post
from accounts.staffing import writing
from accounts.staffing.committing import PlanHasChanged, UnableToCommit, commit_import
from accounts.staffing.drafting import UnableToDraft, choose_titles, discard_import
from accounts.staffing.undoing import UnableToUndo, undo_import, what_undoing_does
from core import clock
from cpd_tracking.models import LearningRecord, Obligation
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
    make_area,
)
from tests.factories.cpd_tracking import make_rule, make_topic
from tests.factories.staffing import as_csv, bring, draft, person

pytestmark = pytest.mark.django_db

MAY = dt.datetime(2026, 5, 4, 9, tzinfo=dt.UTC)
LATER = MAY + dt.timedelta(days=2)
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def school(area):
    return OrganisationFactory(local_area=area, name="Otterford Primary")


@pytest.fixture
def head(school, area):
    found = PostFactory(organisation=school, job_role=JobRole.HEADTEACHER).person
    RoleGrantFactory(person=found, role=Role.SETTING_LEAD, organisation=school, local_area=area)
    return found


@pytest.fixture
def rules(area):
    return make_rule(area, make_topic(area), key="R1")


def people(number):
    return [person(f"Staff{n}", f"Member{n}", number=str(n)) for n in range(number)]


# --- Once ------------------------------------------------------------------------------------


def test_committing_twice_is_committing_once(school, head):
    found = draft(as_csv(*people(3)), school, by=head)

    first = commit_import(by=head, staff_import=found, at=MAY)
    again = commit_import(by=head, staff_import=found, at=LATER)

    assert again.committed_at == first.committed_at == MAY
    assert Post.objects.count() == 4
    assert AuditEvent.objects.filter(verb="staff_import.committed").count() == 1


def test_names_and_cells_are_gone_once_a_list_is_imported_or_discarded(school, head):
    done = bring(as_csv(*people(2)), school, by=head)
    dropped = discard_import(
        by=head, staff_import=draft(as_csv(*people(2)), school, by=head), at=MAY
    )

    for each in (done, dropped):
        each.refresh_from_db()
        assert each.rows == []
        assert "Member1" not in str(each.plan)
        assert "otterford.example" not in str(each.plan)
        assert each.plan["counts"]["rows"] == 2
    assert dropped.state == ImportState.DISCARDED
    with pytest.raises(UnableToCommit, match="discarded"):
        commit_import(by=head, staff_import=dropped, at=MAY)


def test_a_list_brought_again_takes_the_place_of_ones_earlier_preview(school, head, area):
    other = OrganisationFactory(local_area=area)
    theirs, elsewhere = draft(as_csv(*people(1)), school), draft(as_csv(*people(1)), other)
    first = draft(as_csv(*people(2)), school, by=head)

    second = draft(as_csv(*people(3)), school, by=head)

    states = dict(StaffImport.objects.values_list("pk", "state"))
    assert states[first.pk] == ImportState.DISCARDED
    assert {states[each.pk] for each in (second, theirs, elsewhere)} == {ImportState.PREVIEW}
    first.refresh_from_db()
    assert first.rows == []


def test_what_is_required_of_people_is_worked_out_in_the_same_transaction(school, rules):
    bring(as_csv(*people(3)), school, at=MAY)

    assert Obligation.objects.filter(learner__posts__organisation=school).count() >= 3


def test_everybody_can_read_in_their_own_record_who_gave_them_the_post(school, head):
    bring(as_csv(*people(2)), school, by=head, at=MAY)

    made = User.objects.get(given_name="Staff1")
    event = AuditEvent.objects.get(subject=made.public_id)
    assert (event.verb, event.actor, event.organisation, event.local_area) == (
        "post.added", head.public_id, school, school.local_area,
    )  # fmt: skip
    assert event.object_id == str(made.posts.get().pk)
    assert made.posts.get().history.get().history_user == head


def test_the_number_of_queries_does_not_grow_with_the_rows(area, rules):
    counts = []
    for number in (1, 30):
        school = OrganisationFactory(local_area=area)
        rows = [
            person(f"Staff{n}", f"Of{number}", number=str(n), manager="0" if n else "")
            for n in range(number * 3)
        ]
        bring(as_csv(*rows[: number * 2]), school, at=MAY)
        changed = [row | {"hours": "20", "family": "New"} for row in rows[number:]]
        content = as_csv(*changed)
        fresh = draft(content, school, mode=ImportMode.FULL, at=MAY)
        with CaptureQueriesContext(connection) as captured:
            commit_import(by=None, staff_import=fresh, ending=number, at=MAY)
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_rows_with_errors_are_left_out_only_if_one_says_so(school):
    content = as_csv(*people(2), person(start="31/02/2026"))

    with pytest.raises(UnableToCommit, match="1 row cannot be imported"):
        bring(content, school)
    assert Post.objects.count() == 0
    bring(content, school, leave_out_errors=True)
    assert Post.objects.count() == 2


def test_a_preview_that_is_no_longer_true_is_made_again_and_not_imported(school):
    found = draft(as_csv(*people(2)), school, at=MAY)
    PostFactory(
        organisation=school,
        person__email="staff0.member0@otterford.example",
        person__given_name="Staff0",
        person__family_name="Member0",
        job_role=JobRole.TEACHING_ASSISTANT,
    )

    with pytest.raises(PlanHasChanged):
        commit_import(by=None, staff_import=found, at=MAY)

    found.refresh_from_db()
    assert found.state == ImportState.PREVIEW
    assert found.plan["counts"]["joiners"] == 1
    assert Post.objects.count() == 1
    commit_import(by=None, staff_import=found, at=MAY)
    assert Post.objects.count() == 2


def test_titles_are_not_chosen_for_a_list_that_is_done(school, head):
    done = bring(as_csv(*people(1)), school, by=head)

    with pytest.raises(UnableToDraft):
        choose_titles(by=head, staff_import=done, titles={"x": "teacher"}, at=MAY)


# --- All or nothing --------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["_add_posts", "_tell", "last_history"])
def test_a_commit_that_dies_half_way_never_was(school, monkeypatch, step):
    found = draft(as_csv(*people(5)), school)
    before = (User.objects.count(), AuditEvent.objects.count())

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(writing, step, die)
        with pytest.raises(KeyboardInterrupt):
            commit_import(by=None, staff_import=found, at=MAY)

    assert (User.objects.count(), AuditEvent.objects.count()) == before
    assert Post.objects.count() == Post.history.count() == 0
    commit_import(by=None, staff_import=found, at=MAY)
    assert Post.objects.count() == 5


_KILLED = """
import os, signal, sys
import django
from django.conf import settings
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from core import bulk, clock
from accounts.models import StaffImport
from accounts.staffing import writing
from accounts.staffing.committing import commit_import
write = writing.write_history
def killed(posts, *args, **kwargs):
    write(posts[: len(posts) * 4 // 5], *args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)
writing.write_history = killed
commit_import(by=None, staff_import=StaffImport.objects.get(pk=int(sys.argv[2])), at=clock.now())
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_process_leaves_nothing_and_the_list_can_be_imported_after(on_postgres):
    school = OrganisationFactory(local_area=make_area())
    found = draft(as_csv(*people(500)), school)

    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, connection.settings_dict["NAME"], str(found.pk)],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test"},
        capture_output=True,
        timeout=120,
        check=False,
    )

    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()[-500:]
    assert User.objects.count() == Post.objects.count() == Post.history.count() == 0
    commit_import(by=None, staff_import=found, at=clock.now())
    assert Post.objects.count() == 500


# --- Two at once -----------------------------------------------------------------------------


def _at_once(jobs):
    """Run the jobs in threads that start together; return what each raised, or None."""
    barrier, outcomes = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place, job):
        try:
            barrier.wait(timeout=20)
            job()
        except Exception as error:
            outcomes[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_one_list_committed_four_times_at_once_is_one_import(on_postgres):
    school = OrganisationFactory(local_area=make_area())
    found = draft(as_csv(*people(40)), school)

    outcomes = _at_once([lambda: commit_import(by=None, staff_import=found, at=clock.now())] * 4)

    assert outcomes == [None] * 4
    assert User.objects.count() == Post.objects.count() == 40
    assert AuditEvent.objects.filter(verb="staff_import.committed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_file_brought_by_two_at_once_makes_each_person_once(on_postgres):
    school = OrganisationFactory(local_area=make_area())
    drafts = [draft(as_csv(*people(40)), school) for _ in range(2)]

    outcomes = _at_once(
        [
            lambda each=each: commit_import(by=None, staff_import=each, at=clock.now())
            for each in drafts
        ]
    )

    assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", "PlanHasChanged"]
    assert User.objects.count() == Post.objects.count() == 40


@pytest.mark.django_db(transaction=True)
def test_two_schools_that_bring_the_same_new_person_at_once_make_one_account(on_postgres):
    area = make_area()
    schools = OrganisationFactory.create_batch(2, local_area=area)
    drafts = [draft(as_csv(*people(20)), school) for school in schools]

    outcomes = _at_once(
        [
            lambda each=each: commit_import(by=None, staff_import=each, at=clock.now())
            for each in drafts
        ]
    )
    for each, outcome in zip(drafts, outcomes, strict=True):
        if isinstance(outcome, PlanHasChanged):
            commit_import(by=None, staff_import=each, at=clock.now())
        else:
            assert outcome is None

    assert User.objects.count() == 20
    assert Post.objects.count() == 40


# --- And back --------------------------------------------------------------------------------


def _state():
    return (
        list(User.objects.order_by("pk").values("pk", "given_name", "family_name", "email")),
        list(Post.objects.order_by("pk").values()),
        sorted(Obligation.objects.values_list("requirement", "learner", "post", "starts_on"),
               key=str),
    )  # fmt: skip


def test_undoing_puts_everything_back(school, head, area, rules):
    rows = people(4)
    bring(as_csv(*rows), school, by=head, at=MAY)
    leaver = User.objects.get(given_name="Staff3")
    grant = RoleGrantFactory(
        person=leaver, role=Role.SETTING_LEAD, organisation=school, local_area=area
    )
    before = _state()
    changed = [
        rows[0] | {"family": "Other", "hours": "20", "manager": "new.comer@otterford.example"},
        rows[1] | {"end": "31/12/2026", "email": "fresh@otterford.example"},
        rows[2],
        person("New", "Comer", number="99", title="Teacher"),
    ]
    done = bring(as_csv(*changed), school, by=head, mode=ImportMode.FULL, ending=1, at=MAY)
    assert _state() != before
    grant.refresh_from_db()
    assert grant.ends_on is not None

    undone = undo_import(by=head, staff_import=done, at=LATER)

    assert _state() == before
    assert undone.left_people == undone.left_posts == []
    grant.refresh_from_db()
    assert grant.ends_on is None
    done.refresh_from_db()
    assert (done.state, done.undone_by) == (ImportState.UNDONE, head)
    with pytest.raises(UnableToUndo):
        undo_import(by=head, staff_import=done, at=LATER)


def test_looking_at_what_undoing_does_changes_nothing(school, head, rules):
    done = bring(as_csv(*people(3)), school, by=head, at=MAY)
    before, events = _state(), AuditEvent.objects.count()

    would = what_undoing_does(by=head, staff_import=done, at=LATER)

    assert (len(would.people), len(would.posts)) == (3, 3)
    assert _state() == before
    assert AuditEvent.objects.count() == events


def _sign_in(person, school):
    person.last_login = LATER
    person.save()


def _change(person, school):
    change_post(by=None, post=person.posts.get(), at=LATER, title="Something else")


def _end(person, school):
    end_post(by=None, post=person.posts.get(), ends_on=dt.date(2026, 5, 5), at=LATER)


def _invite(person, school):
    Invitation.objects.create(
        person=person, organisation=school, kind=InvitationKind.MAIL, address=person.email,
        secret_digest="x", made_at=LATER, expires_at=LATER + dt.timedelta(days=14),
    )  # fmt: skip


def _learn(person, school):
    LearningRecord.objects.create(
        person=person, kind="external", title="First aid", occurred_on=dt.date(2026, 5, 5),
        source="attested_by_trainer", source_uid="x", recorded_at=LATER,
    )  # fmt: skip


def _manage(person, school):
    PostFactory(organisation=school, line_manager=person)


@pytest.mark.parametrize("touch", [_sign_in, _change, _end, _invite, _learn, _manage])
def test_what_somebody_has_touched_since_stays_and_is_named(school, head, rules, touch):
    done = bring(as_csv(*people(3)), school, by=head, at=MAY)
    touched = User.objects.get(given_name="Staff1")
    touch(touched, school)
    post = touched.posts.get()

    undone = undo_import(by=head, staff_import=done, at=LATER)

    assert undone.left_people == [touched.pk]
    assert undone.left_posts == [post.pk]
    assert Post.objects.filter(pk=post.pk).exists()
    assert not User.objects.filter(given_name__in=["Staff0", "Staff2"]).exists()
    done.refresh_from_db()
    assert done.changes["left"] == {"people": [touched.pk], "posts": [post.pk]}


def test_a_second_post_goes_and_the_person_stays(school, head):
    other = PostFactory(
        organisation=OrganisationFactory(local_area=school.local_area),
        person__email="staff0.member0@otterford.example",
    )
    done = bring(as_csv(*people(1)), school, by=head, at=MAY)

    undo_import(by=head, staff_import=done, at=LATER)

    assert list(other.person.posts.all()) == [other]


def test_only_who_may_import_may_undo(school, area):
    done = bring(as_csv(*people(1)), school, at=MAY)

    for stranger in (UserFactory(), PostFactory(organisation=school).person):
        with pytest.raises(PermissionDenied):
            undo_import(by=stranger, staff_import=done, at=LATER)
    assert StaffImport.objects.get().state == ImportState.COMMITTED
