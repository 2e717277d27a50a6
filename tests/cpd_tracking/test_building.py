"""Building: only what changed is written, and little by little equals all at once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from accounts.enums import JobRole
from accounts.models import Post
from accounts.services.posts import end_post
from cpd_tracking.building import build_obligations, compare_with_rebuild
from cpd_tracking.models import Extension, Obligation, Pause, SatisfyingRecord
from cpd_tracking.services.calendars import move_horizons
from cpd_tracking.services.records import record_learning, withdraw_record
from tests.factories.accounts import OrganisationFactory, PostFactory, UserFactory, make_area
from tests.factories.cpd_tracking import (
    AT,
    TODAY,
    build,
    learned,
    make_person_rule,
    make_rule,
    make_topic,
)

D = dt.date


def rows() -> list[tuple]:
    evidence = {}
    for obligation, record in SatisfyingRecord.objects.values_list("obligation", "record"):
        evidence.setdefault(obligation, []).append(record)
    fields = [field.attname for field in Obligation._meta.concrete_fields if field.attname != "id"]
    return sorted(
        (*(str(row[name]) for name in fields), tuple(sorted(evidence.get(row["id"], []))))
        for row in Obligation.objects.values("id", *fields)
    )


@pytest.mark.django_db
class TestIncremental:
    def test_a_second_build_writes_nothing(self, area):
        make_rule(area, make_topic(area))
        PostFactory(organisation=OrganisationFactory(local_area=area))
        assert build_obligations(at=TODAY).created == 1
        assert not build_obligations(at=TODAY)

    def test_a_record_changes_its_own_rows_only(self, area):
        topic, other = make_topic(area), make_topic(area, "Other")
        make_rule(area, topic)
        make_rule(area, other)
        post = PostFactory(organisation=OrganisationFactory(local_area=area))
        build()
        untouched = Obligation.objects.get(requirement__title="Other").pk
        record_learning(learned=learned(post.person, topic, D(2025, 9, 10)), at=AT)
        assert Obligation.objects.get(requirement__title="Other").pk == untouched
        done = Obligation.objects.get(satisfied_on=D(2025, 9, 10))
        assert done.expires_on == D(2026, 9, 10)
        assert list(done.satisfied_by.values_list("title", flat=True)) == [topic.title]

    def test_a_correction_supersedes_and_a_withdrawal_takes_back(self, area):
        topic = make_topic(area)
        make_rule(area, topic)
        post = PostFactory(organisation=OrganisationFactory(local_area=area))
        build()
        first = learned(post.person, topic, D(2025, 9, 10), source_uid="attendance:1")
        record = record_learning(learned=first, at=AT)
        assert record_learning(learned=first, at=AT) == record  # the same news twice
        longer = learned(
            post.person, topic, D(2025, 9, 12), source_uid="attendance:1", hours=Decimal(2)
        )
        corrected = record_learning(learned=longer, at=AT)
        assert corrected.supersedes == record
        assert Obligation.objects.current(D(2025, 9, 30)).get().satisfied_on == D(2025, 9, 12)
        withdraw_record(source_uid="attendance:1", at=AT)
        assert Obligation.objects.get().satisfied_on is None
        assert withdraw_record(source_uid="attendance:1", at=AT) is None

    def test_ending_a_post_closes_its_obligations_at_once(self, area):
        make_rule(area, make_topic(area))
        post = PostFactory(organisation=OrganisationFactory(local_area=area))
        build()
        end_post(by=None, post=post, ends_on=D(2026, 9, 30), at=AT)
        row = Obligation.objects.get()
        assert (row.closed_on, row.how_closed) == (D(2026, 10, 1), "left")

    def test_one_completion_costs_a_constant_number_of_queries(self, area):
        topic = make_topic(area)
        make_rule(area, topic)
        counts = []
        for people in (1, 30):
            for _ in range(people):
                post = PostFactory(organisation=OrganisationFactory(local_area=area))
            build()
            with CaptureQueriesContext(
                connection,
            ) as seen:
                record_learning(learned=learned(post.person, topic, D(2026, 9, 1)), at=AT)
            counts.append(len(seen))
        assert counts[0] == counts[1] <= 26

    def test_many_people_cost_a_constant_number_of_queries(self, area):
        make_rule(area, make_topic(area))
        organisation = OrganisationFactory(local_area=area)
        build()  # stores the horizon, once
        counts = []
        for people in (1, 30):
            for _ in range(people):
                PostFactory(organisation=organisation)
            with CaptureQueriesContext(connection) as seen:
                build()
            counts.append(len(seen))
        assert counts[0] == counts[1]

    def test_comparing_finds_what_somebody_changed_by_hand(self, area):
        make_rule(area, make_topic(area))
        PostFactory(organisation=OrganisationFactory(local_area=area))
        build()
        assert compare_with_rebuild(at=TODAY) == (1, [])
        Obligation.objects.update(due_on=D(2030, 1, 1))
        total, [(_, what)] = compare_with_rebuild(at=TODAY)
        assert (total, what) == (1, "different")


day = st.dates(D(2023, 1, 1), D(2026, 9, 1))
event = st.one_of(
    st.tuples(st.just("post"), day, st.integers(0, 400)),
    st.tuples(st.just("end"), day, st.just(0)),
    st.tuples(st.just("record"), day, st.integers(0, 2)),
    st.tuples(st.just("withdraw"), day, st.integers(0, 5)),
    st.tuples(st.just("pause"), day, st.integers(1, 120)),
    st.tuples(st.just("extend"), day, st.integers(1, 60)),
)


class TestAnyHistory(HypothesisTestCase):
    """Whatever happens, in whatever order: step by step gives the rows of a full rebuild."""

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(events=st.lists(event, max_size=12))
    def test_step_by_step_equals_a_full_rebuild(self, events):
        area = make_area()
        topics = [make_topic(area, f"Topic {n}") for n in range(3)]
        make_rule(area, topics[0], grace_days=14)
        make_person_rule(area, topics[1], anchor="completion")
        make_rule(
            area, topics[2], anchor="fixed", due_unit="fixed_day", due_month=9, due_day=30,
            cycle_month=9, cycle_day=1, due_count=14,
        )  # fmt: skip
        person, uids = UserFactory(), []
        PostFactory(
            person=person, organisation=OrganisationFactory(local_area=area),
            starts_on=D(2024, 1, 8),
        )  # fmt: skip
        build_obligations(person_ids=[person.pk], at=TODAY)
        for what, on, number in events:
            self.play(area, person, topics, uids, what, on, number)
        step_by_step = rows()
        assert compare_with_rebuild(at=TODAY)[1] == []
        Obligation.objects.all().delete()
        build_obligations(at=TODAY)
        assert rows() == step_by_step

    def play(self, area, person, topics, uids, what, on, number):
        if what == "post":
            PostFactory(
                person=person, organisation=OrganisationFactory(local_area=area),
                job_role=JobRole.TEACHER, starts_on=on, ends_on=on + dt.timedelta(number),
            )  # fmt: skip
        elif what == "end":
            post = Post.objects.filter(ends_on__isnull=True, starts_on__lte=on).first()
            if post:
                Post.objects.filter(pk=post.pk).update(ends_on=on)
        elif what == "record":
            told = learned(person, topics[number], on)
            uids.append(told.source_uid)
            record_learning(learned=told, at=AT)
            return
        elif what == "withdraw":
            if number < len(uids):
                withdraw_record(source_uid=uids[number], at=AT)
            return
        elif what == "pause":
            Pause.objects.create(
                person=person, starts_on=on, ends_on=on + dt.timedelta(number), recorded_at=AT
            )
        else:
            row = Obligation.objects.order_by("starts_on", "pk").first()
            Extension.objects.create(
                person=person, post=row.post, requirement=row.requirement,
                period_starts_on=row.starts_on, reason="Moved", recorded_at=AT,
                due_on=row.due_on + dt.timedelta(number),
            )  # fmt: skip
        build_obligations(person_ids=[person.pk], at=TODAY)


@pytest.mark.django_db
def test_the_horizon_moves_once_the_academic_year_has_turned(area):
    make_rule(
        area, make_topic(area), anchor="fixed", due_unit="fixed_day", due_month=9, due_day=30,
        cycle_month=9, cycle_day=1, due_count=14,
    )  # fmt: skip
    PostFactory(organisation=OrganisationFactory(local_area=area))
    build(D(2026, 8, 1))
    assert Obligation.objects.count() == 2  # 2025/26 and 2026/27
    in_september = dt.datetime(2026, 9, 2, 10, tzinfo=dt.UTC)
    assert move_horizons(at=in_september) == 1
    assert move_horizons(at=in_september) == 0
    assert Obligation.objects.count() == 3
    assert compare_with_rebuild(at=TODAY)[1] == []


@pytest.mark.django_db
def test_the_quick_way_for_many_rows_gives_the_same_rows(area, monkeypatch):
    topic = make_topic(area)
    make_rule(area, topic, grace_days=7)
    make_person_rule(area, topic)
    for number in range(6):
        post = PostFactory(organisation=OrganisationFactory(local_area=area))
        record_learning(learned=learned(post.person, topic, D(2025, 9, 1 + number)), at=AT)
    build()
    expected = rows()
    Obligation.objects.all().delete()
    monkeypatch.setattr("core.bulk.ENOUGH", 1)
    build()
    assert rows() == expected
    assert len(expected) == 24
