"""Forms of roles: the filters of the list, a grant, its end, handing one on, a proposal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from accounts.enums import Role
from accounts.forms.posts import checked
from accounts.models import Organisation
from accounts.permissions import Giving
from accounts.role_lists import SHOWN, RoleFilters
from accounts.role_words import WHAT_A_ROLE_OPENS
from core.date_fields import GovukDateField, GovukDateWidget
from core.forms import GovukForm

AREA = "area"


class RoleFilterForm(GovukForm):
    """Filters of the list of roles, all in the URL."""

    hide_optional = True

    role = forms.ChoiceField(
        label="Role", required=False, choices=[("", "All roles"), *Role.choices]
    )
    place = forms.ChoiceField(label="Where", required=False)
    show = forms.ChoiceField(label="Show", required=False, choices=list(SHOWN.items()))

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Everywhere"), (AREA, "The whole local area"), *places]

    def filters(self) -> RoleFilters:
        """Return what was asked; an answer that is not offered is no filter."""
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        return RoleFilters(
            role=data.get("role", ""), place=data.get("place", ""), show=data.get("show", "")
        )


class _Reasoned(GovukForm):
    """A form that asks why, in words that name no child."""

    reason = forms.CharField(
        label="Why",
        max_length=200,
        help_text="One line, for whoever looks this up later. Never name a child.",
        error_messages={"required": "Say why in a few words"},
    )

    def clean_reason(self) -> str:
        """Refuse a child's number in what auditors read."""
        return checked(self.cleaned_data["reason"])


class GrantForm(_Reasoned):
    """A role for one person: which, where, from when and until when."""

    fieldsets = [("", ["role", "place", "starts_on", "ends_on", "reason"])]

    role = forms.ChoiceField(
        label="Which role?",
        widget=forms.RadioSelect(attrs={"hints": WHAT_A_ROLE_OPENS}),
        error_messages={"required": "Choose the role"},
    )
    place = forms.ChoiceField(
        label="Where?",
        help_text="A role in a setting or team covers the teams below it too.",
        error_messages={"required": "Choose where"},
    )
    starts_on = GovukDateField(label="First day")
    ends_on = GovukDateField(
        label="Last day", required=False, help_text="Leave it empty if the role has no end yet."
    )

    def __init__(
        self,
        *args: Any,
        givings: list[Giving],
        organisations: list[Organisation],
        on: dt.date,
        **kwargs: Any,
    ) -> None:
        offered = [choice for choice in Role.choices if any(choice[0] in g.roles for g in givings)]
        initial: dict[str, Any] = {"starts_on": on} | kwargs.pop("initial", {})
        if len(offered) == 1:
            initial["role"] = offered[0][0]
        self.organisations = {str(place.pk): place for place in organisations}
        if len(organisations) == 1:
            initial.setdefault("place", str(organisations[0].pk))
        super().__init__(*args, initial=initial, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["role"].choices = offered
        over_all = any(giving.organisation_ids is None for giving in givings)
        fields["place"].choices = [
            ("", "Choose"),
            *([(AREA, "The whole local area")] if over_all else []),
            *((key, place.name) for key, place in self.organisations.items()),
        ]

    def organisation(self) -> Organisation | None:
        """Return the organisation chosen; None is the whole area."""
        return self.organisations.get(self.cleaned_data["place"])


class EndForm(_Reasoned):
    """The last day of a role."""

    TODAY, NOW, DAY = "today", "now", "day"

    fieldsets = [("", ["when", "last_day", "reason"])]

    when = forms.ChoiceField(
        label="When does it end?",
        choices=[
            (TODAY, "At the end of today"),
            (NOW, "At once"),
            (DAY, "On another day"),
        ],
        widget=forms.RadioSelect,
        initial=TODAY,
    )
    last_day = GovukDateField(
        label="Last day",
        required=False,
        widget=GovukDateWidget(attrs={"show_when": f"when={DAY}"}),
    )

    def __init__(self, *args: Any, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on

    def clean(self) -> dict[str, Any]:
        """Ask for the day where one is meant."""
        data = super().clean() or {}
        asked = data.get("when") == self.DAY and "last_day" not in self.errors
        if asked and not data.get("last_day"):
            self.add_error("last_day", "Enter the last day")
        return data

    def ends_on(self) -> dt.date:
        """Return the last day; the day before today ends the role at once."""
        when = self.cleaned_data["when"]
        if when == self.DAY:
            day: dt.date = self.cleaned_data["last_day"]
            return day
        return self.on if when == self.TODAY else self.on - dt.timedelta(days=1)


class DelegateForm(_Reasoned):
    """A role handed on: for which part of its scope, from when to when."""

    fieldsets = [("", ["place", "starts_on", "ends_on", "reason"])]

    place = forms.ChoiceField(label="For which part?")
    starts_on = GovukDateField(label="First day")
    ends_on = GovukDateField(
        label="Last day",
        help_text="12 months at most. You can end it earlier, and so can your colleague.",
    )

    def __init__(
        self, *args: Any, whole: str, organisations: list[Organisation], on: dt.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, initial={"starts_on": on, "place": AREA}, **kwargs)
        self.organisations = {str(place.pk): place for place in organisations}
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (AREA, whole),
            *((key, f"Only {place.name}") for key, place in self.organisations.items()),
        ]
        if not organisations:
            field.widget = forms.HiddenInput()

    def organisation(self) -> Organisation | None:
        """Return the narrower scope chosen; None is all of the role's."""
        return self.organisations.get(self.cleaned_data["place"])


class ProposalForm(_Reasoned):
    """A system administrator proposed: from when, until when and why."""

    fieldsets = [("", ["starts_on", "ends_on", "reason"])]

    starts_on = GovukDateField(label="First day")
    ends_on = GovukDateField(
        label="Last day", required=False, help_text="Leave it empty if the role has no end yet."
    )

    def __init__(self, *args: Any, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"starts_on": on}, **kwargs)
