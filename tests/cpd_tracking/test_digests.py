"""The weekly digest: once a week, in working hours, never lost and never twice."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from core import outbox
from core.models import Outbox
from cpd_tracking import mail
from cpd_tracking.models import DigestSent, ReminderPreference, Term
from cpd_tracking.preferences import reminder_token
from cpd_tracking.services.digests import promise_weekly_digests
from cpd_tracking.services.records import record_learning
from cpd_tracking.tasks import send_weekly_digests
from tests.factories.accounts import OrganisationFactory, PostFactory
from tests.factories.cpd_tracking import AT, TODAY, build, learned, make_rule, make_topic

pytestmark = pytest.mark.django_db
MONDAY_NIGHT = dt.datetime(2026, 9, 21, 21, 0, tzinfo=dt.UTC)
SATURDAY = dt.datetime(2026, 9, 26, 10, 0, tzinfo=dt.UTC)
NEXT_MONDAY = dt.datetime(2026, 9, 28, 10, 0, tzinfo=dt.UTC)


@pytest.fixture
def topic(area):
    topic = make_topic(area, "Safeguarding update")
    make_rule(area, topic, due_count=60)
    return topic


@pytest.fixture
def late(area, topic):
    """Somebody with something overdue."""
    post = PostFactory(organisation=OrganisationFactory(local_area=area), person__given_name="Tom")
    build()
    return post.person


def deliver(at: dt.datetime = AT) -> None:
    with time_machine.travel(at):
        outbox.sweep(at=at)


def test_one_mail_a_person_and_week(late, mailoutbox):
    with time_machine.travel(AT):
        assert send_weekly_digests() == 1
        assert send_weekly_digests() == 0
    assert promise_weekly_digests(at=AT + dt.timedelta(days=1)) == 0
    deliver()
    deliver()
    [message] = mailoutbox
    assert message.to == [late.email]
    assert message.subject == "1 requirement overdue: your training this week"
    assert "required of everyone here" in message.body
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    html = message.alternatives[0].content
    assert "Safeguarding update" in html
    assert promise_weekly_digests(at=NEXT_MONDAY) == 1


@pytest.mark.parametrize("at", [MONDAY_NIGHT, SATURDAY])
def test_never_in_evenings_or_at_weekends(late, at):
    assert promise_weekly_digests(at=at) == 0


def test_nothing_to_those_with_nothing_to_do_or_without_address(area, late, topic):
    done = PostFactory(organisation=OrganisationFactory(local_area=area)).person
    record_learning(learned=learned(done, topic, TODAY), at=AT)
    silent = PostFactory(organisation=OrganisationFactory(local_area=area), person__email=None)
    suspended = PostFactory(
        organisation=OrganisationFactory(local_area=area), person__is_active=False
    )
    build()
    promise_weekly_digests(at=AT)
    assert [row.person for row in DigestSent.objects.all()] == [late]
    assert silent.person != suspended.person


def test_holidays_are_quiet_for_those_who_work_in_term_time_only(area, late, topic):
    Term.objects.create(
        local_area=area, name="Summer", starts_on=dt.date(2026, 4, 13), ends_on=dt.date(2026, 7, 17)
    )
    Term.objects.create(
        local_area=area,
        name="Autumn",
        starts_on=dt.date(2026, 9, 22),
        ends_on=dt.date(2026, 12, 18),
    )
    late.posts.update(term_time_only=True)
    assert promise_weekly_digests(at=AT) == 0  # Monday 21 September is still holiday here
    assert promise_weekly_digests(at=AT + dt.timedelta(days=1)) == 1  # told when term starts
    other = PostFactory(person=late, organisation=OrganisationFactory(local_area=area))
    assert not other.term_time_only
    DigestSent.objects.all().delete()
    assert promise_weekly_digests(at=AT) == 1


def test_a_worker_killed_while_mailing_sends_it_once_in_the_end(late, mailoutbox, monkeypatch):
    promise_weekly_digests(at=AT)
    send, calls = mail.EmailMultiAlternatives.send, []

    def killed(self, *args, **kwargs):
        calls.append(1)
        raise ConnectionError("the mail server went away")

    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", killed)
    deliver()
    assert DigestSent.objects.get().mailed_at is None
    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", send)
    deliver(AT + dt.timedelta(minutes=3))
    deliver(AT + dt.timedelta(minutes=9))
    assert (len(calls), len(mailoutbox)) == (1, 1)
    assert DigestSent.objects.get().mailed_at is not None


def test_a_worker_killed_while_promising_leaves_whole_promises(late, area, topic, monkeypatch):
    for _ in range(3):
        PostFactory(organisation=OrganisationFactory(local_area=area))
    build()
    monkeypatch.setattr("cpd_tracking.services.digests._BATCH", 2)
    real, calls = outbox.enqueue, []

    def dies(**kwargs):
        calls.append(1)
        if len(calls) == 4:
            raise SystemExit
        return real(**kwargs)

    monkeypatch.setattr(outbox, "enqueue", dies)
    with pytest.raises(SystemExit):
        promise_weekly_digests(at=AT)
    assert DigestSent.objects.count() == Outbox.objects.count() == 2
    monkeypatch.setattr(outbox, "enqueue", real)
    assert promise_weekly_digests(at=AT) == 2
    assert DigestSent.objects.count() == Outbox.objects.count() == 4


def test_what_was_done_before_delivery_is_not_mailed(late, topic, mailoutbox):
    promise_weekly_digests(at=AT)
    record_learning(learned=learned(late, topic, TODAY), at=AT)
    deliver()
    assert mailoutbox == []


def test_one_press_stops_it_without_signing_in(late, client):
    url = f"/reminders/{reminder_token(late.public_id)}/"
    assert b"You get this email now" in client.get(url).content
    assert not ReminderPreference.objects.exists()  # a mail program's look ahead changes nothing
    one_click = client.post(url, {"List-Unsubscribe": "One-Click"})
    assert b"You no longer get the weekly email" in one_click.content
    assert promise_weekly_digests(at=AT) == 0
    client.post(url, {"weekly_digest": "on"})
    assert promise_weekly_digests(at=AT) == 1


def test_a_forged_link_changes_nothing(late, client):
    token = reminder_token(late.public_id)
    assert client.post(f"/reminders/{token[:-2]}xx/").status_code == 404
    assert not ReminderPreference.objects.exists()


@pytest.mark.parametrize("people", [1, 30])
def test_choosing_people_asks_the_same_number_of_queries(
    area, topic, people, django_assert_num_queries
):
    for _ in range(people):
        PostFactory(organisation=OrganisationFactory(local_area=area), person__email=None)
    build()
    with django_assert_num_queries(6):
        promise_weekly_digests(at=AT)
