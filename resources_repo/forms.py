"""Input of resources_repo: submit, revise, decide, say that one used it."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.utils.html import escape, linebreaks

from core.forms import GovukForm
from networks.models import Network
from resources_repo.enums import (
    EducationPhase,
    Facet,
    GraduatedStage,
    Licence,
    Need,
    ResourceType,
    Theme,
    Tier,
)
from resources_repo.page_forms import FIELD_OF_FACET
from resources_repo.uploads import AcceptedFile, UnacceptableFile, judge_upload

_FILE_HINT = "Word, PowerPoint, Excel, PDF, OpenDocument, text or CSV; 10 MB at most"


def text_as_body(text: str) -> list[dict[str, Any]]:
    """Return plain text as StreamField data: one text block of paragraphs, or nothing."""
    if not text.strip():
        return []
    html = linebreaks(escape(text.strip()), autoescape=False)
    return [{"type": "text", "value": html}]


def _ticks(label: str, choices: Any, **kwargs: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, widget=forms.CheckboxSelectMultiple, **kwargs
    )


class _FileForm(GovukForm):
    file = forms.FileField(required=False, help_text=_FILE_HINT)
    looked_again = forms.BooleanField(
        required=False, label="I have looked again: this does not identify a child"
    )

    def __init__(self, *args: Any, ask_again: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accepted: AcceptedFile | None = None
        if not ask_again and "looked_again" not in (args[0] if args and args[0] else {}):
            del self.fields["looked_again"]

    def clean_file(self) -> Any:
        """Judge the file; `accepted` holds it afterwards."""
        upload = self.cleaned_data.get("file")
        if upload:
            try:
                self.accepted = judge_upload(upload)
            except UnacceptableFile as error:
                raise forms.ValidationError(str(error)) from error
        return upload

    @property
    def sha256(self) -> str:
        """The digest of the accepted file, or nothing."""
        return hashlib.sha256(self.accepted.content).hexdigest() if self.accepted else ""


class SubmitForm(_FileForm):
    """Share a resource."""

    title = forms.CharField(max_length=120)
    summary = forms.CharField(
        label="What is it for?",
        max_length=260,
        help_text="Two lines: who uses it, and for what. This is shown in search results.",
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    resource_type = forms.ChoiceField(
        label="What kind of thing is it?", choices=[("", "Choose"), *ResourceType.choices]
    )
    needs = _ticks(
        "Which needs is it for?",
        Need.choices,
        required=False,
        help_text="Leave empty if it is for any need",
    )
    themes = _ticks("Is it about one of these?", Theme.choices, required=False)
    phases = _ticks("Which phases?", EducationPhase.choices)
    tiers = _ticks("Which tier of support?", Tier.choices)
    stages = _ticks(
        "Which stage of the graduated approach?", GraduatedStage.choices, required=False
    )
    text = forms.CharField(
        label="The text itself",
        required=False,
        max_length=8000,
        help_text="If there is no file, or to say how to use it",
        widget=forms.Textarea(attrs={"rows": "8"}),
    )
    network = forms.ModelChoiceField(
        label="Which network keeps it fresh?",
        queryset=Network.objects.none(),
        required=False,
        empty_label="None of mine",
    )
    licence = forms.ChoiceField(
        label="How may others use it?", choices=Licence.choices, widget=forms.RadioSelect
    )
    no_pupil_data = forms.BooleanField(
        label="It holds no information about any child: no names, numbers, initials or pictures"
    )
    seen_similar = forms.BooleanField(
        required=False, label="I have looked at these. Mine is different"
    )
    fieldsets = [
        ("What it is", ["title", "summary", "resource_type", "file", "text"]),
        ("Who it is for", ["phases", "needs", "themes", "tiers", "stages"]),
        (
            "Before you share it",
            ["network", "licence", "no_pupil_data", "looked_again", "seen_similar"],
        ),
    ]

    def __init__(self, *args: Any, networks: Any, ask_similar: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["network"].queryset = networks  # type: ignore[attr-defined]
        if not ask_similar and "seen_similar" not in (args[0] if args and args[0] else {}):
            del self.fields["seen_similar"]

    def clean(self) -> dict[str, Any]:
        """Ask for a file or a text."""
        data = super().clean() or {}
        if not data.get("file") and not data.get("text") and "file" not in self.errors:
            self.add_error("file", "Choose a file, or write the text below")
        return data

    def tags(self) -> dict[str, list[str]]:
        """Return the ticks by facet."""
        return {
            facet.value: self.cleaned_data[name]
            for facet, name in FIELD_OF_FACET.items()
            if facet != Facet.AREA
        }


class VersionForm(_FileForm):
    """Propose a new version, or answer a reviewer."""

    change_note = forms.CharField(
        label="What has changed?", max_length=300, help_text="Readers see this beside the version"
    )
    summary = forms.CharField(
        label="What is it for?", max_length=260, widget=forms.Textarea(attrs={"rows": "3"})
    )
    field_order = ["change_note", "file", "summary", "looked_again"]


class DecisionForm(GovukForm):
    """Approve or return a submission."""

    decision = forms.ChoiceField(
        label="What happens to it?",
        choices=[("approve", "Publish it"), ("return", "Return it with a comment")],
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        required=False,
        max_length=1000,
        label="Comment to the author",
        help_text="Needed when you return it: what should change",
        widget=forms.Textarea(attrs={"rows": "5"}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a comment with a return."""
        data = super().clean() or {}
        if data.get("decision") == "return" and not data.get("comment", "").strip():
            self.add_error("comment", "Write what should change, so that the author knows")
        return data
