"""Events are chained once and in order, whoever seals and whoever writes at the same time."""

from __future__ import annotations

import datetime as dt
import threading
import uuid

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from accounts import audit
from accounts.audit import chain, sealing
from accounts.audit.verification import verify
from accounts.models import AuditEvent, AuditSeal
from core import clock
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)

AT = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)


def write(number: int = 1, **values) -> list[AuditEvent]:
    """Write events about nobody in particular."""
    return [
        audit.record(**{"actor": None, "verb": "post.added", "at": AT, **values})
        for _ in range(number)
    ]


class TestArithmetic:
    def test_one_event_has_one_text(self):
        zone = dt.timezone(dt.timedelta(hours=1))
        somebody = uuid.UUID(int=7)

        text = chain.canonical(
            (
                12,
                dt.datetime(2026, 7, 1, 9, 30, tzinfo=zone),
                3,
                somebody,
                "post.added",
                "accounts.post",
                "5",
                None,
                None,
                {"b": [1, 2.5, None], "a": "é"},
                "",
                None,
            )
        )

        assert text == (
            b'{"actor":"00000000-0000-0000-0000-000000000007",'
            b'"at":"2026-07-01T08:30:00.000000+00:00","data":{"a":"\\u00e9","b":[1,2.5,null]},'
            b'"id":"12","local_area_id":"3","object_id":"5","object_type":"accounts.post",'
            b'"organisation_id":null,"reason_digest":"","shown_from":null,"subject":null,'
            b'"verb":"post.added"}'
        )

    def test_a_link_depends_on_what_it_follows_where_it_stands_and_when(self):
        links = {
            chain.link(chain.BEGINNING, 1, AT, b"{}"),
            chain.link("f" * 64, 1, AT, b"{}"),
            chain.link(chain.BEGINNING, 2, AT, b"{}"),
            chain.link(chain.BEGINNING, 1, AT + dt.timedelta(microseconds=1), b"{}"),
            chain.link(chain.BEGINNING, 1, AT, b"[]"),
        }

        assert len(links) == 5

    def test_the_same_reason_twice_has_two_digests(self):
        salts = {chain.new_salt() for _ in range(50)}

        assert len({chain.digest_of_reason(salt, "Left") for salt in salts}) == 50


@pytest.mark.django_db
class TestWriting:
    def test_a_reason_has_a_digest_and_no_reason_has_none(self):
        (given,) = write(reason="Moved to another school")
        (none,) = write()

        assert given.reason_digest == chain.digest_of_reason(
            given.reason_salt, "Moved to another school"
        )
        assert (none.reason_salt, none.reason_digest) == ("", "")

    def test_area_and_organisation_come_from_what_it_is_about(self, area):
        school = OrganisationFactory(local_area=area)
        post = PostFactory(organisation=school)
        grant = RoleGrantFactory(
            person=post.person, role="setting_lead", local_area=area, organisation=school
        )

        events = [write(obj=obj)[0] for obj in (school, post, grant)]

        assert {(event.local_area, event.organisation) for event in events} == {(area, school)}

    def test_what_the_caller_says_comes_first(self, area, other_area):
        school = OrganisationFactory(local_area=area)

        (event,) = write(obj=school, local_area=other_area)

        assert event.local_area == other_area

    def test_rows_are_not_changed_or_deleted_many_at_a_time(self):
        (event,) = write()
        sealing.seal(at=AT)
        for rows in (AuditEvent.objects.all(), AuditSeal.objects.all()):
            with pytest.raises(TypeError, match="append-only"):
                rows.update(pk=F("pk"))
            with pytest.raises(TypeError, match="append-only"):
                rows.delete()
            with pytest.raises(TypeError, match="append-only"):
                rows.bulk_update(list(rows), ["pk"])
        with pytest.raises(TypeError, match="append-only"):
            AuditEvent._base_manager.update(verb="nothing.happened")

        event.refresh_from_db()
        assert event.verb == "post.added"

    def test_opening_a_page_twice_within_the_hour_is_one_visit(self, area):
        nadia, tom = UserFactory(), UserFactory()

        def opened(by, minutes):
            at = AT + dt.timedelta(minutes=minutes)
            return audit.record_view(by=by, person=tom, local_area=area, at=at)

        assert opened(nadia, 0) is not None
        assert opened(nadia, 59) is None
        assert opened(UserFactory(), 59) is not None
        assert opened(nadia, 61) is not None
        assert opened(tom, 62) is None, "one's own page"
        assert AuditEvent.objects.filter(verb="person.viewed", subject=tom.public_id).count() == 3


@pytest.mark.django_db
class TestSealing:
    def test_seals_each_event_once_in_order(self):
        events = write(7)

        first, second = sealing.seal(at=AT), sealing.seal(at=AT)

        assert (first.events, second.events) == (7, 0)
        assert list(AuditSeal.objects.values_list("position", "event_id")) == [
            (place, event.pk) for place, event in enumerate(events, start=1)
        ]
        assert first.head == second.head == sealing.head()
        assert not verify(at=AT).faults

    def test_more_than_one_batch_is_one_chain(self, monkeypatch):
        monkeypatch.setattr(sealing, "BATCH", 3)
        write(8)

        assert sealing.seal(at=AT).events == 8
        assert not verify(at=AT).faults

    def test_an_event_that_commits_late_is_sealed_after_later_ones(self):
        late, *others = write(3)
        waiting = AuditEvent.objects.exclude(pk=late.pk)
        # As another transaction sees it while the first is open.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sealing, "unsealed", lambda since: waiting.order_by("pk"))
            sealing.seal(at=AT)

        assert sealing.seal(at=AT + dt.timedelta(minutes=1)).events == 1
        assert list(AuditSeal.objects.values_list("event_id", flat=True)) == [
            *(event.pk for event in others),
            late.pk,
        ]
        assert not verify(at=AT).faults

    def test_a_clock_put_back_does_not_put_the_chain_back(self):
        write()
        sealing.seal(at=AT)
        write()
        sealing.seal(at=AT - dt.timedelta(hours=1))

        assert set(AuditSeal.objects.values_list("sealed_at", flat=True)) == {AT}
        assert not verify(at=AT).faults

    def test_what_waits_below_yesterdays_seals_is_found_on_the_next_day(self):
        late, *_ = write(3)
        waiting = AuditEvent.objects.exclude(pk=late.pk).order_by("pk")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sealing, "unsealed", lambda since: waiting)
            sealing.seal(at=AT)
        write()
        sealing.seal(at=AT + dt.timedelta(days=3))

        assert AuditSeal.objects.filter(event_id=late.pk).exists()

    def test_a_reason_from_before_digests_gets_one_before_it_is_sealed(self):
        AuditEvent.objects.bulk_create([AuditEvent(at=AT, verb="post.added", reason="As agreed")])

        sealing.seal(at=AT)

        event = AuditEvent.objects.get()
        assert event.reason_digest == chain.digest_of_reason(event.reason_salt, "As agreed")
        assert not verify(at=AT).faults

    def test_the_head_goes_to_the_log(self, caplog):
        write()
        with caplog.at_level("INFO", logger="accounts.audit"):
            done = sealing.seal(at=AT)

        (line,) = [item.msg for item in caplog.records if item.name.startswith("accounts.audit")]
        assert line["position"] == 1
        assert line["digest"] == done.head.digest

    def test_as_many_queries_for_a_hundred_events_as_for_one(self):
        write()
        sealing.seal(at=AT)
        counts = []
        for number in (1, 100):
            write(number)
            with CaptureQueriesContext(connection) as seen:
                sealing.seal(at=AT)
            counts.append(len(seen))

        assert counts[0] == counts[1]

    def test_beat_seals_and_verifies(self):
        from accounts.tasks import seal_audit, verify_audit_chain

        write(2, at=clock.now())

        assert seal_audit() == 2
        assert verify_audit_chain() == 0
        assert AuditEvent.objects.filter(verb="audit.verified").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("on_postgres")
def test_four_sealers_and_four_writers_at_once_make_one_chain():
    each, problems = 150, []
    writing = threading.Event()
    writing.set()

    def in_thread(work):
        try:
            work()
        except Exception as error:  # reported by the main thread
            problems.append(error)
        finally:
            connection.close()

    def write_many():
        for number in range(each):
            with transaction.atomic():
                audit.record(actor=None, verb="post.added", data={"n": number}, reason="Because")
                if number % 10 == 0:
                    threading.Event().wait(0.02)

    def seal_many():
        while writing.is_set():
            sealing.seal(at=clock.now())

    writers = [threading.Thread(target=in_thread, args=[write_many]) for _ in range(4)]
    sealers = [threading.Thread(target=in_thread, args=[seal_many]) for _ in range(4)]
    for thread in writers + sealers:
        thread.start()
    for thread in writers:
        thread.join()
    writing.clear()
    for thread in sealers:
        thread.join()
    sealing.seal(at=clock.now())

    assert problems == []
    positions = list(AuditSeal.objects.values_list("position", flat=True))
    assert positions == list(range(1, 4 * each + 1))
    assert AuditSeal.objects.values("event_id").distinct().count() == 4 * each
    verdict = verify(at=clock.now())
    assert (verdict.faults, verdict.unsealed, verdict.checked) == (0, 0, 4 * each)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("on_postgres")
def test_whoever_finds_another_sealer_at_work_leaves_it_to_them():
    write()
    seen = []

    def second():
        seen.append(sealing.seal(at=AT))
        connection.close()

    with transaction.atomic():
        assert sealing._is_alone()
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()

    assert seen[0].busy
    assert seen[0].events == 0
