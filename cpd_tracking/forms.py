"""The shape of what people send: grid filters, and the session recorded for many."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings

from accounts.enums import JobRole
from accounts.models import LocalArea, Organisation, Post
from core.date_fields import GovukDateField
from core.forms import GovukForm
from core.pupil_identifiers import scan
from core.scanning import refusal
from courses.selectors.learning import courses_in_area
from cpd_tracking.enums import RecordKind
from cpd_tracking.models import Topic, TrainingRequirement
from cpd_tracking.selectors.grid import STATUS_FILTERS, GridFilters
from cpd_tracking.selectors.setting import shown_by_evidence_only

MAX_SHEET_BYTES = 5 * 1024 * 1024
SHEET_TYPES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


class GridFilterForm(GovukForm):
    """Filters of the team grid, all in the URL."""

    hide_optional = True

    q = forms.CharField(label="Name", required=False, max_length=60)
    status = forms.ChoiceField(label="Status", required=False)
    requirement = forms.ChoiceField(label="Requirement", required=False)
    job_role = forms.ChoiceField(label="Role", required=False)
    organisation = forms.ChoiceField(label="Setting or team", required=False)

    def __init__(
        self,
        *args: Any,
        requirements: list[TrainingRequirement],
        job_roles: list[str],
        organisations: list[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["status"].choices = [
            ("", "All"),
            *((key, label) for key, (label, _) in STATUS_FILTERS.items()),
        ]
        fields["requirement"].choices = [
            ("", "All"),
            *((item.key, item.title) for item in requirements),
        ]
        fields["job_role"].choices = [
            ("", "All"),
            *sorted(((role, str(JobRole(role).label)) for role in job_roles), key=lambda x: x[1]),
        ]
        fields["organisation"].choices = [("", "All"), *organisations]
        if len(organisations) < 2:
            del self.fields["organisation"]

    def filters(self) -> GridFilters:
        """Return what was asked; an answer that is not offered is no filter."""
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        organisation = data.get("organisation")
        return GridFilters(
            q=data.get("q", ""),
            status=data.get("status", ""),
            requirement=data.get("requirement", ""),
            job_role=data.get("job_role", ""),
            organisation=int(organisation) if organisation else None,
        )


class SessionForm(GovukForm):
    """One session, and who was there: everyone is ticked, absentees are unticked."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    organisation = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="What took place",
        choices=[
            (RecordKind.SESSION, "A session"),
            (RecordKind.ACKNOWLEDGEMENT, "Everyone read and confirmed a document"),
        ],
        widget=forms.RadioSelect,
        initial=RecordKind.SESSION,
    )
    about = forms.ChoiceField(
        label="What it was about", error_messages={"required": "Choose what it was about"}
    )
    title = forms.CharField(
        label="Its title",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"show_when": "about=other"}),
    )
    held_on = GovukDateField(label="Date")
    hours = forms.DecimalField(
        label="How long",
        min_value=Decimal("0.25"),
        max_value=Decimal(12),
        decimal_places=2,
        help_text="In hours, for example 1.5",
        error_messages={
            "required": "Enter how long it lasted, in hours",
            "invalid": "How long must be a number of hours, such as 1.5",
        },
        widget=forms.TextInput(attrs={"width": 4, "suffix": "hours", "inputmode": "decimal"}),
    )
    led_by = forms.CharField(label="Who led it", required=False, max_length=120)
    sheet = forms.FileField(
        label="Sign-in sheet",
        required=False,
        help_text="A scan or photo: PDF, JPEG or PNG, 5 MB at most.",
    )
    present = forms.MultipleChoiceField(
        label="Who was there",
        widget=forms.CheckboxSelectMultiple(attrs={"small": True}),
        help_text="Everyone is ticked. Untick people who were absent.",
        error_messages={"required": "Tick at least one person who was there."},
    )

    fieldsets = [
        ("", ["kind", "about", "title", "held_on", "hours", "led_by", "sheet"]),
        ("", ["present"]),
    ]

    def __init__(
        self,
        *args: Any,
        local_area: LocalArea,
        organisation: Organisation,
        posts: list[Post],
        today: dt.date,
        **kwargs: Any,
    ) -> None:
        self.today = today
        initial = {
            "token": uuid.uuid4(),
            "organisation": organisation.pk,
            "kind": RecordKind.SESSION,
            "held_on": today,
            "present": [str(post.person_id) for post in posts],
        } | kwargs.pop("initial", {})
        super().__init__(*args, initial=initial, **kwargs)
        fields: dict[str, Any] = self.fields
        elsewhere = shown_by_evidence_only(local_area)
        self.courses = {
            f"course-{item.pk}": item
            for item in courses_in_area(local_area)
            if ("course", item.pk) not in elsewhere
        }
        self.topics = {
            f"topic-{item.pk}": item
            for item in Topic.objects.filter(local_area=local_area)
            if ("topic", item.pk) not in elsewhere
        }
        fields["about"].choices = [
            ("", "Choose"),
            ("Courses", [(key, item.title) for key, item in self.courses.items()]),
            ("Briefings and documents", [(k, item.title) for k, item in self.topics.items()]),
            ("Something else", [("other", "Something else")]),
        ]
        fields["present"].choices = [
            (str(post.person_id), f"{post.person.get_full_name()}, {_role(post)}") for post in posts
        ]

    def clean_held_on(self) -> dt.date:
        """Refuse a day that has not come."""
        day: dt.date = self.cleaned_data["held_on"]
        if day > self.today:
            raise forms.ValidationError("Date must be today or in the past")
        if day.year < 2000:
            raise forms.ValidationError("Date must be after 1 January 2000")
        return day

    def clean_sheet(self) -> Any:
        """Accept a small PDF, JPEG or PNG, judged by its first bytes and not by its name."""
        import filetype

        sheet = self.cleaned_data.get("sheet")
        if not sheet:
            return None
        if sheet.size > MAX_SHEET_BYTES:
            raise forms.ValidationError("The sign-in sheet must be smaller than 5 MB")
        kind = filetype.guess(sheet.read(4096))
        sheet.seek(0)
        if kind is None or kind.mime not in SHEET_TYPES:
            raise forms.ValidationError("The sign-in sheet must be a PDF, JPEG or PNG")
        refused = refusal(sheet, scanner=settings.SCANNER, address=settings.CLAMD_ADDRESS)
        if refused:
            raise forms.ValidationError(refused)
        sheet.name = f"{uuid.uuid4()}.{SHEET_TYPES[kind.mime]}"
        return sheet

    def clean(self) -> dict[str, Any]:
        """Ask for a title where it was about something else; hold what identifies a child."""
        data = super().clean() or {}
        for name in ("title", "led_by"):
            if any(finding.must_hold for finding in scan(data.get(name) or "")):
                self.add_error(name, "Remove the pupil or NHS number. Never name a child here")
        if data.get("about") == "other" and not data.get("title", "").strip():
            self.add_error("title", "Enter its title")
        return data

    def subject(self) -> dict[str, Any]:
        """Return `course`, `topic` and `title` as the service takes them."""
        about = self.cleaned_data["about"]
        course, topic = self.courses.get(about), self.topics.get(about)
        title = course.title if course else topic.title if topic else self.cleaned_data["title"]
        return {"course": course, "topic": topic, "title": title.strip()}


def _role(post: Post) -> str:
    label = post.get_job_role_display()
    return label if label.isupper() else label[0].lower() + label[1:]
