"""The shape of what learners send: a quiz paper as a form."""

from __future__ import annotations

from typing import Any

from django import forms

from core.forms import GovukForm


class QuizForm(GovukForm):
    """One field a question, built from the face of a paper: nothing here tells right from wrong."""

    def __init__(self, *args: Any, face: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, question in enumerate(face, start=1):
            choices = [(option["id"], option["text"]) for option in question["options"]]
            label = f"{place}. {question['prompt']}"
            missing = {"required": f"Answer question {place}"}
            field: forms.Field
            if question["multiple"]:
                field = forms.MultipleChoiceField(
                    label=label,
                    choices=choices,
                    help_text="Choose all that apply.",
                    widget=forms.CheckboxSelectMultiple,
                    error_messages=missing,
                )
            else:
                field = forms.ChoiceField(
                    label=label, choices=choices, widget=forms.RadioSelect, error_messages=missing
                )
            self.fields[f"q-{question['id']}"] = field

    def answers(self) -> dict[str, list[str]]:
        """Return {question id: option ids} of a valid form."""
        return {
            name.removeprefix("q-"): value if isinstance(value, list) else [value]
            for name, value in self.cleaned_data.items()
        }
