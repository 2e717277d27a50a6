"""Two completions of one person at once, on PostgreSQL, in threads of their own."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection

from cpd_tracking.building import compare_with_rebuild
from cpd_tracking.models import LearningRecord, Obligation
from cpd_tracking.services.records import Learned, record_learning
from tests.factories.accounts import OrganisationFactory, PostFactory
from tests.factories.cpd_tracking import AT, TODAY, build, learned, make_rule, make_topic

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("on_postgres"),
]


def at_once(*told: Learned) -> list[BaseException]:
    """Record each in a thread and transaction of its own, all starting together."""
    start, errors = threading.Barrier(len(told)), []

    def work(item: Learned) -> None:
        try:
            start.wait(timeout=10)
            record_learning(learned=item, at=AT)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(item,)) for item in told]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return errors


def test_two_completions_at_once_leave_what_a_rebuild_gives(area):
    topic = make_topic(area)
    make_rule(area, topic)
    person = PostFactory(organisation=OrganisationFactory(local_area=area)).person
    build()
    days = [dt.date(2026, 8, 1), dt.date(2026, 8, 2), dt.date(2026, 9, 1), dt.date(2025, 9, 9)]
    assert at_once(*(learned(person, topic, day) for day in days)) == []
    assert LearningRecord.objects.count() == 4
    assert compare_with_rebuild(at=TODAY)[1] == []


def test_the_same_news_twice_at_once_is_one_record(area):
    topic = make_topic(area)
    make_rule(area, topic)
    person = PostFactory(organisation=OrganisationFactory(local_area=area)).person
    build()
    told = learned(person, topic, TODAY, source_uid="completion:x")
    assert at_once(told, told, told) == []
    assert LearningRecord.objects.count() == 1
    assert Obligation.objects.filter(satisfied_on=TODAY).count() == 1
