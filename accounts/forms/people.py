"""Forms of people: the filters of the list, a new person, a name put right."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.forms.posts import JOB_ROLES, POST_QUESTIONS, NewPostForm, checked
from accounts.models import Organisation
from accounts.people_list import SHOWN, PeopleFilters
from accounts.services.people import NewPerson
from core.forms import GovukForm

_YES, _NO = "yes", "no"


class PeopleFilterForm(GovukForm):
    """Filters of the list of people, all in the URL."""

    hide_optional = True

    setting = forms.ChoiceField(label="Setting or team", required=False)
    q = forms.CharField(label="Name or staff number", required=False, max_length=60)
    job_role = forms.ChoiceField(
        label="Job role", required=False, choices=[("", "All job roles"), *JOB_ROLES]
    )
    show = forms.ChoiceField(label="Show", required=False, choices=list(SHOWN.items()))

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["setting"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(place.pk), place.name) for place in organisations]
        if len(organisations) < 2:
            field.widget = forms.HiddenInput()

    def filters(self) -> PeopleFilters:
        """Return what was asked; an answer that is not offered is no filter."""
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        return PeopleFilters(
            q=data.get("q", ""), job_role=data.get("job_role", ""), show=data.get("show", "")
        )


class AddPersonForm(NewPostForm):
    """A new person with a post here, or a post for somebody who has an account."""

    fieldsets = [
        ("Who", ["given_name", "family_name", "has_email", "email", "staff_number"]),
        ("Their post", [name for name in POST_QUESTIONS if name != "staff_number"]),
    ]

    given_name = forms.CharField(
        label="Given name", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    family_name = forms.CharField(
        label="Family name", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    has_email = forms.ChoiceField(
        label="How will they sign in?",
        choices=[(_YES, "With an email address"), (_NO, "They have no email address")],
        widget=forms.RadioSelect(
            attrs={"hints": {_NO: "You can print a card with a sign-in name for them."}}
        ),
        initial=_YES,
    )
    email = forms.EmailField(
        label="Email address",
        max_length=254,
        error_messages={"required": "Enter their email address, or say that they have none"},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "show_when": "has_email=yes"}),
    )
    is_same_person = forms.BooleanField(required=False, widget=forms.HiddenInput)
    is_other_person = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("has_email") == _NO:
            self.fields["email"].required = False
            # The box is out of sight, whatever stands in it.
            self.fields["email"].validators = []

    def clean_given_name(self) -> str:
        """Refuse a child's number in a name."""
        return checked(self.cleaned_data["given_name"])

    def clean_family_name(self) -> str:
        """Refuse a child's number in a name."""
        return checked(self.cleaned_data["family_name"])

    def who(self) -> NewPerson:
        """Return the person the form describes."""
        data = self.cleaned_data
        email = data["email"].strip().lower() if data["has_email"] == _YES else ""
        return NewPerson(data["given_name"], data["family_name"], email)


class CorrectPersonForm(GovukForm):
    """Name and address of somebody who has not signed in yet."""

    given_name = forms.CharField(label="Given name", max_length=100)
    family_name = forms.CharField(label="Family name", max_length=100)
    email = forms.EmailField(
        label="Email address",
        required=False,
        max_length=254,
        help_text="An invitation that is open ends when the address changes. Send a new one.",
    )

    def clean_given_name(self) -> str:
        """Refuse a child's number in a name."""
        return checked(self.cleaned_data["given_name"])

    def clean_family_name(self) -> str:
        """Refuse a child's number in a name."""
        return checked(self.cleaned_data["family_name"])

    def who(self) -> NewPerson:
        """Return the person the form describes."""
        data = self.cleaned_data
        return NewPerson(data["given_name"], data["family_name"], data["email"].strip().lower())
