"""Forms of one's own profile."""

from __future__ import annotations

from django import forms

from accounts.forms.posts import checked
from core.forms import GovukForm


class AddressForm(GovukForm):
    """One's own address."""

    address = forms.EmailField(
        label="Your own email address",
        max_length=254,
        help_text="One that stays yours when you leave, such as the one you use at home. Your "
        "employer does not see it.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class NameForm(GovukForm):
    """One's own name."""

    given_name = forms.CharField(
        label="Given name",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    family_name = forms.CharField(
        label="Family name",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )

    def clean_given_name(self) -> str:
        """Refuse a child's number in a name."""
        return checked(self.cleaned_data["given_name"])

    def clean_family_name(self) -> str:
        """Refuse a child's number in a name."""
        return checked(self.cleaned_data["family_name"])
