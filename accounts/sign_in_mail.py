"""Mail about signing in. It goes through the outbox: a slow mail server holds nobody up, and asking
for a new password takes as long for an address we know as for one we do not.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts.invitation_rows import has_way_in
from accounts.models import User
from core import outbox
from core.models import Outbox

# One mail in this time for an address: the link of the first still works, and nobody's letter box
# is filled by a stranger's repeated asking.
RESET_EVERY = 3 * 60


def promise(message: EmailMessage) -> None:
    """Promise to send a mail that allauth has written."""
    key = f"sign-in-mail:{uuid.uuid4()}"
    alternatives = getattr(message, "alternatives", [])
    outbox.enqueue(
        kind="accounts.sign_in_mail",
        key=key,
        payload={
            "key": key,
            "to": list(message.to),
            "subject": message.subject,
            "body": str(message.body),
            "html": str(alternatives[0][0]) if alternatives else "",
        },
    )


def promise_password_reset(
    *, address: str, people: Sequence[int], site: str, at: dt.datetime
) -> None:
    """Promise a link that sets a new password to an address somebody typed.

    `people` are those of that address, or nobody: the same row is written either way, so that the
    answer takes the same time. No link is kept: it is made when the mail is sent.
    """
    window = int(at.timestamp()) // RESET_EVERY
    digest = salted_hmac("accounts.password_reset", address.lower(), algorithm="sha256").hexdigest()
    key = f"password-reset:{digest}:{window}"
    outbox.enqueue(
        kind="accounts.password_reset",
        key=key,
        payload={
            "key": key,
            "address": address if people else "",
            "people": list(people),
            "site": site,
        },
    )


@outbox.handles("accounts.sign_in_mail")
def send_promised(payload: dict[str, Any]) -> None:
    """Send one mail and forget its words."""
    if not payload:
        return
    message = EmailMultiAlternatives(
        subject=payload["subject"], body=payload["body"], to=payload["to"]
    )
    if payload["html"]:
        message.attach_alternative(payload["html"], "text/html")
    message.send()
    _forget(payload["key"])


@outbox.handles("accounts.password_reset")
def send_password_reset(payload: dict[str, Any]) -> None:
    """Send a link to each active person of the address, and forget the address.

    The address is compared again: since it was typed it may have been handed over or put right,
    and a search without case finds look-alikes. Whoever has never joined gets none: an invitation
    opens their account, so that one that was withdrawn opens nothing.
    """
    if not payload:
        return
    active = User.objects.filter(pk__in=payload["people"], is_active=True)
    joined = Exists(EmailAddress.objects.filter(user=OuterRef("pk"), verified=True))
    for person in active.filter(has_way_in() | Q(joined)).order_by("pk"):
        if payload["address"] not in _addresses_of(person):
            continue
        path = reverse(
            "account_reset_password_from_key",
            kwargs={
                "uidb36": user_pk_to_url_str(person),
                "key": default_token_generator.make_token(person),
            },
        )
        words = {
            "person": person,
            "password_reset_url": payload["site"] + path,
            "site": payload["site"],
            "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        }
        EmailMessage(
            subject=render_to_string("account/email/password_reset_key_subject.txt", words).strip(),
            body=render_to_string("account/email/password_reset_key_message.txt", words),
            to=[payload["address"]],
        ).send()
    _forget(payload["key"])


def _addresses_of(person: User) -> set[str]:
    """Return the addresses that open the person's account, in lower case."""
    proved = EmailAddress.objects.filter(user=person, verified=True)
    own = [person.email] if person.email else []
    return {address.lower() for address in (*own, *proved.values_list("email", flat=True))}


def _forget(key: str) -> None:
    """Empty what was promised: a letter that is posted need not lie in the database."""
    Outbox.objects.filter(key=key).update(payload={})
