"""The mails of cpd_tracking: text and HTML, each saying why, with one-click preferences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import User
from cpd_tracking.explain import count_text
from cpd_tracking.models import DigestSent, Nudge, Obligation
from cpd_tracking.preferences import reminder_token
from cpd_tracking.wording import TaskWords, words_of


def send_digest_mail(
    *, digest: DigestSent, obligations: Sequence[Obligation], today: dt.date
) -> None:
    """Send one weekly digest; its Message-ID is the promise's, so a repeat is recognisable."""
    tasks = [words_of(row, today) for row in obligations]
    late = sum(task.is_late for task in tasks)
    subject = (
        f"{count_text(late, 'requirement')} overdue" if late
        else f"{count_text(len(tasks), 'thing')} to do soon"
    )  # fmt: skip
    _send(
        person=digest.person,
        subject=f"{subject}: your training this week",
        template="digest",
        message_id=f"<digest-{digest.pk}-{digest.iso_year}-{digest.iso_week}@waymark>",
        context={"tasks": tasks, "late": late, "total": len(tasks)},
    )


def send_nudge_mail(*, nudge: Nudge, obligations: Sequence[Obligation], today: dt.date) -> None:
    """Send one nudge: who asks, for what, and why it is asked at all."""
    tasks: list[TaskWords] = [words_of(row, today) for row in obligations]
    _send(
        person=nudge.person,
        subject=f"{nudge.sent_by} asks you to look at {count_text(len(tasks), 'requirement')}",
        template="nudge",
        message_id=f"<nudge-{nudge.pk}-{nudge.sent_on:%Y%m%d}@waymark>",
        context={"tasks": tasks, "sender": nudge.sent_by.get_full_name()},
    )


def _send(
    *, person: User, subject: str, template: str, message_id: str, context: dict[str, Any]
) -> None:
    token = reminder_token(person.public_id)
    stop_url = settings.SITE_URL + reverse("cpd_tracking:reminders", args=[token])
    values = {
        **context,
        "person": person,
        "site_url": settings.SITE_URL,
        "my_learning_url": settings.SITE_URL + reverse("cpd_tracking:my_learning"),
        "preferences_url": stop_url,
        "subject": subject,
    }
    mail = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"emails/{template}.txt", values),
        to=[str(person.email)],
        headers={
            "Message-ID": message_id,
            "List-Unsubscribe": f"<{stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    mail.attach_alternative(render_to_string(f"emails/{template}.html", values), "text/html")
    mail.send()
