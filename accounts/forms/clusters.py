"""Forms of clusters: name and lead, settings that join, the day one leaves."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.enums import OrganisationKind
from accounts.forms.posts import checked
from accounts.models import Cluster, LocalArea, Organisation
from accounts.selectors.directory import OPEN
from core.forms import GovukForm

MOST_OFFERED = 40


class ClusterForm(GovukForm):
    """A cluster's name, and the setting that leads it."""

    name = forms.CharField(
        label="Name", max_length=120, help_text="For example, Harbour early years cluster"
    )
    lead = forms.ModelChoiceField(
        label="Led by",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="Nobody yet",
    )

    def __init__(
        self, *args: Any, local_area: LocalArea, cluster: Cluster | None = None, **kwargs: Any
    ) -> None:
        if cluster is not None:
            kwargs.setdefault("initial", {"name": cluster.name, "lead": cluster.lead_id})
        super().__init__(*args, **kwargs)
        field = self.fields["lead"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Organisation.objects.in_area(local_area).filter(status__in=OPEN)

    def clean_name(self) -> str:
        """Refuse a child's number in a name."""
        return checked(self.cleaned_data["name"])


class JoinFilterForm(GovukForm):
    """Which settings to choose from, in the URL."""

    hide_optional = True

    q = forms.CharField(label="Name", required=False, max_length=60)
    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "All kinds"), *OrganisationKind.choices]
    )
    ward = forms.ChoiceField(label="Ward", required=False)

    def __init__(self, *args: Any, wards: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ward"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "All wards"), *((ward, ward) for ward in wards)]

    def narrow(self, rows: QuerySet[Organisation]) -> QuerySet[Organisation]:
        """Keep what was asked for; an answer that is not offered is no filter."""
        self.is_valid()
        data = self.cleaned_data
        if data.get("q"):
            rows = rows.filter(name__icontains=data["q"])
        return rows.filter(**{name: data[name] for name in ("kind", "ward") if data.get(name)})


class JoinForm(GovukForm):
    """Settings that join a cluster on a day; at most MOST_OFFERED are offered at a time."""

    organisations = forms.ModelMultipleChoiceField(
        label="Settings",
        queryset=Organisation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one setting"},
    )
    starts_on = forms.DateField(label="From")

    def __init__(
        self, *args: Any, offered: QuerySet[Organisation], on: dt.date, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", {"starts_on": on})
        super().__init__(*args, **kwargs)
        field = self.fields["organisations"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = offered


def settings_to_join(cluster: Cluster) -> QuerySet[Organisation]:
    """Return the open organisations of the area that do not belong to the cluster."""
    return (
        Organisation.objects.filter(local_area=cluster.local_area_id, status__in=OPEN)
        .exclude(pk__in=cluster.memberships.filter(ends_on__isnull=True).values("organisation"))
        .order_by("name", "pk")
    )


class LeaveForm(GovukForm):
    """The last day."""

    ends_on = forms.DateField(label="Last day")
