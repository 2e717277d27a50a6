"""What the outbox delivers for accounts: the mail of an invitation, safe to repeat."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.invitation_secrets import token_digest, token_of
from accounts.models import Invitation
from accounts.services.invitations import SEND
from core import clock
from core.models import Outbox
from core.outbox import handles


class LinkIsOfAnotherKey(Exception):
    """SECRET_KEY has changed since the invitation was made: its link would open nothing."""


@handles(SEND)
def deliver_invitation(payload: dict[str, Any]) -> None:
    """Mail the link to the invited person, and forget what it was made from."""
    if not payload:
        return
    invitation_id = payload["invitation_id"]
    send_invitation_mail(invitation_id=invitation_id, nonce=payload["nonce"], at=clock.now())
    Outbox.objects.filter(kind=SEND, payload__invitation_id=invitation_id).update(payload={})


def send_invitation_mail(*, invitation_id: int, nonce: str, at: dt.datetime) -> bool:
    """Write and send the mail if the invitation still waits; return whether it went out."""
    invitation = (
        Invitation.objects.open(at)
        .select_related("person", "organisation__local_area", "made_by")
        .filter(pk=invitation_id)
        .first()
    )
    if invitation is None:
        return False
    token = token_of(nonce)
    if token_digest(token) != invitation.secret_digest:
        raise LinkIsOfAnotherKey(f"Invitation {invitation.pk}: withdraw it and invite again.")
    organisation = invitation.organisation
    area = organisation.local_area if organisation else None
    product = area.product_name if area else "Waymark"
    subject = " ".join(f"Your invitation to {product}".split())
    values = {
        "person": invitation.person,
        "organisation": organisation,
        "inviter": invitation.made_by,
        "product": product,
        "contact_email": area.contact_email if area else "",
        "link": settings.SITE_URL + reverse("accounts:join-by-link", args=[token]),
        "expires_on": clock.london_date(invitation.expires_at),
        "subject": subject,
    }
    mail = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("emails/accounts/invitation.txt", values),
        to=[invitation.address],
        headers={"Message-ID": f"<invitation-{invitation.pk}@waymark>"},
    )
    mail.attach_alternative(
        render_to_string("emails/accounts/invitation.html", values), "text/html"
    )
    mail.send()
    return True
