"""The outbox: promised once, done once, never lost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from core import clock, outbox
from core.models import Outbox

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


@pytest.fixture
def done(monkeypatch):
    """Register a kind of work that notes its payloads, and fails while `fail` is in them."""
    monkeypatch.setattr(outbox, "_handlers", dict(outbox._handlers))
    payloads: list[dict] = []

    @outbox.handles("test.work")
    def work(payload):
        if payload.get("fail"):
            raise RuntimeError("the mail server is away")
        payloads.append(payload)

    return payloads


@pytest.mark.django_db
def test_the_same_promise_twice_is_one(done):
    first = outbox.enqueue(kind="test.work", key="a", payload={"n": 1}, available_at=NOON)
    second = outbox.enqueue(kind="test.work", key="a", payload={"n": 2}, available_at=NOON)

    assert first == second
    assert outbox.sweep(at=NOON) == 1
    assert outbox.sweep(at=NOON) == 0
    assert done == [{"n": 1}]


@pytest.mark.django_db
def test_a_row_delivered_twice_is_done_once(done):
    row = outbox.enqueue(kind="test.work", key="a", payload={}, available_at=NOON)

    assert outbox.deliver(row.pk, at=NOON)
    assert outbox.deliver(row.pk, at=NOON)
    assert len(done) == 1


@pytest.mark.django_db
def test_work_that_fails_is_kept_and_put_off(done):
    row = outbox.enqueue(kind="test.work", key="a", payload={"fail": True}, available_at=NOON)

    assert outbox.deliver(row.pk, at=NOON) is False
    row.refresh_from_db()
    assert row.done_at is None
    assert row.attempts == 1
    assert row.available_at == NOON + dt.timedelta(minutes=2)
    assert "the mail server is away" in row.last_error

    Outbox.objects.update(payload={"n": 1})
    assert outbox.sweep(at=NOON) == 0
    assert outbox.sweep(at=NOON + dt.timedelta(minutes=2)) == 1
    assert done == [{"n": 1}]


@pytest.mark.django_db
def test_work_nobody_can_do_is_refused_when_promised():
    with pytest.raises(outbox.UnknownKind):
        outbox.enqueue(kind="nobody", key="a", payload={})


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_takes_its_promise_with_it(done):
    with pytest.raises(RuntimeError), transaction.atomic():
        outbox.enqueue(kind="test.work", key="a", payload={})
        raise RuntimeError

    assert not Outbox.objects.exists()
    assert done == []


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_loses_nothing(done, monkeypatch):
    from core.tasks import deliver_outbox_row

    def no_broker(*args, **kwargs):
        raise ConnectionError("broker away")

    monkeypatch.setattr(deliver_outbox_row, "delay", no_broker)
    with transaction.atomic():
        outbox.enqueue(kind="test.work", key="a", payload={"n": 1})

    assert done == []
    assert outbox.sweep(at=clock.now()) == 1
    assert done == [{"n": 1}]
