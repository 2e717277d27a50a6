"""The mails about one's own address, about leaving, and about a post that was added."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.address_links import VALID_DAYS
from accounts.models import LocalArea, Post, User
from core.models import Outbox
from core.outbox import handles


@handles("accounts.personal_address")
def mail_address_link(payload: dict[str, Any]) -> None:
    """Mail the link that proves an address to that address; then forget the address."""
    person = _person(payload)
    if person is not None and payload.get("address"):
        link = reverse("accounts:address-confirm", args=[payload["token"]])
        _send(
            to=payload["address"],
            person=person,
            subject="Confirm that this address is yours",
            template="personal_address",
            message_id=payload["key"],
            link=settings.SITE_URL + link,
            valid_days=VALID_DAYS,
        )
    _forget(payload)


@handles("accounts.leaving")
def mail_leaving(payload: dict[str, Any]) -> None:
    """Say before the last day how the record stays one's own; nothing if the post goes on."""
    person = _person(payload)
    last_day = dt.date.fromisoformat(payload["last_day"])
    goes_on = Post.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=last_day), person=payload["person_id"]
    )
    if person is None or not person.email or goes_on.exists():
        return
    _send(
        to=person.email,
        person=person,
        subject="Keep your training record when you leave",
        template="leaving",
        message_id=f"leaving-{person.public_id}-{last_day}",
        last_day=last_day,
        link=settings.SITE_URL + reverse("accounts:profile"),
    )


@handles("accounts.handed_over")
def mail_handed_over(payload: dict[str, Any]) -> None:
    """Tell the address that signs in no more, and the one that does; then forget the first."""
    person = _person(payload)
    if person is not None:
        for to in filter(None, (payload.get("old"), person.email)):
            _send(
                to=to,
                person=person,
                subject="How you sign in has changed",
                template="handed_over",
                message_id=f"{payload['key']}-{'own' if to == person.email else 'old'}",
                is_own=to == person.email,
                link=settings.SITE_URL + reverse("account_login"),
            )
    _forget(payload)


@handles("accounts.post_added")
def mail_post_added(payload: dict[str, Any]) -> None:
    """Tell somebody with an account that another employer has added a post to it."""
    post = (
        Post.objects.select_related("person", "organisation").filter(pk=payload["post_id"]).first()
    )
    if post is None or not post.person.email:
        return
    _send(
        to=post.person.email,
        person=post.person,
        subject=f"{post.organisation} has added a post to your account",
        template="post_added",
        message_id=f"post-added-{post.pk}",
        post=post,
        link=settings.SITE_URL + reverse("accounts:profile"),
    )


def _person(payload: dict[str, Any]) -> User | None:
    return User.objects.filter(pk=payload["person_id"], erased_at__isnull=True).first()


def _forget(payload: dict[str, Any]) -> None:
    """Keep no address in a promise that is kept."""
    Outbox.objects.filter(key=payload["key"]).update(payload={})


def _send(
    *, to: str, person: User, subject: str, template: str, message_id: str, **values: Any
) -> None:
    area = (
        LocalArea.objects.filter(organisations__posts__person=person)
        .order_by("-organisations__posts__starts_on")
        .first()
    )
    words = {
        **values,
        "person": person,
        "subject": " ".join(subject.split()),
        "product": area.product_name if area else "Waymark",
        "contact_email": area.contact_email if area else "",
    }
    plain_id = "".join(sign if sign.isalnum() else "-" for sign in message_id)
    mail = EmailMultiAlternatives(
        subject=words["subject"],
        body=render_to_string(f"emails/accounts/{template}.txt", words),
        to=[to],
        headers={"Message-ID": f"<{plain_id}@waymark>"},
    )
    mail.attach_alternative(
        render_to_string(f"emails/accounts/{template}.html", words), "text/html"
    )
    mail.send()
