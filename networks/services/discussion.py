"""Write, hold, free and redact messages: a UPN or an NHS number makes a text wait."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import audit
from accounts.models import User
from core import clock, outbox
from core.pupil_identifiers import Finding, scan
from networks.enums import MessageStatus
from networks.models import Message, Network, Thread
from networks.permissions import can_discuss, can_edit_message, can_moderate

MESSAGES_PER_WINDOW = 10
WINDOW = dt.timedelta(minutes=10)
REMOVED_TITLE = "Title removed by a moderator"


class UnableToSend(Exception):
    """The message cannot be sent now; the message says why."""


class NeedsAnotherLook(Exception):
    """The text holds a name with a date of birth: the writer is asked to look again first."""


class UnableToDecide(Exception):
    """The message cannot be released or removed; the message says why."""


@transaction.atomic
def start_thread(
    *,
    by: User,
    network: Network,
    title: str,
    body: str,
    is_question: bool,
    at: dt.datetime,
    looked_again: bool = False,
) -> Message:
    """Begin a thread with its first message; the title is scanned with the text.

    Returns the message, which may be held. Raises PermissionDenied, UnableToSend or
    NeedsAnotherLook (nothing is saved).
    """
    title = " ".join(title.split())
    _check_may_send(by, network, at)
    findings = _findings(f"{title}\n{body}", looked_again)
    if not title or not body.strip():
        raise UnableToSend("Write a subject and a message.")
    thread = Thread.objects.create(
        network=network,
        title=title,
        is_question=is_question,
        started_by=by,
        started_at=at,
        last_message_at=at,
    )
    return _store(by=by, thread=thread, body=body, findings=findings, at=at)


@transaction.atomic
def send_message(
    *, by: User, thread: Thread, body: str, at: dt.datetime, looked_again: bool = False
) -> Message:
    """Add a message to a thread; it may be held. Raises as `start_thread` does."""
    if not Thread.objects.filter(pk=thread.pk).visible_to(by, clock.london_date(at)).exists():
        raise PermissionDenied
    _check_may_send(by, thread.network, at)
    if not body.strip():
        raise UnableToSend("Write a message.")
    opening = thread.messages.order_by("written_at", "pk").first()
    if opening is not None and opening.is_held:
        # A published answer would make the thread, and its title, visible to everyone.
        raise UnableToSend("The first message is being checked. You can answer after that.")
    return _store(by=by, thread=thread, body=body, findings=_findings(body, looked_again), at=at)


@transaction.atomic
def edit_held_message(
    *, by: User, message: Message, body: str, at: dt.datetime, title: str | None = None
) -> Message:
    """Let the author take the identifier out; a text without one is published at once.

    `title` may be given with the first message of a thread the author started.
    """
    message = _locked(message)
    if not can_edit_message(by, message):
        raise PermissionDenied
    if not body.strip():
        raise UnableToSend("Write a message.")
    thread = message.thread
    opens = _opens(message)
    if opens and title is not None and title.strip():
        thread.title = " ".join(title.split())
        thread.save(update_fields=["title"])
    findings = scan(f"{thread.title}\n{body}" if opens else body)
    message.body, message.edited_at = body.strip(), at
    message.held_for = _reasons(findings)
    if not message.held_for:
        _publish(message, at)
    message.save()
    audit.record(
        actor=by,
        verb="message.edited",
        obj=message,
        local_area=thread.network.local_area,
        data={"status": message.status},
        at=at,
    )
    return message


@transaction.atomic
def release_message(*, by: User, message: Message, at: dt.datetime) -> Message:
    """Publish a held message that a moderator has read and found to name no child."""
    message = _decidable(by, message, at)
    _publish(message, at)
    message.decided_at, message.decided_by = at, by
    message.save()
    _record(by, "message.released", message, at)
    return message


@transaction.atomic
def redact_message(*, by: User, message: Message, reason: str, at: dt.datetime) -> Message:
    """Purge a message's text for good; the place where it stood remains.

    There is no other copy: messages are in no index, revision, mail, audit event or cache. A
    title that was held with its first message goes too.
    """
    message = _locked(message)
    if not can_moderate(by, message.thread.network, on=clock.london_date(at)):
        raise PermissionDenied
    if message.is_redacted:
        return message
    if _opens(message) and any(finding.must_hold for finding in scan(message.thread.title)):
        message.thread.title = REMOVED_TITLE
        message.thread.save(update_fields=["title"])
    message.body = ""
    message.status = MessageStatus.REDACTED
    message.decided_at, message.decided_by = at, by
    message.save()
    _record(by, "message.redacted", message, at, reason=reason)
    return message


def _store(
    *, by: User, thread: Thread, body: str, findings: list[Finding], at: dt.datetime
) -> Message:
    reasons = _reasons(findings)
    message = Message.objects.create(
        thread=thread,
        author=by,
        body=body.strip(),
        status=MessageStatus.HELD if reasons else MessageStatus.PUBLISHED,
        held_for=reasons,
        written_at=at,
    )
    if reasons:
        audit.record(
            actor=by,
            verb="message.held",
            obj=message,
            local_area=thread.network.local_area,
            data={"kinds": reasons},
            at=at,
        )
        outbox.enqueue(
            kind="networks.message_held",
            key=f"networks.message_held:{message.pk}",
            payload={"message_id": message.pk},
        )
    else:
        _publish(message, at)
    return message


def _publish(message: Message, at: dt.datetime) -> None:
    message.status = MessageStatus.PUBLISHED
    message.held_for = ""
    Thread.objects.filter(pk=message.thread_id).update(last_message_at=at)


def _check_may_send(by: User, network: Network, at: dt.datetime) -> None:
    if not can_discuss(by, network, on=clock.london_date(at)):
        raise PermissionDenied
    User.objects.select_for_update().get(pk=by.pk)
    recent = Message.objects.filter(author=by, written_at__gt=at - WINDOW, written_at__lte=at)
    if recent.count() >= MESSAGES_PER_WINDOW:
        raise UnableToSend(
            f"You have sent {MESSAGES_PER_WINDOW} messages in ten minutes. "
            "Wait a few minutes, then send this one."
        )


def _findings(text: str, looked_again: bool) -> list[Finding]:
    findings = scan(text)
    if findings and not looked_again and not any(finding.must_hold for finding in findings):
        raise NeedsAnotherLook
    return findings


def _reasons(findings: list[Finding]) -> str:
    return ", ".join(sorted({str(finding.kind) for finding in findings if finding.must_hold}))


def _opens(message: Message) -> bool:
    first = message.thread.messages.order_by("written_at", "pk").first()
    return first is not None and first.pk == message.pk


def _locked(message: Message) -> Message:
    return (
        Message.objects.select_for_update(of=("self",))
        .select_related("thread__network__local_area")
        .get(pk=message.pk)
    )


def _decidable(by: User, message: Message, at: dt.datetime) -> Message:
    message = _locked(message)
    if not can_moderate(by, message.thread.network, on=clock.london_date(at)):
        raise PermissionDenied
    if message.author_id == by.pk:
        raise UnableToDecide("You wrote this message. Another moderator decides about it.")
    if not message.is_held:
        raise UnableToDecide("Someone has decided about this message already.")
    return message


def _record(by: User, verb: str, message: Message, at: dt.datetime, reason: str = "") -> None:
    audit.record(
        actor=by,
        verb=verb,
        obj=message,
        subject=message.author,
        local_area=message.thread.network.local_area,
        reason=reason,
        at=at,
    )
