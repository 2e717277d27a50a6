"""Discussion: a message that may identify a child is read by nobody who should not."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from stdnum.gb import upn

from accounts.models import AuditEvent
from core import clock
from core.models import Outbox
from networks.enums import MembershipRole, MessageStatus, NetworkKind
from networks.models import Message, Thread
from networks.services import discussion as services
from networks.templatetags.message_text import message_html
from tests.factories.networks import join, make_led_network, make_person

_DIGITS = "801200001001"
UPN = upn.calc_check_digit(_DIGITS) + _DIGITS
NHS = "943 476 5919"


@pytest.fixture
def forum(area):
    network, lead = make_led_network(area)
    author, reader = make_person(area), make_person(area)
    join(network, author), join(network, reader)
    return network, lead, author, reader


def start(network, by, body="How do you record part-time timetables?", title="Timetables", **more):
    return services.start_thread(
        by=by, network=network, title=title, body=body, is_question=True, at=clock.now(), **more
    )


def reply(thread, by, body, **more):
    return services.send_message(by=by, thread=thread, body=body, at=clock.now(), **more)


@pytest.mark.parametrize("text", [f"It is about {UPN}", f"NHS number {NHS}"])
def test_a_number_holds_the_message_for_author_and_moderators_only(
    forum, sign_in, text, django_capture_on_commit_callbacks
) -> None:
    network, lead, author, reader = forum
    thread = start(network, author).thread
    with django_capture_on_commit_callbacks(execute=True):
        message = reply(thread, author, text)

    assert message.status == MessageStatus.HELD
    assert not Message.objects.filter(pk=message.pk).visible_to(reader).exists()
    for person, sees in ((author, True), (lead, True), (reader, False)):
        page = sign_in(person).get(thread.get_absolute_url()).content.decode()
        assert (text in page) is sees
    assert "Only you and the moderators see this message" in (
        sign_in(author).get(thread.get_absolute_url()).content.decode()
    )


def test_moderators_are_told_the_same_day_without_the_text(
    forum, django_capture_on_commit_callbacks
) -> None:
    network, lead, author, _ = forum
    moderator = make_person(network.local_area)
    join(network, moderator, MembershipRole.MODERATOR)
    with django_capture_on_commit_callbacks(execute=True):
        start(network, author, body=f"About {UPN}")

    assert sorted(to for sent in mail.outbox for to in sent.to) == sorted(
        [lead.email, moderator.email]
    )
    assert all(UPN not in sent.body and "Timetables" not in sent.body for sent in mail.outbox)
    assert Outbox.objects.get().done_at is not None


def test_a_held_opening_hides_its_thread_and_takes_no_answers(forum, sign_in) -> None:
    network, lead, author, reader = forum
    thread = start(network, author, title=f"Question on {UPN}").thread

    assert not Thread.objects.visible_to(reader).exists()
    assert sign_in(reader).get(thread.get_absolute_url()).status_code == 404
    assert UPN not in sign_in(reader).get(f"/networks/{network.slug}/messages/").content.decode()
    assert UPN not in sign_in(reader).get(f"/networks/{network.slug}/").content.decode()
    with pytest.raises(services.UnableToSend, match="being checked"):
        reply(thread, lead, "Let me answer")


def test_the_author_takes_the_number_out_and_it_is_sent(forum, sign_in) -> None:
    network, _, author, reader = forum
    message = start(network, author, body=f"About {UPN}")
    url = f"/networks/{network.slug}/messages/held/{message.pk}/change/"
    still = sign_in(author).post(url, {"title": "Timetables", "body": f"Still {NHS}"})
    assert still.status_code == 302
    message.refresh_from_db()
    assert message.is_held

    sign_in(author).post(url, {"title": "Timetables", "body": "About a pupil in year 4"})
    message.refresh_from_db()
    assert message.status == MessageStatus.PUBLISHED
    assert Thread.objects.visible_to(reader).exists()
    assert sign_in(reader).get(url).status_code == 403


def test_redaction_leaves_the_text_nowhere(forum, sign_in) -> None:
    from django.apps import apps
    from django.db import models

    network, lead, author, _ = forum
    secret = f"zebrafish {UPN}"
    message = start(network, author, body=secret, title=f"About {UPN}")
    services.redact_message(by=lead, message=message, reason="identifies a child", at=clock.now())

    message.refresh_from_db()
    assert (message.status, message.body) == (MessageStatus.REDACTED, "")
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.TextField | models.CharField | models.JSONField):
                values = model._default_manager.values_list(field.name, flat=True)
                assert not any(
                    UPN in str(value) or "zebrafish" in str(value) for value in values
                ), f"{model.__name__}.{field.name}"
    assert "A moderator has removed this message" in (
        sign_in(lead).get(message.thread.get_absolute_url()).content.decode()
    )


def test_a_moderator_releases_but_not_their_own(forum, sign_in) -> None:
    network, lead, author, reader = forum
    own = start(network, lead, body=f"About {NHS}")
    with pytest.raises(services.UnableToDecide, match="Another moderator"):
        services.release_message(by=lead, message=own, at=clock.now())
    held = start(network, author, body=f"Form number {NHS}")
    sign_in(lead).post(f"/networks/{network.slug}/messages/held/{held.pk}/release/")
    held.refresh_from_db()
    assert held.status == MessageStatus.PUBLISHED
    assert AuditEvent.objects.filter(verb="message.released", object_id=str(held.pk)).exists()
    with pytest.raises(PermissionDenied):
        services.redact_message(by=reader, message=held, reason="x", at=clock.now())


def test_a_name_with_a_birth_date_asks_for_another_look(forum, sign_in) -> None:
    network, _, author, _ = forum
    text = "Sam Example, born 03/04/2015, moves school."
    with pytest.raises(services.NeedsAnotherLook):
        start(network, author, body=text)
    assert not Thread.objects.exists()
    url = f"/networks/{network.slug}/messages/write/"
    form = {"title": "A move", "is_question": "yes", "body": text}
    asked = sign_in(author).post(url, form).content.decode()
    assert "I have looked again" in asked
    sign_in(author).post(url, {**form, "looked_again": "on"})
    assert Message.objects.get().status == MessageStatus.PUBLISHED


def test_messages_are_for_members_and_not_for_the_steward(forum, sign_in, area) -> None:
    from accounts.enums import Role
    from tests.factories.accounts import RoleGrantFactory

    network, _, author, _ = forum
    thread = start(network, author).thread
    steward = make_person(area)
    RoleGrantFactory(person=steward, role=Role.STEWARD, local_area=area)
    for outsider in (steward, make_person(area)):
        assert not Thread.objects.visible_to(outsider).exists()
        assert sign_in(outsider).get(thread.get_absolute_url()).status_code == 403
        with pytest.raises(PermissionDenied):
            reply(thread, outsider, "Hello")


def test_supervision_groups_can_do_without_discussion(area) -> None:
    network, lead = make_led_network(
        area, name="ELSA group 1", kind=NetworkKind.SUPERVISION, has_discussion=False
    )
    with pytest.raises(PermissionDenied):
        start(network, lead)


def test_ten_messages_in_ten_minutes_are_enough(forum) -> None:
    network, _, author, _ = forum
    thread = start(network, author).thread
    for number in range(services.MESSAGES_PER_WINDOW - 1):
        reply(thread, author, f"Thought {number}")
    with pytest.raises(services.UnableToSend, match="Wait a few minutes"):
        reply(thread, author, "One more")
    later = clock.now() + services.WINDOW + dt.timedelta(seconds=1)
    assert services.send_message(by=author, thread=thread, body="Later", at=later).pk


def test_a_question_is_open_until_somebody_else_answers(forum) -> None:
    network, lead, author, _ = forum
    thread = start(network, author).thread
    reply(thread, author, "Nobody?")
    assert Thread.objects.unanswered().exists()
    reply(thread, lead, f"See {NHS}")
    assert Thread.objects.unanswered().exists()
    reply(thread, lead, "In the register, code B.")
    assert not Thread.objects.unanswered().exists()


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;", "<script"),
        ("https://example.org/a?b=1", 'href="https://example.org/a?b=1"', "onclick"),
        ("javascript:alert(1)", "javascript:alert(1)", "href"),
        ('<a href="https://x" onclick="y">z</a>', "&lt;a", " onclick=\"y\">z</a>"),
        ("One\n\nTwo", "<p>One</p>", "\n\nTwo<br>"),
    ],
)  # fmt: skip
def test_text_becomes_safe_paragraphs_and_links(text, wanted, unwanted) -> None:
    html = message_html(text)
    assert wanted in html
    assert unwanted not in html


@pytest.mark.parametrize("threads", [1, 25])
def test_the_list_of_messages_costs_the_same(
    forum, sign_in, threads, django_assert_num_queries
) -> None:
    network, _, author, reader = forum
    for number in range(threads):
        services.start_thread(
            by=author, network=network, title=f"Thread {number}", body="Words", is_question=False,
            at=clock.now() + dt.timedelta(hours=number),
        )  # fmt: skip
    client = sign_in(reader)
    client.get(f"/networks/{network.slug}/messages/")
    with django_assert_num_queries(10):
        client.get(f"/networks/{network.slug}/messages/")
