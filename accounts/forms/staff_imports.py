"""Forms of a staff import: the list itself, what unknown titles mean, and the decision."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.enums import ImportMode, JobRole
from accounts.models import Organisation
from accounts.staffing.reading import MAX_BYTES
from core.forms import GovukForm

ALL_SETTINGS = "all"
_FILE, _PASTE = "file", "paste"
_JOB_ROLES = sorted(JobRole.choices, key=lambda choice: str(choice[1]))


class StaffListForm(GovukForm):
    """Whose list it is, what absence from it means, and the list: a file or pasted rows."""

    hide_optional = True

    setting = forms.ChoiceField(label="Whose list is it?")
    mode = forms.ChoiceField(
        label="What does the list hold?",
        choices=[
            (ImportMode.CHANGES, "Changes only"),
            (ImportMode.FULL, "The full list of staff"),
        ],
        widget=forms.RadioSelect(
            attrs={
                "hints": {
                    ImportMode.CHANGES: "Nobody leaves because they are not in it. Choose this if "
                    "you are not sure.",
                    ImportMode.FULL: "Whoever is employed here and not in the list has left. "
                    "Governors, volunteers and people who work for somebody else stay.",
                }
            }
        ),
    )
    how = forms.ChoiceField(
        label="How do you bring it?",
        choices=[(_FILE, "A file"), (_PASTE, "Rows copied from a spreadsheet")],
        initial=_FILE,
        widget=forms.RadioSelect(attrs={"inline": True}),
    )
    file = forms.FileField(
        label="File",
        required=False,
        help_text="CSV, up to 12 MB. In Excel choose Save a copy, then CSV UTF-8: an Excel "
        "workbook itself cannot be read.",
        widget=forms.ClearableFileInput(
            attrs={"accept": ".csv,.tsv,.txt,text/csv,text/plain", "show_when": f"how={_FILE}"}
        ),
    )
    rows = forms.CharField(
        label="Rows",
        required=False,
        strip=False,
        help_text="Copy them with their headings and paste them here.",
        widget=forms.Textarea(
            attrs={"rows": 8, "spellcheck": "false", "show_when": f"how={_PASTE}"}
        ),
    )

    def __init__(
        self,
        *args: Any,
        organisations: list[Organisation],
        whole_area: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._by_key = {str(place.pk): place for place in organisations}
        field = self.fields["setting"]
        assert isinstance(field, forms.ChoiceField)
        choices = [(key, place.name) for key, place in self._by_key.items()]
        if whole_area:
            choices.insert(
                0, (ALL_SETTINGS, f"Several settings of {whole_area}: the list says which")
            )
        field.choices = choices if len(choices) == 1 else [("", "Choose"), *choices]
        if len(choices) == 1:
            field.widget = forms.HiddenInput()
            self.initial["setting"] = choices[0][0]

    def clean(self) -> dict[str, Any]:
        """Ask for the file or the rows, as was chosen."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("how") == _FILE and "file" not in self.errors:
            if not data.get("file"):
                self.add_error("file", "Choose a file")
            elif data["file"].size > MAX_BYTES:
                self.add_error("file", "The file is larger than 12 MB. Import it in parts.")
        if data.get("how") == _PASTE and not (data.get("rows") or "").strip():
            self.add_error("rows", "Paste the rows of your spreadsheet, with their headings")
        return data

    def organisation(self) -> Organisation | None:
        """Return the employer chosen, or None for a list that names employers."""
        return self._by_key.get(self.cleaned_data["setting"])

    def content(self) -> tuple[bytes | str, str]:
        """Return what was sent, and the name it came by."""
        if self.cleaned_data["how"] == _PASTE:
            return self.cleaned_data["rows"], "Pasted rows"
        file = self.cleaned_data["file"]
        return file.read(), file.name

    def refuse(self, message: str) -> None:
        """Say at the list itself why it cannot be read."""
        self.add_error("rows" if self.cleaned_data["how"] == _PASTE else "file", message)


class TitlesForm(GovukForm):
    """What each title Waymark does not know means here."""

    def __init__(self, *args: Any, unknown: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._titles: dict[str, str] = {}
        for number, row in enumerate(unknown):
            people = "1 row" if row["count"] == 1 else f"{row['count']} rows"
            self._titles[f"title_{number}"] = row["title"]
            self.fields[f"title_{number}"] = forms.ChoiceField(
                label=row["title"],
                required=False,
                help_text=people,
                choices=[("", "Choose a job role"), *_JOB_ROLES],
            )

    hide_optional = True

    def titles(self) -> dict[str, str]:
        """Return the roles chosen, by title."""
        return {
            title: self.cleaned_data[name]
            for name, title in self._titles.items()
            if self.cleaned_data.get(name)
        }


class CommitForm(GovukForm):
    """The decision, with what it takes: rows left out on purpose, a number typed."""

    show_error_summary = False

    def __init__(
        self, *args: Any, right: int, errors: int, ending: int | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if errors:
            rows = "the correct row" if right == 1 else f"the {right:,} correct rows"
            words = f"Import {rows} and leave {errors:,} out"
            self.fields["leave_out"] = forms.BooleanField(
                label=words,
                error_messages={
                    "required": f"Tick “{words}”, or mend the list and choose it again"
                },
            )
        if ending is not None:
            self.fields["ending"] = forms.IntegerField(
                label="How many posts will end?",
                help_text="More than 5 in 100 posts of an employer would end. Type the number to "
                "say that you mean it.",
                widget=forms.TextInput(
                    attrs={"inputmode": "numeric", "width": 4, "autocomplete": "off"}
                ),
                error_messages={
                    "required": "Type how many posts will end",
                    "invalid": "Type the number of posts in figures",
                },
            )
