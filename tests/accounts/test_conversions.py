"""A school becomes another: what goes over, what stays, what no clock notices, and the way back."""

from __future__ import annotations

import datetime as dt
import json
import threading
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection

from accounts.enums import InvitationKind, JobRole, LinkType, OrganisationStatus, Role
from accounts.models import (
    AuditEvent,
    Cluster,
    ClusterMembership,
    Invitation,
    Organisation,
    OrganisationConversion,
    OrganisationLink,
    Post,
)
from accounts.permissions import can_view_post
from accounts.selectors import lineage_of, one_to_one_predecessors, one_to_one_successors
from accounts.services.conversions import (
    UnableToConvert,
    UnableToUndoConversion,
    convert,
    undo_conversion,
)
from core import clock
from cpd_tracking.enums import RecordSource
from cpd_tracking.models import LearningRecord, Obligation
from cpd_tracking.services.records import record_learning
from networks.models import Attendance, Membership
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)
from tests.factories.cpd_tracking import build, learned, make_rule, make_topic
from tests.factories.networks import join, make_network

pytestmark = pytest.mark.django_db

HEADER = (
    "URN,LA (code),EstablishmentName,TypeOfEstablishment (name),EstablishmentStatus (name),"
    "OpenDate,CloseDate,PhaseOfEducation (name),AdministrativeWard (name),Trusts (name)"
)
OLD = "900001,999,Quarrendon School,Community school,{},01-09-1960,{},Secondary,Millbrook,"
NEW = (
    "900002,999,Quarrendon Academy,Academy converter,Open,01-09-2024,,Secondary,Millbrook,"
    "Merrow Learning Trust"
)
LINKS = (
    "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate",
    "900001,900002,Quarrendon Academy,Successor,01-09-2024",
    "900002,900001,Quarrendon School,Predecessor,01-09-2024",
)


@pytest.fixture
def register(tmp_path):
    """Return a function that imports lines of a register, with links, for the area."""

    def _import(*lines: str, links: tuple[str, ...] = LINKS, options: tuple[str, ...] = ()) -> dict:
        (tmp_path / "gias.csv").write_text("\n".join((HEADER, *lines)), encoding="cp1252")
        (tmp_path / "links.csv").write_text("\n".join(links), encoding="cp1252")
        out = StringIO()
        call_command(
            "import_organisations",
            str(tmp_path / "gias.csv"),
            "--links",
            str(tmp_path / "links.csv"),
            "--local-area",
            "999",
            "--json",
            *options,
            stdout=out,
        )
        return json.loads(out.getvalue())

    return _import


@pytest.fixture
def old(area, register):
    """The school as it is before it converts."""
    register(OLD.format("Open", ""), links=LINKS[:1])
    return Organisation.objects.get(urn=900001)


def closing(register, **options):
    return register(OLD.format("Closed", "31-08-2024"), NEW, **options)


@pytest.fixture
def admin(area):
    return RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person


@pytest.fixture
def pair(area):
    """A closed school and an open one, without a register."""
    return (
        OrganisationFactory(local_area=area, status=OrganisationStatus.CLOSED),
        OrganisationFactory(local_area=area),
    )


def test_an_import_that_closes_a_school_moves_what_goes_on_to_its_academy(area, old, register):
    head = PostFactory(organisation=old, job_role=JobRole.HEADTEACHER, staff_number="1")
    left = PostFactory(organisation=old, ends_on=dt.date(2025, 10, 31))
    grant = RoleGrantFactory(
        person=head.person, role=Role.SETTING_LEAD, local_area=area, organisation=old
    )
    network = make_network(area)
    membership = join(network, head.person, organisation=old)
    past = Membership.objects.create(
        network=make_network(area, name="Another"),
        person=left.person,
        organisation=old,
        starts_on=dt.date(2025, 9, 1),
        ends_on=dt.date(2025, 10, 31),
    )
    cluster = Cluster.objects.create(local_area=area, name="Millbrook", lead=old)
    in_cluster = ClusterMembership.objects.create(
        cluster=cluster, organisation=old, starts_on=dt.date(2025, 9, 1)
    )
    invitation = Invitation.objects.create(
        person=left.person,
        organisation=old,
        kind=InvitationKind.MAIL,
        secret_digest="x",
        made_at=clock.now(),
        expires_at=clock.now() + dt.timedelta(days=7),
    )

    result = closing(register)

    new = Organisation.objects.get(urn=900002)
    for row in (head, left, grant, membership, past, cluster, in_cluster, invitation):
        row.refresh_from_db()
    assert (head.organisation, head.starts_on, head.staff_number) == (
        new,
        dt.date(2025, 9, 1),
        "1",
    )
    assert (left.organisation, past.organisation) == (old, old)
    assert grant.organisation == membership.organisation == in_cluster.organisation == new
    assert cluster.lead == invitation.organisation == new
    assert [each["predecessor_urn"] for each in result["conversions"]] == [900001]
    assert (result["conversions"][0]["posts"], result["conversions"][0]["others"]) == (1, 5)
    conversion = OrganisationConversion.objects.get()
    assert conversion.converted_on == dt.date(2024, 9, 1)
    assert AuditEvent.objects.filter(verb="organisation.converted").count() == 1
    assert [row.organisation_id for row in head.history.order_by("history_id")] == [
        old.pk,
        new.pk,
    ]


def test_a_membership_that_speaks_for_the_school_is_not_ended_by_the_move(area, old, register):
    post = PostFactory(organisation=old)
    membership = join(make_network(area), post.person, organisation=old)

    closing(register)

    membership.refresh_from_db()
    assert membership.ends_on is None
    assert Membership.objects.count() == 1


@pytest.mark.parametrize("kind", ["post", "person", "organisations"])
def test_no_training_clock_notices(area, old, register, kind):
    """Also a rule of the school itself goes on, since the academy is what it became."""
    fields = {
        "post": {},
        "person": {"subject_kind": "person"},
        "organisations": {"audience": {"organisations": [old.pk]}},
    }[kind]
    rule = make_rule(area, make_topic(area), key="R1", **fields)
    post = PostFactory(organisation=old, starts_on=dt.date(2024, 9, 1))
    build(clock.today())
    columns = ("pk", "starts_on", "trigger_on", "due_on", "post_id", "person_id", "closed_on")
    before = list(Obligation.objects.order_by("starts_on").values_list(*columns))
    assert before

    closing(register)

    assert list(Obligation.objects.order_by("starts_on").values_list(*columns)) == before
    assert Obligation.objects.filter(requirement=rule, learner=post.person).exists()


def test_records_and_registers_stay_where_they_were_made_and_the_new_lead_reads_them(
    area, old, register
):
    post = PostFactory(organisation=old)
    lead = RoleGrantFactory(role=Role.SETTING_LEAD, local_area=area, organisation=old).person
    left = PostFactory(organisation=old, ends_on=dt.date(2025, 10, 31))
    record = record_learning(
        learned=learned(
            post.person,
            make_topic(area),
            dt.date(2025, 10, 1),
            organisation_id=old.pk,
            source=RecordSource.ATTESTED_BY_SETTING,
        ),
        at=clock.now(),
    )

    closing(register)

    record = LearningRecord.objects.get(pk=record.pk)
    assert record.organisation == old
    assert LearningRecord.objects.visible_to(lead, clock.today()).filter(pk=record.pk).exists()
    assert can_view_post(lead, left, on=clock.today())
    assert not Attendance.objects.exists()


def test_a_dry_run_lists_the_conversion_and_moves_nothing(old, register):
    post = PostFactory(organisation=old)

    result = closing(register, options=("--dry-run",))

    post.refresh_from_db()
    assert result["dry_run"]
    assert result["conversions"][0]["successor_urn"] == 900002
    assert post.organisation == old
    assert not OrganisationConversion.objects.exists()


def test_the_same_register_again_moves_nothing_more(old, register):
    PostFactory(organisation=old)
    closing(register)
    events = AuditEvent.objects.count()

    result = closing(register)

    assert result["conversions"] == []
    assert AuditEvent.objects.count() == events


def test_links_that_come_later_convert_then(old, register):
    post = PostFactory(organisation=old)
    assert closing(register, links=LINKS[:1])["conversions"] == []

    assert len(closing(register)["conversions"]) == 1

    post.refresh_from_db()
    assert post.organisation.urn == 900002


@pytest.mark.parametrize(
    "links",
    [
        (*LINKS, "900001,900003,Another,Successor - Split School,01-09-2024"),
        (*LINKS, "900004,900002,Quarrendon Academy,Successor - merged,01-09-2024"),
        (LINKS[0], "900001,900002,Quarrendon Academy,Closure,01-09-2024"),
    ],
)
def test_a_split_a_merger_or_a_mere_closure_is_left_to_a_person(old, register, links):
    post = PostFactory(organisation=old)

    assert closing(register, links=links)["conversions"] == []

    post.refresh_from_db()
    assert post.organisation == old


def test_people_follow_a_school_through_two_conversions_at_once(area, old, register):
    post = PostFactory(organisation=old)
    middle = NEW.replace("Open,01-09-2024,", "Closed,01-09-2024,30-09-2024")
    last = NEW.replace("900002", "900005")
    links = (*LINKS, "900002,900005,Last,Successor,01-10-2024")

    register(OLD.format("Closed", "31-08-2024"), middle, last, links=links)

    post.refresh_from_db()
    assert post.organisation.urn == 900005
    new = post.organisation
    ids = {row.urn: row.pk for row in Organisation.objects.filter(urn__isnull=False)}
    assert one_to_one_predecessors([new.pk]) == {new.pk: (ids[900002], ids[900001])}
    assert one_to_one_successors([old.pk]) == {old.pk: (ids[900002], ids[900005])}
    before, after = lineage_of(new)
    assert [each.urn for each in before] == [900002, 900001]
    assert after == []


def test_a_school_nobody_works_at_is_no_conversion(old, register):
    assert closing(register)["conversions"] == []
    assert not OrganisationConversion.objects.exists()


def test_a_school_of_another_area_is_not_touched(area, other_area, old, register):
    """Its own area imports it; ours only knows that it exists."""
    theirs = OrganisationFactory(local_area=other_area, urn=900008, la_code="998")
    OrganisationFactory(local_area=other_area, urn=900009, la_code="998")
    post = PostFactory(organisation=theirs)
    line = OLD.replace("900001,999", "900008,998").format("Closed", "31-08-2024")

    result = register(line, links=(LINKS[0], "900008,900009,Their academy,Successor,01-09-2024"))

    post.refresh_from_db()
    assert result["conversions"] == []
    assert post.organisation == theirs


def test_whoever_holds_the_post_at_both_keeps_the_one_with_the_longer_clock(area, old, register):
    register(OLD.format("Open", ""), NEW, links=LINKS[:1])
    new = Organisation.objects.get(urn=900002)
    first = PostFactory(organisation=old, starts_on=dt.date(2015, 9, 1), staff_number="7")
    again = PostFactory(
        organisation=new, person=first.person, starts_on=dt.date(2025, 9, 2), staff_number="7"
    )
    longer = PostFactory(organisation=new, starts_on=dt.date(2010, 9, 1))
    shorter = PostFactory(organisation=old, person=longer.person, starts_on=dt.date(2020, 9, 1))
    taken = PostFactory(organisation=new, staff_number="9")
    clash = PostFactory(organisation=old, staff_number="9")

    closing(register)

    for post in (first, again, longer, shorter, taken, clash):
        post.refresh_from_db()
    assert (first.organisation, first.ends_on, first.starts_on) == (new, None, dt.date(2015, 9, 1))
    assert first.staff_number == "7"
    assert again.ends_on is not None
    assert (longer.ends_on, longer.organisation) == (None, new)
    assert shorter.organisation == old and shorter.ends_on is not None
    assert (clash.organisation, clash.staff_number) == (new, "")
    assert taken.staff_number == "9"


def test_a_place_in_a_cluster_that_the_academy_has_already_stays_behind(area, pair, admin):
    old, new = pair
    cluster = Cluster.objects.create(local_area=area, name="Millbrook")
    other = Cluster.objects.create(local_area=area, name="Harbour")
    for each in (old, new):
        ClusterMembership.objects.create(
            cluster=cluster, organisation=each, starts_on=dt.date(2025, 9, 1)
        )
    ClusterMembership.objects.create(cluster=other, organisation=old, starts_on=dt.date(2025, 9, 1))

    convert(by=admin, predecessor_id=old.pk, successor_id=new.pk, at=clock.now())

    assert cluster.memberships.filter(organisation=old).exists()
    assert [row.organisation for row in other.memberships.all()] == [new]


def test_undoing_moves_back_what_nobody_has_changed_since(area, pair, admin):
    old, new = pair
    kept, moved_on = PostFactory.create_batch(2, organisation=old, staff_number="")
    first = PostFactory(organisation=old, starts_on=dt.date(2015, 9, 1))
    twin = PostFactory(organisation=new, person=first.person, starts_on=dt.date(2025, 9, 2))
    joined = PostFactory(organisation=new)
    grant = RoleGrantFactory(role=Role.SETTING_LEAD, local_area=area, organisation=old)
    conversion = convert(by=admin, predecessor_id=old.pk, successor_id=new.pk, at=clock.now())
    elsewhere = OrganisationFactory(local_area=area)
    Post.objects.filter(pk=moved_on.pk).update(organisation=elsewhere)

    undone = undo_conversion(by=admin, conversion_id=conversion.pk, at=clock.now())

    for row in (kept, moved_on, first, twin, joined, grant):
        row.refresh_from_db()
    assert undone == 4
    assert kept.organisation == first.organisation == grant.organisation == old
    assert moved_on.organisation == elsewhere
    assert (twin.organisation, twin.ends_on) == (new, None)
    assert joined.organisation == new
    assert not OrganisationConversion.objects.exists()
    assert AuditEvent.objects.filter(verb="organisation.conversion_undone").exists()
    with pytest.raises(UnableToUndoConversion):
        undo_conversion(by=admin, conversion_id=conversion.pk, at=clock.now())


def test_what_was_undone_by_hand_is_not_done_again_by_the_next_import(old, register, admin):
    post = PostFactory(organisation=old)
    closing(register)
    conversion = OrganisationConversion.objects.get()
    undo_conversion(by=admin, conversion_id=conversion.pk, at=clock.now())

    assert closing(register)["conversions"] == []

    post.refresh_from_db()
    assert post.organisation == old


@pytest.mark.parametrize("role", [Role.SETTING_LEAD, Role.TEAM_MANAGER, Role.DPO, Role.DIRECTOR])
def test_only_who_keeps_the_directory_converts_or_undoes(area, pair, admin, role):
    old, new = pair
    somebody = RoleGrantFactory(role=role, local_area=area).person
    with pytest.raises(PermissionDenied):
        convert(by=somebody, predecessor_id=old.pk, successor_id=new.pk, at=clock.now())
    conversion = convert(by=admin, predecessor_id=old.pk, successor_id=new.pk, at=clock.now())
    with pytest.raises(PermissionDenied):
        undo_conversion(by=somebody, conversion_id=conversion.pk, at=clock.now())


def test_an_administrator_of_the_next_area_converts_nothing_here(pair, other_area):
    old, new = pair
    foreign = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=other_area).person

    with pytest.raises(PermissionDenied):
        convert(by=foreign, predecessor_id=old.pk, successor_id=new.pk, at=clock.now())


def test_a_conversion_that_makes_no_sense_is_refused_in_words(area, other_area, pair, admin):
    old, new = pair
    closed = OrganisationFactory(local_area=area, status=OrganisationStatus.CLOSED)
    foreign = OrganisationFactory(local_area=other_area)
    for predecessor, successor, words in (
        (new, old, "is open"),
        (old, closed, "is not open"),
        (old, foreign, "does not belong to the same local area"),
        (old, old, "Choose the school it became"),
    ):
        with pytest.raises(UnableToConvert, match=words):
            convert(
                by=admin,
                predecessor_id=predecessor.pk,
                successor_id=successor.pk,
                at=clock.now(),
            )
    convert(by=admin, predecessor_id=old.pk, successor_id=new.pk, at=clock.now())
    with pytest.raises(UnableToConvert, match="already"):
        convert(by=admin, predecessor_id=old.pk, successor_id=new.pk, at=clock.now())


@pytest.mark.parametrize("number", [1, 30])
def test_moving_takes_the_same_queries_for_1_and_30_posts(area, pair, number):
    """Rules are left out: they are worked out again for each person in their own room."""
    from django.test.utils import CaptureQueriesContext

    old, new = pair
    PostFactory.create_batch(number, organisation=old)

    with CaptureQueriesContext(connection) as captured:
        convert(by=None, predecessor_id=old.pk, successor_id=new.pk, at=clock.now())

    writes = [
        query["sql"]
        for query in captured
        if "accounts_post" in query["sql"] or "accounts_historicalpost" in query["sql"]
    ]
    assert len(writes) < 12


@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_once_convert_a_school_once(on_postgres, area):
    old = OrganisationFactory(local_area=area, status=OrganisationStatus.CLOSED)
    new, other = OrganisationFactory.create_batch(2, local_area=area)
    admin = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person
    PostFactory.create_batch(3, organisation=old)
    start = threading.Barrier(2)
    outcomes = []

    def attempt(successor: Organisation) -> None:
        try:
            start.wait()
            convert(by=admin, predecessor_id=old.pk, successor_id=successor.pk, at=clock.now())
            outcomes.append(successor.pk)
        except UnableToConvert:
            outcomes.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=(each,)) for each in (new, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes, key=str).count(None) == 1
    winner = next(pk for pk in outcomes if pk)
    assert set(Post.objects.values_list("organisation", flat=True)) == {winner}


def test_a_link_is_of_no_use_where_one_of_its_types_says_merger(area):
    """Both sides hold a link; that only one of them calls it a merger is enough."""
    one, two = OrganisationFactory.create_batch(2, local_area=area)
    for here, there, kind in (
        (one, two, LinkType.SUCCESSOR),
        (two, one, LinkType.PREDECESSOR_MERGED),
    ):
        OrganisationLink.objects.create(
            urn=here.urn,
            organisation=here,
            linked_urn=there.urn,
            linked=there,
            linked_name=there.name,
            link_type=kind,
        )

    assert one_to_one_successors([one.pk]) == {}
    assert one_to_one_predecessors([two.pk]) == {}
    assert lineage_of(two)[0][0].is_only is False


def test_somebody_without_a_post_there_keeps_nothing_of_it(area, pair, admin):
    old, new = pair
    stranger = UserFactory()

    convert(by=admin, predecessor_id=old.pk, successor_id=new.pk, at=clock.now())

    assert not Post.objects.visible_to(stranger, clock.today()).exists()
