"""Forms of clusters: name and lead, settings that join, the day one leaves."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from accounts.forms.posts import checked
from accounts.models import Cluster, LocalArea, Organisation
from accounts.selectors.directory import OPEN
from core.forms import GovukForm


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


class JoinForm(GovukForm):
    """Settings that join a cluster on a day."""

    organisations = forms.ModelMultipleChoiceField(
        label="Settings",
        queryset=Organisation.objects.none(),
        help_text="Choose one or more. Hold Ctrl (or Command) to choose several.",
        widget=forms.SelectMultiple(attrs={"size": 10, "class": "govuk-select"}),
        error_messages={"required": "Choose at least one setting"},
    )
    starts_on = forms.DateField(label="From")

    def __init__(self, *args: Any, cluster: Cluster, on: dt.date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"starts_on": on})
        super().__init__(*args, **kwargs)
        field = self.fields["organisations"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = (
            Organisation.objects.filter(local_area=cluster.local_area_id, status__in=OPEN)
            .exclude(pk__in=cluster.memberships.filter(ends_on__isnull=True).values("organisation"))
            .order_by("name", "pk")
        )


class LeaveForm(GovukForm):
    """The last day."""

    ends_on = forms.DateField(label="Last day")
