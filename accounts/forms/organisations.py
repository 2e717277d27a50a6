"""Forms of organisations: the list's filters, an organisation by hand, closing, converting."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.enums import OrganisationKind, OrganisationStatus, Phase
from accounts.forms.posts import checked
from accounts.models import LocalArea, Organisation, SharingDecision
from accounts.selectors.directory import OPEN, ORDERS, DirectoryFilters
from accounts.services.directory import IN_A_TREE, KINDS_BY_HAND, Described
from accounts.services.sharing import possible_overseers
from core.forms import GovukForm, GovukModelForm
from core.pupil_identifiers import scan

_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}")


class DirectoryFilterForm(GovukForm):
    """Filters of the list of organisations, all in the URL."""

    hide_optional = True

    q = forms.CharField(label="Name or URN", required=False, max_length=60)
    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "All kinds"), *OrganisationKind.choices]
    )
    phase = forms.ChoiceField(
        label="Phase", required=False, choices=[("", "All phases"), *Phase.choices]
    )
    ward = forms.ChoiceField(label="Ward", required=False)
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "Open now"), *OrganisationStatus.choices, ("all", "Open or not")],
    )
    order_by = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, wards: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ward"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "All wards"), *((ward, ward) for ward in wards)]

    def filters(self) -> DirectoryFilters:
        """Return what was asked; an answer that is not offered is no filter."""
        self.is_valid()
        data = {name: value for name, value in self.cleaned_data.items() if value}
        if data.get("order_by", "").removeprefix("-") not in ORDERS:
            data.pop("order_by", None)
        return DirectoryFilters(**data)


class OrganisationForm(GovukForm):
    """What is said by hand of an organisation the register does not know."""

    name = forms.CharField(label="Name", max_length=200)
    kind = forms.ChoiceField(
        label="Kind",
        choices=[
            ("", "Choose"),
            *((kind, label) for kind, label in OrganisationKind.choices if kind in KINDS_BY_HAND),
        ],
        help_text="Schools come from the register of schools, by import.",
    )
    phase = forms.ChoiceField(
        label="Phase", choices=Phase.choices, initial=Phase.NOT_APPLICABLE, required=False
    )
    ward = forms.CharField(
        label="Ward",
        required=False,
        max_length=100,
        help_text="For a childminder the ward stands for the address.",
    )
    postcode = forms.CharField(
        label="Postcode",
        required=False,
        max_length=8,
        help_text="Leave it empty for a childminder: where they live is not kept.",
        widget=forms.TextInput(attrs={"width": 10}),
    )
    parent = forms.ModelChoiceField(
        label="Part of",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="Nothing: it is an employer of its own",
        help_text="For teams of a council or an NHS trust.",
    )

    def __init__(
        self,
        *args: Any,
        local_area: LocalArea,
        organisation: Organisation | None = None,
        **kwargs: Any,
    ) -> None:
        if organisation is not None:
            kwargs.setdefault(
                "initial",
                {
                    name: getattr(organisation, name)
                    for name in ("name", "kind", "phase", "ward", "postcode", "parent")
                },
            )
        super().__init__(*args, **kwargs)
        field = self.fields["parent"]
        assert isinstance(field, forms.ModelChoiceField)
        possible = Organisation.objects.in_area(local_area).filter(
            kind__in=IN_A_TREE, status__in=OPEN
        )
        field.queryset = possible.exclude(pk=organisation.pk) if organisation else possible

    def clean_name(self) -> str:
        """Refuse a child's number in a name."""
        return checked(self.cleaned_data["name"])

    def clean_ward(self) -> str:
        """Refuse a child's number, and an address where a ward belongs."""
        ward = checked(self.cleaned_data["ward"])
        if _POSTCODE.search(ward.upper()):
            raise forms.ValidationError("Enter the name of the ward, not an address")
        return ward

    def clean_postcode(self) -> str:
        """Write a postcode as it is written."""
        text = "".join(self.cleaned_data["postcode"].upper().split())
        if not text:
            return ""
        text = f"{text[:-3]} {text[-3:]}"
        if not _POSTCODE.fullmatch(text):
            raise forms.ValidationError("Enter a postcode, such as MD1 1AA")
        return text

    def described(self) -> Described:
        """Return what was said."""
        data = self.cleaned_data
        return Described(
            name=data["name"],
            kind=data["kind"],
            phase=data["phase"] or Phase.NOT_APPLICABLE,
            ward=data["ward"],
            postcode=data["postcode"],
            parent=data["parent"],
        )


class TrustForm(GovukForm):
    """Which trust an academy belongs to, where the register does not say."""

    trust = forms.ModelChoiceField(
        label="Trust",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="None",
        help_text="The next import of the register goes by what the register says.",
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, initial={"trust": organisation.trust_id}, **kwargs)
        field = self.fields["trust"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Organisation.objects.filter(
            local_area=organisation.local_area_id,
            kind=OrganisationKind.TRUST,
            status__in=OPEN,
        )


class CloseForm(GovukForm):
    """The last day of an organisation."""

    closed_on = forms.DateField(label="Last day", help_text="For example, 31 8 2026")


class ConvertForm(GovukForm):
    """The school that another became."""

    successor = forms.ModelChoiceField(
        label="Which school did it become?",
        queryset=Organisation.objects.none(),
        help_text="Schools that the register names as its successors come first.",
    )

    def __init__(
        self, *args: Any, open_schools: QuerySet[Organisation], first: list[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, initial={"successor": first[0] if first else None}, **kwargs)
        field = self.fields["successor"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = open_schools
        if first:
            named = [(pk, name) for pk, name in open_schools.values_list("pk", "name")]
            named.sort(key=lambda item: (item[0] not in first, item[1]))
            field.widget.choices = [("", "Choose"), *named]


class SharingForm(GovukModelForm):
    """A decision of an employer to share names."""

    class Meta:
        model = SharingDecision
        fields = ["overseer", "purpose", "starts_on", "ends_on"]
        labels = {
            "overseer": "Who will see names",
            "purpose": "What for",
            "starts_on": "First day",
            "ends_on": "Last day",
        }
        help_texts = {
            "purpose": "For example, planning training across the trust’s schools",
            "ends_on": "You can withdraw at any time before.",
        }
        widgets = {"purpose": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, employer: Organisation, on: dt.date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"starts_on": on, "overseer": employer.trust_id})
        super().__init__(*args, **kwargs)
        field = self.fields["overseer"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = possible_overseers(employer)

    def clean_purpose(self) -> str:
        """Refuse a child's number in the purpose."""
        purpose = self.cleaned_data["purpose"]
        if any(finding.must_hold for finding in scan(purpose)):
            raise forms.ValidationError("Remove the pupil or NHS number.")
        return purpose

    def _post_clean(self) -> None:
        """Leave the rules of the whole decision to the service, which says them in words."""
