"""The filter of the audit log, and the form that opens a person's record."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.audit import wording
from accounts.models import LocalArea
from accounts.selectors.audit_log import (
    MOST_MATCHES,
    LogFilters,
    organisations_named,
    people_named,
)
from core.forms import GovukDateField, GovukForm

_MANY = f"More than {MOST_MATCHES} match. Type more of the name."


class AuditFilterForm(GovukForm):
    """The filter of the log, in the URL; `kinds` are the verbs there are, with their records."""

    hide_optional = True

    since = GovukDateField(label="From", required=False)
    until = GovukDateField(label="To", required=False)
    what = forms.ChoiceField(label="What was done", required=False)
    record = forms.ChoiceField(label="Kind of record", required=False)
    by = forms.CharField(
        label="Who did it",
        required=False,
        max_length=120,
        help_text="A name, or an exact email address",
    )
    about = forms.CharField(
        label="About whom",
        required=False,
        max_length=120,
        help_text="A name, or an exact email address",
    )
    place = forms.CharField(
        label="Setting or team", required=False, max_length=120, help_text="A part of its name"
    )
    number = forms.CharField(
        label="Number of the record",
        required=False,
        max_length=64,
        help_text="As it stands beside its kind",
    )

    def __init__(
        self, *args: Any, kinds: list[tuple[str, str]], local_area: LocalArea, **kwargs: Any
    ) -> None:
        self.verbs = [verb for verb, _ in kinds]
        self.local_area = local_area
        super().__init__(*args, **kwargs)
        self._offer("what", [("", "Everything"), *self._kinds_of_event()])
        records = sorted(
            {(kind, wording.kind_in_words(kind)) for _, kind in kinds if kind},
            key=lambda item: item[1],
        )
        self._offer("record", [("", "Any"), *records])

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _kinds_of_event(self) -> list[tuple[str, list[tuple[str, str]]]]:
        offered = []
        for key, label in wording.groups():
            inside = [verb for verb in self.verbs if wording.group_of(verb) == key]
            if inside:
                one_by_one = [(verb, wording.verb_in_words(verb)) for verb in inside]
                offered.append((label, [(key, f"{label}: all"), *one_by_one]))
        return offered

    def clean_by(self) -> str:
        """Look the person up."""
        self.actors = self._people(self.cleaned_data["by"])
        return str(self.cleaned_data["by"])

    def clean_about(self) -> str:
        """Look the person up."""
        self.subjects = self._people(self.cleaned_data["about"])
        return str(self.cleaned_data["about"])

    def clean_place(self) -> str:
        """Look the setting up."""
        text = str(self.cleaned_data["place"])
        self.organisations = None
        if text:
            found = organisations_named(text, self.local_area)
            if not found:
                raise ValidationError("No setting or team here has this in its name.")
            if len(found) > MOST_MATCHES:
                raise ValidationError(_MANY)
            self.organisations = tuple(found)
        return text

    def _people(self, text: str) -> tuple[Any, ...] | None:
        if not text:
            return None
        found = people_named(text, self.local_area)
        if not found:
            raise ValidationError("Nobody here has this name or email address.")
        if len(found) > MOST_MATCHES:
            raise ValidationError(_MANY)
        return tuple(found)

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order."""
        data = super().clean() or {}
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", "The last day is before the first.")
        return data

    def filters(self) -> LogFilters:
        """Return what is asked for; nothing matches where an answer is wrong."""
        if not self.is_bound:
            return LogFilters()
        if not self.is_valid():
            return LogFilters(verbs=())
        data = self.cleaned_data
        what = data["what"]
        inside = [verb for verb in self.verbs if what in (verb, wording.group_of(verb))]
        return LogFilters(
            since=data["since"],
            until=data["until"],
            verbs=tuple(inside) if what else None,
            actors=self.actors,
            subjects=self.subjects,
            organisations=self.organisations,
            object_type=data["record"],
            object_id=data["number"],
        )


class OpenRecordForm(GovukForm):
    """Whose record, why, and whether an investigation delays telling them."""

    fieldsets = [
        ("", ["whom", "reason"]),
        ("If an investigation asks for it", ["tell_on", "reference"]),
    ]

    whom = forms.CharField(
        label="Email address, staff number or id",
        max_length=254,
        help_text="Exactly as it is recorded. Nobody is found by a part of a name.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label="Why you need to see this record",
        max_length=300,
        help_text="The person reads this in their own account. Never name a child.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    tell_on = GovukDateField(
        label="Tell the person on",
        required=False,
        help_text="Leave this empty to tell them at once. It can be 90 days away at most.",
    )
    reference = forms.CharField(
        label="Reference of the investigation",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"width": 20}),
    )
