"""Finding two accounts, and saying which of them stays."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import User
from core.forms import GovukForm

CONFIRMATION = "merge"


class FindAccountsForm(GovukForm):
    """The search, in the URL."""

    hide_optional = True

    q = forms.CharField(
        label="Name, email address or staff number",
        required=False,
        max_length=120,
    )


class MergeForm(GovukForm):
    """Which account stays, and that one means it."""

    kept = forms.ChoiceField(
        label="Which account do they keep?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the account they keep"},
    )
    confirmation = forms.CharField(
        label=f"Type “{CONFIRMATION}” to confirm",
        max_length=20,
        error_messages={"required": f"Type the word {CONFIRMATION}"},
        widget=forms.TextInput(attrs={"width": 10, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, accounts: list[tuple[User, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kept"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (str(person.public_id), f"Account {letter}: {person.get_full_name()}")
            for (person, _), letter in zip(accounts, "AB", strict=True)
        ]
        field.widget.attrs["hints"] = {str(person.public_id): hint for person, hint in accounts}

    def clean_confirmation(self) -> str:
        """Insist on the word."""
        typed = str(self.cleaned_data["confirmation"]).strip().lower()
        if typed != CONFIRMATION:
            raise forms.ValidationError(f"Type the word {CONFIRMATION}")
        return typed
