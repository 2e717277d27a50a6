"""Mails of networks, sent from the outbox; they carry links and never a message's text."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from core import clock
from core.outbox import handles
from networks.enums import MODERATING_ROLES
from networks.models import Membership, Message


@handles("networks.message_held")
def tell_moderators(payload: dict[str, Any]) -> None:
    """Mail each moderator (not the author) that a message waits; nothing if it was decided."""
    message = (
        Message.objects.held()
        .select_related("thread__network__local_area", "author")
        .filter(pk=payload["message_id"])
        .first()
    )
    if message is None:
        return
    network = message.thread.network
    moderators = (
        Membership.objects.in_force(clock.today())
        .filter(network=network, role__in=MODERATING_ROLES, person__email__isnull=False)
        .filter(person__is_active=True)
        .exclude(person=message.author_id)
        .select_related("person")
    )
    link = settings.SITE_URL + reverse("networks:held", args=[network.slug])
    for member in moderators:
        text = render_to_string(
            "emails/networks/message_held.txt",
            {"person": member.person, "network": network, "link": link},
        )
        EmailMessage(
            subject=f"A message in {network.name} waits for you",
            body=text,
            to=[member.person.email],
        ).send()
