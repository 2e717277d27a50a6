"""Joining: the card's name and code, and the password that follows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from accounts.models import User
from core.forms import GovukForm

_NAME_LENGTH = 60
# Twelve signs in three groups; spaces and dashes as people type them.
_CODE_LENGTH = 30
_PASSWORD_LENGTH = 128


class ClaimForm(GovukForm):
    """What is printed on the card."""

    sign_in_name = forms.CharField(
        label="Sign-in name",
        max_length=_NAME_LENGTH,
        help_text="As printed on your card, for example tom.akinwale",
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username",
                "autocapitalize": "none",
                "spellcheck": "false",
                "width": 20,
            }
        ),
    )
    code = forms.CharField(
        label="Code",
        max_length=_CODE_LENGTH,
        help_text="12 letters and numbers. Capitals, spaces and dashes do not matter.",
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "width": 20,
            }
        ),
    )


class ChoosePasswordForm(GovukForm):
    """A first password, twice, by the rules every password here follows."""

    password1 = forms.CharField(
        label="Password",
        max_length=_PASSWORD_LENGTH,
        strip=False,
        help_text="At least 12 characters: three or four words you will remember are best. "
        "Not your name, and not a password that is known from elsewhere.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="Password again",
        max_length=_PASSWORD_LENGTH,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password1(self) -> str:
        """Refuse what is short, common or like the person's own name."""
        password = str(self.cleaned_data["password1"])
        validate_password(password, self.person)
        return password

    def clean(self) -> dict[str, Any]:
        """Refuse two that differ."""
        cleaned = super().clean() or self.cleaned_data
        first, again = cleaned.get("password1"), cleaned.get("password2")
        if first and again and first != again:
            self.add_error("password2", "The two passwords differ. Type the same one twice.")
        return cleaned
