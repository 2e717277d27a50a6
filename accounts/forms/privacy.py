"""Input about personal data: a decision with its words, a hold, a period."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from accounts.models import LocalArea, User
from accounts.privacy.holds import in_area
from accounts.privacy.retention import MOST_MONTHS
from core.forms import GovukForm
from core.pupil_identifiers import scan


def _without_identifiers(text: str) -> str:
    if any(finding.must_hold for finding in scan(text)):
        raise ValidationError("Leave out numbers that identify a child, such as a UPN.")
    return text


class AskForErasureForm(GovukForm):
    """One's own request."""

    understood = forms.BooleanField(
        label="I have read what is erased and what stays",
        error_messages={"required": "Tick the box to say that you have read it"},
    )


class DecideForm(GovukForm):
    """What the data protection officer decides, and tells the person."""

    approve = forms.ChoiceField(
        label="What do you decide?",
        choices=[("yes", "Approve the erasure"), ("no", "Refuse it")],
        widget=forms.RadioSelect(
            attrs={
                "hints": {
                    "yes": "A system administrator carries it out. You cannot do that yourself.",
                    "no": "The person reads your words, and how to complain.",
                }
            }
        ),
        error_messages={"required": "Choose whether to approve or refuse"},
    )
    decision = forms.CharField(
        label="What do you tell them?",
        max_length=500,
        widget=forms.Textarea,
        help_text="They read this on their data page and by email. Do not mention a legal hold.",
        error_messages={"required": "Write what you tell the person"},
    )

    def clean_decision(self) -> str:
        """Refuse identifiers of children, and words that give a hold away."""
        text = _without_identifiers(self.cleaned_data["decision"])
        if "legal hold" in text.lower():
            raise ValidationError(
                "Do not mention a legal hold. You can write: we must keep some records at present."
            )
        return text


class SomebodyForm(GovukForm):
    """One person of the area, by what identifies them exactly."""

    who = forms.CharField(
        label="Who asked?",
        max_length=254,
        help_text="Their whole email address, sign-in name or reference. Names are not searched.",
        error_messages={"required": "Enter an email address, a sign-in name or a reference"},
    )

    def __init__(self, *args: Any, local_area: LocalArea, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.local_area = local_area

    def clean_who(self) -> User:
        """Find the one person of the area it names."""
        text = self.cleaned_data["who"].strip()
        asked = (
            Q(email__iexact=text) | Q(sign_in_name__iexact=text) | Q(personal_email__iexact=text)
        )
        with suppress(ValueError):
            asked |= Q(public_id=UUID(text))
        person = in_area(self.local_area).filter(asked).distinct().first()
        if person is None:
            raise ValidationError("Nobody in this local area has this address or reference.")
        return person


class PlaceHoldForm(SomebodyForm):
    """Whom a hold is about, and on what basis."""

    basis = forms.CharField(
        label="On what basis?",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="Such as the reference of a claim or an investigation.",
        error_messages={"required": "Enter the basis of the hold"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].label = "Whose records are to be kept?"

    def clean_basis(self) -> str:
        """Refuse identifiers of children."""
        return _without_identifiers(self.cleaned_data["basis"])


class PeriodForm(GovukForm):
    """This installation's own figure for one kind of record."""

    months = forms.IntegerField(
        label="How long is it kept?",
        min_value=1,
        max_value=MOST_MONTHS,
        widget=forms.TextInput(attrs={"width": 4, "suffix": "months", "inputmode": "numeric"}),
        error_messages={
            "required": "Enter a number of months",
            "invalid": "Enter a number of months, such as 24",
        },
    )
    reason = forms.CharField(
        label="Why this long?",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="Such as your council's retention schedule and its line.",
        error_messages={"required": "Enter why it is kept this long"},
    )

    def clean_reason(self) -> str:
        """Refuse identifiers of children."""
        return _without_identifiers(self.cleaned_data["reason"])
