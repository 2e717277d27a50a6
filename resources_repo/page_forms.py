"""The editor's form of a resource: tags as tick lists, one for each vocabulary."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminPageForm

from resources_repo.enums import EducationPhase, Facet, GraduatedStage, Need, Theme, Tier

FIELD_OF_FACET = {
    Facet.NEED: "needs",
    Facet.THEME: "themes",
    Facet.PHASE: "phases",
    Facet.TIER: "tiers",
    Facet.STAGE: "stages",
}


def _ticks(choices: Any, *, required: bool = False) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        choices=choices, required=required, widget=forms.CheckboxSelectMultiple
    )


class ResourcePageForm(WagtailAdminPageForm):
    """Reads the tags from the page and writes them back to its revision."""

    needs = _ticks(Need.choices)
    themes = _ticks(Theme.choices)
    phases = _ticks(EducationPhase.choices, required=True)
    tiers = _ticks(Tier.choices, required=True)
    stages = _ticks(GraduatedStage.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for facet, name in FIELD_OF_FACET.items():
            self.initial[name] = self.instance.values_of(facet)

    def save(self, commit: bool = True) -> Any:
        """Put the ticks on the page as tags."""
        self.instance.set_tags(
            **{facet.value: self.cleaned_data[name] for facet, name in FIELD_OF_FACET.items()}
        )
        return super().save(commit=commit)
