"""The mails about a request: what was decided, and that it has been done."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.enums import PrivacyRequestState
from accounts.models import PrivacyRequest, User


def address_of(person: User) -> str:
    """Return where the person reads mail: at work, or at their own address; empty for neither."""
    return person.email or person.personal_email or ""


def tell_decision(request_id: int) -> bool:
    """Mail what was decided; return whether there was anything to say, and anywhere to say it."""
    request = (
        PrivacyRequest.objects.select_related("person", "local_area")
        .filter(
            pk=request_id,
            state__in=(PrivacyRequestState.APPROVED, PrivacyRequestState.REFUSED),
        )
        .first()
    )
    if request is None or not address_of(request.person):
        return False
    approved = request.state == PrivacyRequestState.APPROVED
    _mail(
        request,
        "Your request to be erased" + (" is approved" if approved else ""),
        "emails/accounts/erasure_decided.txt",
        approved=approved,
    ).send()
    return True


def farewell(request: PrivacyRequest) -> EmailMessage | None:
    """Write the last mail before the address is erased; None where there is no address."""
    if not address_of(request.person):
        return None
    return _mail(request, "You have been erased", "emails/accounts/erasure_done.txt")


def _mail(request: PrivacyRequest, subject: str, template: str, **values: object) -> EmailMessage:
    area = request.local_area
    return EmailMessage(
        subject=f"{subject}: {area.product_name}",
        body=render_to_string(
            template,
            {
                "person": request.person,
                "request": request,
                "product": area.product_name,
                "contact_email": area.contact_email,
                "link": settings.SITE_URL + reverse("accounts:my-data"),
                **values,
            },
        ),
        to=[address_of(request.person)],
    )
