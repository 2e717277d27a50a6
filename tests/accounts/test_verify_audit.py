"""Whoever changes the table past the application is found; what cannot be found is said."""

from __future__ import annotations

import datetime as dt
import io
import json
import uuid

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import audit
from accounts.audit import chain, sealing, verification
from accounts.audit.verification import Fault, verify
from accounts.models import AuditEvent, AuditSeal, Erasure
from tests.factories.accounts import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)


def sql(text: str, *values) -> None:
    """Do what somebody with the database's password would."""
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def value_of(name: str, value):
    """Turn a value into what the database's driver takes for that column."""
    return AuditEvent._meta.get_field(name).get_db_prep_value(value, connection)


@pytest.fixture
def events(area):
    """Nine sealed events, one a minute, each different, and their numbers."""
    nadia, tom = UserFactory(), UserFactory()
    school = OrganisationFactory(local_area=area)
    written = []
    for number in range(9):
        at = AT + dt.timedelta(minutes=number)
        written.append(
            audit.record(
                actor=nadia,
                verb="post.added" if number % 2 else "role.granted",
                obj=school,
                subject=tom,
                local_area=area,
                reason=f"Reason {number}",
                data={"n": number},
                shown_from=AT,
                at=at,
            ).pk
        )
        sealing.seal(at=at)
    assert verify(at=AT).faults == 0
    return written


def faults(**options) -> list[tuple[Fault, int]]:
    verdict = verify(at=AT + dt.timedelta(minutes=10), **options)
    return [(finding.fault, finding.position) for finding in verdict.findings]


class TestAttack:
    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("verb", "post.ended"),
            ("actor", uuid.UUID(int=1)),
            ("actor", None),
            ("subject", uuid.UUID(int=1)),
            ("subject", None),
            ("data", {"n": 99}),
            ("data", {}),
            ("at", AT - dt.timedelta(microseconds=1)),
            ("object_type", "accounts.user"),
            ("object_id", "999999"),
            ("shown_from", AT + dt.timedelta(days=900)),
            ("shown_from", None),
            ("local_area_id", None),
            ("organisation_id", None),
            ("reason_digest", "0" * 64),
            ("reason_digest", ""),
            ("reason_salt", "0" * 32),
            ("reason_salt", ""),
            ("reason", "Something else"),
        ],
    )
    def test_a_changed_column_is_found_where_it_is(self, events, column, value):
        name = column.removesuffix("_id") if column != "object_id" else column
        sql(
            f"UPDATE accounts_auditevent SET {column} = %s WHERE id = %s",
            value_of(name, value),
            events[4],
        )

        found = faults()

        assert found
        assert {position for _, position in found} == {5}
        assert {fault for fault, _ in found} <= {Fault.ALTERED, Fault.REASON}

    def test_another_area_is_found(self, events, other_area):
        sql(
            "UPDATE accounts_auditevent SET local_area_id = %s WHERE id = %s",
            other_area.pk,
            events[0],
        )

        assert faults() == [(Fault.ALTERED, 1)]

    def test_a_deleted_event_is_missing(self, events):
        sql("DELETE FROM accounts_auditevent WHERE id = %s", events[3])

        assert faults() == [(Fault.MISSING, 4)]

    def test_an_event_deleted_with_its_seal_leaves_a_gap(self, events):
        sql("DELETE FROM accounts_auditevent WHERE id = %s", events[3])
        sql("DELETE FROM accounts_auditseal WHERE position = 4")

        assert faults() == [(Fault.GAP, 4)]

    def test_a_gap_that_was_closed_up_does_not_fit(self, events):
        sql("DELETE FROM accounts_auditevent WHERE id = %s", events[3])
        sql("DELETE FROM accounts_auditseal WHERE position = 4")
        for position in range(5, 10):
            sql(
                "UPDATE accounts_auditseal SET position = %s WHERE position = %s",
                position - 1,
                position,
            )

        assert (Fault.ALTERED, 4) in faults()

    def test_a_cut_off_end_is_found_only_with_a_head_noted_before(self, events):
        noted = sealing.head()
        sql("DELETE FROM accounts_auditevent WHERE id >= %s", events[7])
        sql("DELETE FROM accounts_auditseal WHERE position >= 8")

        assert faults() == [], "a shorter chain is a whole chain"
        assert faults(expected=[(noted.position, noted.digest)]) == [(Fault.HEAD, 9)]

    def test_a_chain_rewritten_whole_is_found_only_with_a_head_noted_before(self, events):
        noted = sealing.head()
        sql("UPDATE accounts_auditevent SET verb = 'x.y' WHERE id = %s", events[2])
        sql("DELETE FROM accounts_auditseal")
        sealing.seal(at=AT + dt.timedelta(minutes=9))

        assert faults() == []
        assert faults(expected=[(noted.position, noted.digest)]) == [(Fault.HEAD, 9)]

    def test_two_events_that_changed_places_are_found(self, events):
        sql("UPDATE accounts_auditseal SET event_id = 999999 WHERE position = 2")
        sql("UPDATE accounts_auditseal SET event_id = %s WHERE position = 7", events[1])
        sql("UPDATE accounts_auditseal SET event_id = %s WHERE position = 2", events[6])

        assert {(Fault.ALTERED, 2), (Fault.ALTERED, 7)} <= set(faults())

    def test_two_events_with_swapped_numbers_are_found(self, events):
        for before, after in ((events[1], 999_999), (events[6], events[1]), (999_999, events[6])):
            sql("UPDATE accounts_auditevent SET id = %s WHERE id = %s", after, before)

        assert faults() == [(Fault.ALTERED, 2), (Fault.ALTERED, 7)]

    def test_a_renumbered_event_is_missing_and_not_sealed(self, events):
        sql("UPDATE accounts_auditevent SET id = 999999 WHERE id = %s", events[4])

        verdict = verify(at=AT)

        assert [(item.fault, item.position) for item in verdict.findings] == [(Fault.MISSING, 5)]
        assert verdict.unsealed == 1

    def test_an_altered_event_with_its_own_digest_made_anew_breaks_the_next_link(self, events):
        sql("UPDATE accounts_auditevent SET verb = 'x.y' WHERE id = %s", events[4])
        before, own = AuditSeal.objects.filter(position__in=(4, 5))
        values = AuditEvent.objects.values_list(*chain.HASHED).get(pk=events[4])
        made = chain.link(before.digest, 5, own.sealed_at, chain.canonical(values))
        sql("UPDATE accounts_auditseal SET digest = %s WHERE position = 5", made)

        assert faults() == [(Fault.ALTERED, 6)]

    def test_a_seals_own_instant_is_sealed_too(self, events):
        sql(
            "UPDATE accounts_auditseal SET sealed_at = %s WHERE position = 5",
            value_of("at", AT - dt.timedelta(days=3)),
        )

        assert (Fault.ALTERED, 5) in faults()

    def test_an_event_slipped_in_among_old_ones_is_found_before_and_after_it_is_sealed(
        self, events
    ):
        sql("DELETE FROM accounts_auditseal WHERE position = 9")
        sql("DELETE FROM accounts_auditevent WHERE id = %s", events[8])
        # A number that no event has, below those that are sealed.
        AuditEvent.objects.bulk_create(
            [AuditEvent(pk=events[0] - 1, at=AT, verb="role.granted", data={})]
        )
        later = AT + dt.timedelta(hours=5)

        before = verify(at=later)
        sealing.seal(at=later, whole=True)
        after = verify(at=later)

        assert [item.fault for item in before.findings] == [Fault.INSERTED]
        assert [(item.fault, item.position) for item in after.findings] == [(Fault.INSERTED, 9)]

    def test_an_added_reason_is_found(self, area):
        event = audit.record(actor=None, verb="post.added", at=AT)
        sealing.seal(at=AT)
        sql("UPDATE accounts_auditevent SET reason = 'As agreed' WHERE id = %s", event.pk)

        assert faults() == [(Fault.REASON, 1)]


class TestErasure:
    def test_a_reason_emptied_for_someone_erased_is_no_fault(self, events):
        subject = AuditEvent.objects.get(pk=events[0]).subject
        Erasure.objects.create(public_id=subject, erased_at=AT)

        assert AuditEvent.objects.empty_reasons_of([subject]) == 9

        assert not AuditEvent.objects.exclude(reason="", reason_salt="").exists()
        assert faults() == []

    def test_a_reason_emptied_without_an_erasure_is_found(self, events):
        sql("UPDATE accounts_auditevent SET reason = '', reason_salt = '' WHERE id = %s", events[5])
        Erasure.objects.create(public_id=uuid.uuid4(), erased_at=AT)

        assert faults() == [(Fault.REASON, 6)]

    def test_reasons_of_others_stay(self, events):
        audit.record(actor=None, verb="post.added", subject=UserFactory(), reason="Other", at=AT)

        AuditEvent.objects.empty_reasons_of([AuditEvent.objects.get(pk=events[0]).subject])

        assert list(AuditEvent.objects.exclude(reason="").values_list("reason", flat=True)) == [
            "Other"
        ]


MUTATIONS = {
    "at": st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1), timezones=st.just(dt.UTC)),
    "actor": st.none() | st.uuids(),
    "subject": st.none() | st.uuids(),
    "verb": st.text("abc._é", min_size=1, max_size=20),
    "object_type": st.text("abc.", max_size=20),
    "object_id": st.text("0123456789", max_size=9),
    "data": st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.text("aé", max_size=3),
        lambda inner: (
            st.dictionaries(st.text("ab", max_size=2), inner, max_size=2)
            | st.lists(inner, max_size=2)
        ),
        max_leaves=4,
    ),
    "reason": st.text("abc é", max_size=9),
    "reason_salt": st.text("0123456789abcdef", max_size=32),
    "reason_digest": st.text("0123456789abcdef", max_size=64),
    "shown_from": st.none()
    | st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1), timezones=st.just(dt.UTC)),
}


@given(data=st.data())
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_changed_value_of_any_event_is_found(events, data):
    name = data.draw(st.sampled_from(sorted(MUTATIONS)))
    position = data.draw(st.integers(1, 9))
    event = AuditEvent.objects.get(pk=events[position - 1])
    before, after = getattr(event, name), data.draw(MUTATIONS[name])
    change = f"UPDATE accounts_auditevent SET {name} = %s WHERE id = %s"
    same = before == after and json.dumps(before, default=str) == json.dumps(after, default=str)
    try:
        sql(change, value_of(name, after), event.pk)
        assert bool(faults()) is not same, (name, before, after)
    finally:
        sql(change, value_of(name, before), event.pk)


def test_findings_beyond_the_bound_are_counted(events, monkeypatch):
    monkeypatch.setattr(verification, "MOST_KEPT", 2)
    sql("UPDATE accounts_auditevent SET verb = 'x.y'")

    verdict = verify(at=AT)

    assert (verdict.faults, len(verdict.findings)) == (9, 2)


def test_batches_join_without_a_seam(events, monkeypatch):
    monkeypatch.setattr(verification, "BATCH", 2)

    assert verify(at=AT).checked == 9
    sql("DELETE FROM accounts_auditseal WHERE position IN (2, 3, 4)")
    assert faults() == [(Fault.GAP, 2)]


def test_since_begins_after_a_position(events):
    sql("UPDATE accounts_auditevent SET verb = 'x.y' WHERE id = %s", events[1])

    assert verify(since=2, at=AT).checked == 7
    assert faults(since=2) == []
    assert faults() == [(Fault.ALTERED, 2)]
    assert faults(since=400) == [(Fault.GAP, 400)]


class TestCommand:
    def run(self, *options: str) -> tuple[int, str]:
        out = io.StringIO()
        try:
            call_command("verify_audit", *options, stdout=out)
        except SystemExit as left:
            return int(left.code or 0), out.getvalue()
        return 0, out.getvalue()

    def test_says_that_all_fits_what_waits_and_where_the_chain_stands(self, events):
        audit.record(actor=None, verb="post.added", at=AT)

        code, said = self.run()

        assert code == 0
        assert "9 sealed events checked." in said
        assert "1 wait to be sealed; the oldest is of 20 November 2026, 12:00." in said
        assert f"Head {sealing.head()}" in said
        assert "only with --expect" in said

    def test_leaves_with_one_and_says_what_does_not_fit(self, events):
        sql("UPDATE accounts_auditevent SET verb = 'x.y' WHERE id = %s", events[4])

        code, said = self.run()

        assert code == 1
        assert f"altered: Event {events[4]} or its seal at position 5 was altered" in said

    def test_answers_for_machines(self, events):
        sql("DELETE FROM accounts_auditevent WHERE id = %s", events[4])

        code, said = self.run("--json")

        told = json.loads(said)
        assert code == 1
        assert told["faults"] == 1
        assert told["findings"][0]["fault"] == "missing"
        assert told["findings"][0]["position"] == 5
        assert told["head"] == str(sealing.head())

    def test_a_noted_head_holds_the_chain_to_it(self, events):
        noted = str(sealing.head())
        assert self.run("--expect", noted)[0] == 0
        sql("DELETE FROM accounts_auditseal WHERE position = 9")
        sql("DELETE FROM accounts_auditevent WHERE id = %s", events[8])

        code, said = self.run("--expect", noted)

        assert code == 1
        assert "The chain was 9 long when this head was noted; now it ends at position 8." in said

    def test_what_is_no_head_is_refused(self):
        with pytest.raises(CommandError, match="POSITION:DIGEST"):
            self.run("--expect", "nonsense")

    def test_that_it_was_done_is_written_down_unless_told_not_to(self, events):
        self.run("--read-only")
        assert not AuditEvent.objects.filter(verb="audit.verified").exists()

        self.run()

        event = AuditEvent.objects.get(verb="audit.verified")
        assert event.data["checked"] == 9
        assert event.data["faults"] == 0

    def test_sealing_by_hand_prints_the_head(self, events):
        audit.record(actor=None, verb="post.added", at=AT)
        out = io.StringIO()

        call_command("seal_audit", stdout=out)

        assert out.getvalue() == f"1 events sealed.\nHead {sealing.head()}\n"


def test_findings_go_to_the_log_too(events, caplog):
    from accounts.services.audit import verify_audit

    sql("DELETE FROM accounts_auditevent WHERE id = %s", events[4])

    verify_audit(at=AT)

    assert any(
        item.levelname == "ERROR" and item.msg["event"] == "audit_does_not_fit"
        for item in caplog.records
        if isinstance(item.msg, dict)
    )
