"""Input of the impact room: what to show, and what to ask."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import LocalArea
from core.forms import GovukForm
from courses.models import Course
from impact.enums import Outcome, PupilGroup, SchoolGroup, Threshold
from impact.measures import MEASURES
from impact.models import Area, SchoolOutcome
from impact.models.outcome import academic_year
from impact.services.evaluation import Question


class TrendForm(GovukForm):
    """Choose a place and a measure."""

    hide_optional = True
    area = forms.ModelChoiceField(
        Area.objects.none(), to_field_name="code", label="Local authority", required=False
    )
    measure = forms.ChoiceField(
        choices=[(one.key, one.name) for one in MEASURES], label="Measure", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = Area.objects.authorities()  # type: ignore[attr-defined]
        self.fields["area"].empty_label = None  # type: ignore[attr-defined]


class CoverageForm(GovukForm):
    """Choose a course and a kind of setting."""

    hide_optional = True
    course = forms.ModelChoiceField(Course.objects.none(), label="Course", required=False)
    group = forms.ChoiceField(label="Kind of setting", required=False)

    def __init__(self, *args: Any, local_area: LocalArea, groups: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        courses = Course.objects.filter(local_area=local_area).order_by("title")
        self.fields["course"].queryset = courses  # type: ignore[attr-defined]
        self.fields["course"].empty_label = None  # type: ignore[attr-defined]
        choices = [("", "All settings"), *((name, name) for name in groups)]
        self.fields["group"].choices = choices  # type: ignore[attr-defined]


class SomeDisabled(forms.RadioSelect):
    """Radios of which some cannot be chosen; the field's hint says why."""

    disabled_choices: tuple[str, ...] = (PupilGroup.SEN_SUPPORT, PupilGroup.EHCP)

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Switch the option off if it cannot be chosen."""
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.disabled_choices:
            option["attrs"]["disabled"] = True
        return option


class QuestionForm(GovukForm):
    """Write a question before its figures are seen."""

    fieldsets = [
        ("The question", ["question", "reason"]),
        ("The training", ["course", "threshold"]),
        ("The outcome", ["outcome", "school_group", "pupil_group", "first_year", "last_year"]),
    ]
    question = forms.CharField(
        max_length=200,
        label="Your question",
        help_text="In words a head teacher would use. For example: Did primary schools with an "
        "ELSA suspend fewer pupils?",
    )
    reason = forms.CharField(
        max_length=1000,
        required=False,
        widget=forms.Textarea,
        label="Why you ask",
        help_text="What you expect and what you would do with the answer.",
    )
    course = forms.ModelChoiceField(Course.objects.none(), label="Course", empty_label="Choose")
    threshold = forms.ChoiceField(
        choices=Threshold.choices,
        widget=forms.RadioSelect,
        label="A school counts as trained when this many have done it",
    )
    outcome = forms.ChoiceField(
        choices=Outcome.choices, widget=forms.RadioSelect, label="What is counted"
    )
    school_group = forms.ChoiceField(
        choices=SchoolGroup.choices, widget=forms.RadioSelect, label="Schools"
    )
    pupil_group = forms.ChoiceField(
        choices=PupilGroup.choices,
        widget=SomeDisabled,
        label="Pupils",
        initial=PupilGroup.ALL,
        help_text="DfE publishes no figures by SEN provision for each school. Until the local "
        "area adds its own return, only all pupils can be chosen.",
    )
    first_year = forms.TypedChoiceField(coerce=int, label="First year")
    last_year = forms.TypedChoiceField(
        coerce=int,
        label="Last year",
        help_text="2019/20 and 2020/21 are always left out: schools were closed to most pupils.",
    )

    def __init__(self, *args: Any, local_area: LocalArea, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        courses = Course.objects.filter(local_area=local_area).order_by("title")
        self.fields["course"].queryset = courses  # type: ignore[attr-defined]
        years = sorted(
            set(SchoolOutcome.objects.in_area(local_area).values_list("year", flat=True))
        )
        choices = [(year, academic_year(year)) for year in years]
        for name, initial in (("first_year", years[:1]), ("last_year", years[-1:])):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            self.fields[name].initial = initial[0] if initial else None

    def asked(self) -> Question:
        """Return the cleaned input as the service takes it."""
        return Question(**self.cleaned_data)
