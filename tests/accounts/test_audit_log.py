"""The audit log is readable by who answers for it, in words, area by area, at a constant cost."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import audit
from accounts.audit import sealing, wording
from accounts.enums import Role
from accounts.models import AuditEvent, RoleGrant
from accounts.selectors import audit_log
from accounts.services.audit import verify_audit
from core import clock
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(area):
    person = UserFactory(given_name="Hester", family_name="Quaye")
    RoleGrantFactory(person=person, role=Role.AUDITOR, local_area=area)
    return person


@pytest.fixture
def client(auditor, sign_in):
    return sign_in(auditor)


def page_of(client, **query) -> str:
    response = client.get("/audit-log/", query)
    assert response.status_code == 200
    return response.content.decode()


def table_of(client, **query) -> str:
    """The rows and not the filter above them, which names every kind there is."""
    page = page_of(client, **query)
    return page.partition("<tbody>")[2].partition("</tbody>")[0]


def csv_of(response) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


class TestReading:
    def test_says_who_did_what_to_whom_where_and_why_in_ones_own_area(
        self, area, other_area, client
    ):
        nadia = UserFactory(given_name="Nadia", family_name="Ferreira")
        tom = UserFactory(given_name="Tom", family_name="Akinwale")
        school = OrganisationFactory(local_area=area, name="Otterford Primary")
        audit.record(
            actor=nadia,
            verb="post.added",
            obj=school,
            subject=tom,
            local_area=area,
            reason="New here",
            data={"posts_held": 2},
        )
        audit.record(actor=nadia, verb="secret.elsewhere", local_area=other_area)

        page = page_of(client)

        for words in (
            "Post: added",
            "Nadia Ferreira",
            "Tom Akinwale",
            "New here",
            "Otterford Primary",
            "posts held 2",
        ):
            assert words in page
        assert "elsewhere" not in page

    def test_whoever_was_erased_stays_a_pseudonym(self, area, client):
        tom = UserFactory(given_name="Tom", family_name="Akinwale", erased_at=clock.now())
        audit.record(actor=None, verb="post.ended", subject=tom, local_area=area)

        page = page_of(client)

        assert "Akinwale" not in page
        assert f"Person {str(tom.public_id)[:8]}" in page

    @pytest.mark.parametrize("path", ["/audit-log/", "/audit-log/export.csv", "/records/open/"])
    def test_a_teacher_does_not_read_it(self, area, sign_in, path):
        assert sign_in(UserFactory()).get(path).status_code == 403
        assert Client().get(path).status_code == 302

    def test_an_auditor_of_another_area_reads_nothing_here(self, area, other_area, sign_in):
        person = UserFactory()
        RoleGrantFactory(person=person, role=Role.AUDITOR, local_area=other_area)

        assert sign_in(person).get("/audit-log/").status_code == 403

    def test_an_auditor_is_not_told_early_that_they_are_looked_into(self, area, auditor, client):
        soon = clock.now() + dt.timedelta(days=20)
        audit.record(
            actor=UserFactory(),
            verb="record.opened",
            subject=auditor,
            local_area=area,
            reason="Something grave",
            shown_from=soon,
        )

        assert "Something grave" not in page_of(client)
        exported = csv_of(client.get("/audit-log/export.csv"))
        assert "Something grave" not in {row["Reason"] for row in exported}

    def test_asks_as_often_for_thirty_events_as_for_one(self, area, client):
        page_of(client)
        counts = []
        for number in (1, 29):
            for _ in range(number):
                audit.record(
                    actor=UserFactory(),
                    verb="post.added",
                    obj=OrganisationFactory(local_area=area),
                    subject=UserFactory(),
                    local_area=area,
                )
            with CaptureQueriesContext(connection) as seen:
                page_of(client)
            counts.append(len(seen))
        assert counts[0] == counts[1]

    def test_an_empty_log_says_what_will_be_here(self, client):
        assert "What people change, grant, export or look at appears here." in page_of(client)


class TestFilters:
    @pytest.fixture
    def events(self, area):
        """A handful of events that differ in one thing each."""
        nadia = UserFactory(given_name="Nadia", family_name="Ferreira")
        tom = UserFactory(given_name="Tom", family_name="Akinwale")
        school = OrganisationFactory(local_area=area, name="Otterford Primary")
        sibling = OrganisationFactory(local_area=area, name="Bramblewick Primary")
        post = PostFactory(person=nadia, organisation=school)
        PostFactory(person=tom, organisation=sibling)
        early = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
        late = dt.datetime(2026, 6, 2, 22, 59, tzinfo=dt.UTC)
        for reason, values in {
            "Spring": {"verb": "course.published", "at": early},
            "Summer": {"verb": "course.published", "at": late},
            "Nadia acts": {"verb": "role.granted", "actor": nadia},
            "About Tom": {"verb": "role.ended", "subject": tom},
            "The post": {"verb": "post.added", "obj": post},
            "The sibling": {"verb": "post.ended", "organisation": sibling},
            "A look": {"verb": "person.viewed"},
        }.items():
            audit.record(**{"actor": None, "local_area": area, "reason": reason, **values})
        return {"nadia": nadia, "tom": tom, "post": post}

    @pytest.mark.parametrize(
        ("query", "kept"),
        [
            ({"what": "course.published"}, {"Spring", "Summer"}),
            ({"what": "access"}, {"Nadia acts", "About Tom"}),
            ({"what": "looks"}, {"A look"}),
            ({"by": "nadia fer"}, {"Nadia acts"}),
            ({"about": "Akinwale"}, {"About Tom"}),
            ({"place": "bramblewick"}, {"The sibling"}),
            ({"record": "accounts.post"}, {"The post"}),
            ({"since_0": "1", "since_1": "6", "since_2": "2026", "what": "courses"}, {"Summer"}),
            # 22:59 in UTC is nearly midnight in London in June: the day is London's.
            ({"until_0": "2", "until_1": "6", "until_2": "2026"}, {"Spring", "Summer"}),
            ({"until_0": "1", "until_1": "6", "until_2": "2026"}, {"Spring"}),
        ],
    )
    def test_each_keeps_what_it_says(self, events, client, query, kept):
        table = table_of(client, **query)

        everything = {
            "Spring", "Summer", "Nadia acts", "About Tom", "The post", "The sibling", "A look",
        }  # fmt: skip
        assert {reason for reason in everything if reason in table} == kept

    def test_by_exact_address_and_by_public_id(self, events, client):
        for text in (events["nadia"].email.upper(), str(events["nadia"].public_id)):
            assert "Nadia acts" in table_of(client, by=text)
        assert "Nadia acts" not in table_of(client, by=str(events["tom"].public_id))

    def test_one_record_by_kind_and_number(self, events, client):
        kept = table_of(client, record="accounts.post", number=events["post"].pk)
        other = table_of(client, record="accounts.post", number="999999")

        assert "The post" in kept
        assert "The post" not in other

    @pytest.mark.parametrize(
        ("query", "words"),
        [
            ({"by": "Nobody Here"}, "Nobody here has this name or email address."),
            ({"place": "Nowhere"}, "No setting or team here has this in its name."),
            ({"since_0": "31", "since_1": "2", "since_2": "2026"}, "From must be a real date"),
            (
                {
                    "since_0": "2", "since_1": "2", "since_2": "2026",
                    "until_0": "1", "until_1": "2", "until_2": "2026",
                },
                "The last day is before the first.",
            ),
            ({"what": "'; DROP TABLE"}, "Select a valid choice"),
        ],
    )  # fmt: skip
    def test_a_wrong_answer_shows_nothing_and_says_why(self, events, client, query, words):
        page = page_of(client, **query)

        assert words in page.replace("&#x27;", "'")
        assert "Nadia acts" not in page

    def test_people_of_another_area_are_not_found_by_name(self, events, other_area, client):
        PostFactory(
            person=UserFactory(given_name="Elsewhere", family_name="Person"),
            organisation=OrganisationFactory(local_area=other_area),
        )

        assert "Nobody here has this name" in page_of(client, by="Elsewhere")

    def test_only_kinds_that_there_are_in_the_area_are_offered(self, events, other_area, client):
        audit.record(actor=None, verb="secret.elsewhere", local_area=other_area)

        kinds = dict(audit_log.kinds_in(RoleGrant.objects.first().local_area))

        assert set(kinds) == {
            "course.published", "role.granted", "role.ended", "post.added", "post.ended",
            "person.viewed",
        }  # fmt: skip
        assert kinds["post.added"] == "accounts.post"

    def test_pages_end_at_a_bound_and_say_so(self, events, client, monkeypatch):
        monkeypatch.setattr(audit_log, "MOST_PAGED", 4)
        monkeypatch.setattr("accounts.views.audit.MOST_PAGED", 4)

        page = page_of(client, page=99)

        assert "These are the latest 4 events that match." in page


class TestChainPanel:
    def test_says_how_far_it_is_sealed_and_what_waits(self, area, client):
        at = dt.datetime(2026, 11, 20, 12, 3, tzinfo=dt.UTC)
        for _ in range(3):
            audit.record(actor=None, verb="post.added", local_area=area, at=at)
        sealing.seal(at=at)
        audit.record(actor=None, verb="post.added", local_area=area)

        page = " ".join(page_of(client).split())

        assert "Sealed up to 12:03 on 20 November 2026: 3 events. 1 waits for" in page
        assert "It has not been verified yet" in page

    def test_says_when_it_was_verified_and_what_was_found(self, area, client):
        audit.record(actor=None, verb="post.added", local_area=area)
        sealing.seal(at=clock.now())
        verify_audit(at=clock.now())
        assert "Nothing altered" in page_of(client)
        assert "does not fit" not in page_of(client)

        with connection.cursor() as cursor:
            cursor.execute("UPDATE accounts_auditevent SET verb = 'x.y' WHERE verb = 'post.added'")
        verify_audit(at=clock.now() + dt.timedelta(seconds=1))
        page = page_of(client)
        assert "The log does not fit its chain" in page
        assert "1 finding when it was verified" in page
        assert "Nothing altered" not in page


class TestExport:
    def test_hands_an_auditor_what_the_filters_match_and_writes_that_down(
        self, area, auditor, client
    ):
        digest = "ab" * 32
        audit.record(
            actor=auditor,
            verb="post.added",
            local_area=area,
            reason="=1+1",
            data={"sha256": digest},
        )
        audit.record(actor=None, verb="role.granted", local_area=area)

        response = client.get("/audit-log/export.csv", {"what": "post.added"})
        rows = csv_of(response)

        assert response["Content-Disposition"].endswith('.csv"')
        assert [row["Kind"] for row in rows] == ["post.added"]
        assert rows[0]["Who did it"] == "Hester Quaye"
        assert rows[0]["Reason"] == "'=1+1", "a spreadsheet does not run it"
        assert digest in rows[0]["Figures"], "whole, where the screen shortens it"
        event = AuditEvent.objects.get(verb="audit.exported")
        assert event.actor == auditor.public_id
        assert event.data == {"rows": 1, "kinds": ["post.added"]}

    def test_a_system_administrator_reads_and_does_not_take_away(self, area, sign_in):
        admin = UserFactory()
        RoleGrantFactory(person=admin, role=Role.SYSTEM_ADMIN, local_area=area)
        client = sign_in(admin)

        assert "Download as CSV" not in page_of(client)
        assert client.get("/audit-log/export.csv").status_code == 403
        assert not AuditEvent.objects.filter(verb="audit.exported").exists()

    def test_rights_are_asked_for_again_when_it_is_downloaded(self, area, auditor, client):
        assert "Download as CSV" in page_of(client)
        RoleGrant.objects.filter(person=auditor).update(ends_on=dt.date(2026, 1, 1))

        assert client.get("/audit-log/export.csv").status_code == 403

    def test_a_wrong_filter_hands_out_nothing(self, area, client):
        response = client.get("/audit-log/export.csv", {"by": "Nobody Here"})

        assert response.status_code == 302
        assert response["Location"] == "/audit-log/?by=Nobody+Here"
        assert not AuditEvent.objects.filter(verb="audit.exported").exists()

    def test_names_are_looked_up_by_the_thousand(self, area, auditor, client, monkeypatch):
        for _ in range(30):
            audit.record(actor=UserFactory(), verb="post.added", local_area=area)
        with CaptureQueriesContext(connection) as seen:
            assert len(csv_of(client.get("/audit-log/export.csv"))) == 30

        assert sum('FROM "accounts_user"' in query["sql"] for query in seen.captured_queries) <= 3


class TestSettingSummary:
    @pytest.fixture
    def lead(self, area):
        school = OrganisationFactory(local_area=area, name="Otterford Primary")
        person = UserFactory(given_name="Nadia", family_name="Ferreira")
        RoleGrantFactory(
            person=person, role=Role.SETTING_LEAD, local_area=area, organisation=school
        )
        return person, school

    def test_counts_by_kind_and_week_for_ones_own_setting_without_names(self, area, lead, sign_in):
        person, school = lead
        sibling = OrganisationFactory(local_area=area)
        tom = UserFactory(given_name="Tom", family_name="Akinwale")
        now = clock.now()
        for number in (0, 0, 8):
            audit.record(
                actor=tom,
                verb="post.added",
                obj=school,
                subject=tom,
                reason="Private words",
                at=now - dt.timedelta(days=number),
            )
        audit.record(actor=tom, verb="role.granted", obj=sibling, at=now)
        audit.record(actor=tom, verb="course.published", obj=school, at=now.replace(year=2025))

        page = sign_in(person).get("/audit-log/setting/").content.decode()

        assert "Post: added" in page
        assert "<strong>3</strong>" in page
        for hidden in ("Akinwale", "Private words", "Role: granted", "Course: published"):
            assert hidden not in page

    def test_what_may_not_be_told_yet_is_not_counted(self, area, lead, sign_in):
        person, school = lead
        audit.record(
            actor=None,
            verb="record.opened",
            organisation=school,
            local_area=area,
            shown_from=clock.now() + dt.timedelta(days=3),
        )

        page = sign_in(person).get("/audit-log/setting/").content.decode()

        assert "Record: opened" not in page
        assert "Nothing in the last eight weeks" in page

    def test_another_setting_is_not_there(self, area, lead, sign_in):
        sibling = OrganisationFactory(local_area=area)

        response = sign_in(lead[0]).get("/audit-log/setting/", {"organisation": sibling.pk})

        assert response.status_code == 404

    @pytest.mark.parametrize("role", [Role.TEAM_MANAGER, Role.EVALUATOR, Role.AUDITOR])
    def test_it_is_the_setting_leads(self, area, sign_in, role):
        person = UserFactory()
        RoleGrantFactory(person=person, role=role, local_area=area)

        assert sign_in(person).get("/audit-log/setting/").status_code == 403

    def test_one_query_for_the_numbers_whatever_their_number(self, area, lead, sign_in):
        person, school = lead
        client = sign_in(person)
        client.get("/audit-log/setting/")
        counts = []
        for number in (1, 29):
            for kind in range(number):
                audit.record(actor=None, verb=f"thing_{kind}.done", obj=school)
            with CaptureQueriesContext(connection) as seen:
                client.get("/audit-log/setting/")
            counts.append(len(seen))

        assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("verb", "group"),
    [
        ("post.added", "people"),
        ("role.granted", "access"),
        ("team.exported", "looks"),
        ("record.opened", "looks"),
        ("package.refused", "refused"),
        ("refused.permission", "refused"),
        ("something_new.done", "other"),
    ],
)
def test_every_kind_belongs_to_one_group(verb, group):
    assert wording.group_of(verb) == group


def test_figures_are_said_shortly():
    data = {
        "rows": 12,
        "role": "auditor",
        "ids": list(range(99)),
        "more": {"a": 1},
        "is_last": True,
    }

    assert wording.data_in_words(data) == [
        "rows 12",
        "role auditor",
        "ids 99 of them",
        "more 1 figures",
        "is last yes",
    ]
    assert wording.data_in_words([1]) == []
    assert wording.data_in_words({"sha256": "ab" * 32}) == ["sha256 abababababab…"]
