"""Signing in: codes, passkeys, new passwords, and what administrators decide about sign-in."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ResetPasswordForm as TheirResetPasswordForm
from allauth.account.forms import UserTokenForm as TheirUserTokenForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as their_codes
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as their_passkeys
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.http import HttpRequest

from accounts import guess_limits, sign_in_mail
from accounts.models import User
from core import clock
from core.forms import GovukForm
from core.pupil_identifiers import scan

# --- Codes and passkeys ---------------------------------------------------------------------------


class _CountedGuesses(their_codes.BaseAuthenticateForm):
    """A code, guesses at which are counted by person and address (accounts.guess_limits)."""

    def clean_code(self) -> str:
        """Accept a code of the person's app, or one of their recovery codes."""
        if not guess_limits.may_guess(context.request, self.user):
            raise get_mfa_adapter().validation_error("too_many_guesses")
        code: str = self.cleaned_data["code"]
        typed = Authenticator.objects.filter(user=self.user)
        for authenticator in typed.exclude(type=Authenticator.Type.WEBAUTHN):
            if authenticator.wrap().validate_code(code):
                authenticator.user = self.user
                self.authenticator = authenticator
                guess_limits.guessed_right(context.request, self.user)
                return code
        raise get_mfa_adapter().validation_error("incorrect_code")


class CodeForm(_CountedGuesses, their_codes.AuthenticateForm):
    """The code that ends signing in."""


class ConfirmCodeForm(_CountedGuesses, their_codes.ReauthenticateForm):
    """The code that confirms it is still you."""


class _UncountedPasskey(their_passkeys.AuthenticateWebAuthnForm):
    """A passkey: there is nothing to guess, so nobody can use up the owner's tries."""

    def clean_credential(self) -> Authenticator:
        """Accept what one of the person's own passkeys has signed."""
        credential = self.cleaned_data["credential"]
        webauthn.parse_authentication_response(credential)
        return webauthn.complete_authentication(self.user, credential)


class PasskeyForm(_UncountedPasskey):
    """The passkey that ends signing in."""


class ConfirmPasskeyForm(_UncountedPasskey, their_passkeys.ReauthenticateWebAuthnForm):
    """The passkey that confirms it is still you."""


class AddPasskeyForm(their_passkeys.AddWebAuthnForm):
    """A new passkey; unless told otherwise it signs in by itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, alone = self.fields["name"], self.fields["passwordless"]
        name.label = "What do you call this device?"
        name.max_length = 60
        name.help_text = "So that you can tell your passkeys apart later."
        alone.label = "Sign in with it alone, without my password"
        alone.initial = True
        alone.help_text = "It asks for your fingerprint, face or PIN. Some older keys cannot."

    def clean_name(self) -> str:
        """Keep the name short enough to be shown."""
        return str(super().clean_name())[:60]


# --- New passwords --------------------------------------------------------------------------------


class ResetPasswordForm(TheirResetPasswordForm):
    """Asks for a new password; the mail is promised alike whether or not we know the address."""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Promise the mail."""
        address: str = self.cleaned_data["email"]
        sign_in_mail.promise_password_reset(
            address=address.lower(),
            people=sorted(person.pk for person in self.users),
            site=f"{request.scheme}://{request.get_host()}",
            at=clock.now(),
        )
        return address


class UserTokenForm(TheirUserTokenForm):
    """The link of such a mail: it opens nothing for somebody suspended meanwhile."""

    def _get_user(self, uidb36: str) -> User | None:
        person: User | None = super()._get_user(uidb36)
        return person if person is not None and person.is_active else None


# --- Decisions about somebody's sign-in -----------------------------------------------------------


class ReasonForm(GovukForm):
    """Why; it is kept in the audit log and shown to the person concerned."""

    reason = forms.CharField(
        label="Reason",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="They can read this. Write what happened, and nothing about a child.",
        error_messages={"required": "Say why in a few words"},
    )

    def clean_reason(self) -> str:
        """Refuse a child's identifier."""
        reason = str(self.cleaned_data["reason"]).strip()
        if any(finding.must_hold for finding in scan(reason)):
            raise forms.ValidationError("Take the number that identifies a child out of this.")
        return reason
