"""Changes to how somebody signs in: sessions ended, a second step or a password taken away."""

from __future__ import annotations

import datetime as dt

from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string

from accounts import audit, sessions, sign_in_mail
from accounts.models import LocalArea, User
from accounts.services.suspension import can_decide_sign_in


class UnableToResetSecondStep(Exception):
    """The second step cannot be reset; the message says why."""


class UnableToForgetPassword(Exception):
    """The password cannot be taken away; the message says why."""


@transaction.atomic
def end_session(*, by: User, session: UserSession, at: dt.datetime) -> None:
    """End one of the person's own sessions; raises PermissionDenied for anybody else's."""
    if session.user_id != by.pk:
        raise PermissionDenied
    session.end()
    audit.record(actor=by, verb="sign_in.session_ended", subject=by, at=at)


def check_may_remove(authenticator: Authenticator) -> None:
    """Raise ValidationError if this is the last second step of somebody who must have one."""
    adapter = get_mfa_adapter()
    if not adapter.can_delete_authenticator(authenticator):
        raise adapter.validation_error("cannot_delete_authenticator")


@transaction.atomic
def reset_second_step(
    *, by: User, person: User, local_area: LocalArea, reason: str, at: dt.datetime
) -> int:
    """Take away all of somebody's passkeys, apps and codes, because they lost the device; end their
    sessions and tell them. Returns how many there were.

    Raises PermissionDenied, or UnableToResetSecondStep for oneself or where there is nothing.
    """
    if by.pk == person.pk:
        raise UnableToResetSecondStep(
            "You cannot reset your own second step. Ask another administrator."
        )
    if not can_decide_sign_in(by, person, local_area=local_area, at=at):
        raise PermissionDenied
    person = User.objects.select_for_update().get(pk=person.pk)
    count, _ = Authenticator.objects.filter(user=person).delete()
    if not count:
        raise UnableToResetSecondStep(f"{person} has no second step to reset.")
    sessions.end_all(person)
    audit.record(
        actor=by,
        verb="sign_in.second_step_reset",
        subject=person,
        local_area=local_area,
        reason=reason,
        data={"authenticators": count},
        at=at,
    )
    if person.email:
        words = {"person": person, "local_area": local_area}
        sign_in_mail.promise(
            EmailMessage(
                subject="Your second step was reset",
                body=render_to_string("account/email/second_step_reset_message.txt", words),
                to=[person.email],
            )
        )
    return count


@transaction.atomic
def forget_password(
    *, by: User, person: User, local_area: LocalArea, reason: str, at: dt.datetime
) -> None:
    """Take away the password of somebody without an email address who forgot it, and end their
    sessions; whoever leads their setting can then print them a new card.

    Raises PermissionDenied, or UnableToForgetPassword for oneself, for somebody who can be mailed
    a link, or where there is no password.
    """
    if by.pk == person.pk:
        raise UnableToForgetPassword("You cannot do this for yourself. Ask another administrator.")
    if not can_decide_sign_in(by, person, local_area=local_area, at=at):
        raise PermissionDenied
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.email:
        raise UnableToForgetPassword(
            f"{person} has an email address. Ask them to choose “Forgotten your password?” when "
            "they sign in."
        )
    if not person.has_usable_password():
        raise UnableToForgetPassword(f"{person} has no password. Print a card for them.")
    person.set_unusable_password()
    person.save(update_fields=["password"])
    sessions.end_all(person)
    audit.record(
        actor=by,
        verb="sign_in.password_taken_away",
        subject=person,
        local_area=local_area,
        reason=reason,
        at=at,
    )
