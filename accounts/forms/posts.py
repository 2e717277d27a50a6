"""Forms of posts: a new one, details put right, a change of job, the last day."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django import forms

from accounts.employers import lines_of
from accounts.enums import NON_EMPLOYMENT_ROLES, JobRole
from accounts.models import Organisation, Post, User
from accounts.querysets import in_force
from core.date_fields import GovukDateField
from core.forms import GovukForm
from core.pupil_identifiers import holds_upn, scan

JOB_ROLES = sorted(JobRole.choices, key=lambda choice: str(choice[1]))
POST_QUESTIONS = [
    "employment",
    "job_role",
    "title",
    "starts_on",
    "ends_on",
    "weekly_hours",
    "term_time_only",
    "line_manager",
    "handles_personal_data",
    "staff_number",
]
_EARLIEST = dt.date(1950, 1, 1)
_YES, _NO = "yes", "no"


def checked(text: str) -> str:
    """Return words without spaces around; refuse a pupil or NHS number, and line breaks."""
    if any(finding.must_hold for finding in scan(text)):
        raise forms.ValidationError("Remove the pupil or NHS number. This is about staff only.")
    return " ".join(text.split())


def plausible(day: dt.date, on: dt.date) -> dt.date:
    """Return the day; refuse years that can only be a slip of the keyboard."""
    if day < _EARLIEST or day > on + dt.timedelta(days=2 * 366):
        raise forms.ValidationError("Check the year: this day is too long ago or too far ahead")
    return day


class PostFields(GovukForm):
    """What every form about a post asks; line managers are offered from the viewer's scope."""

    title = forms.CharField(
        label="Job title",
        required=False,
        max_length=120,
        help_text="As on the contract, for example Teaching assistant, Year 4",
    )
    staff_number = forms.CharField(
        label="Staff number",
        required=False,
        max_length=40,
        help_text="From your payroll or staff list. It keeps the next import from adding somebody "
        "twice.",
        widget=forms.TextInput(attrs={"width": 10, "autocomplete": "off"}),
    )
    weekly_hours = forms.DecimalField(
        label="Hours a week",
        required=False,
        min_value=Decimal("0.5"),
        max_value=Decimal(99),
        max_digits=4,
        decimal_places=1,
        error_messages={"invalid": "Hours a week must be a number, such as 27.5"},
        widget=forms.TextInput(attrs={"width": 4, "inputmode": "decimal", "suffix": "hours"}),
    )
    term_time_only = forms.BooleanField(label="Works in term time only", required=False)
    line_manager = forms.ModelChoiceField(
        label="Line manager", queryset=User.objects.none(), required=False, empty_label="Nobody"
    )

    def __init__(
        self,
        *args: Any,
        viewer: User,
        organisation: Organisation,
        on: dt.date,
        holder: User | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.on, self.organisation = on, organisation
        managers = line_managers(viewer, organisation, on)
        field = self.fields["line_manager"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = managers.exclude(pk=holder.pk) if holder else managers
        field.label_from_instance = _by_family_name  # type: ignore[method-assign, assignment]

    def clean_title(self) -> str:
        """Refuse a child's number in what everybody here reads."""
        return checked(self.cleaned_data["title"])

    def clean_staff_number(self) -> str:
        """Take away spaces around, which no payroll means; refuse a child's number."""
        number = str(self.cleaned_data["staff_number"]).strip()
        if holds_upn(number):
            raise forms.ValidationError(
                "This looks like a pupil’s number, not a member of staff’s."
            )
        return number


def line_managers(viewer: User, organisation: Organisation, on: dt.date) -> Any:
    """Return who can be a line manager of a post there, as far as the viewer sees them by name."""
    there = Post.objects.filter(in_force(on), organisation__in=lines_of(organisation))
    return (
        User.objects.visible_to(viewer, on)
        .filter(pk__in=there.order_by().values("person"))
        .order_by("family_name", "given_name", "pk")
    )


def _by_family_name(person: User) -> str:
    return f"{person.family_name}, {person.given_name}"


class NewPostForm(PostFields):
    """A post that somebody takes up here."""

    fieldsets = [("Their post", POST_QUESTIONS)]

    token = forms.UUIDField(widget=forms.HiddenInput)
    setting = forms.IntegerField(widget=forms.HiddenInput)
    employment = forms.ChoiceField(
        label="What kind of post is it?",
        choices=[(_YES, "Employed here"), (_NO, "Not employed: governor, volunteer or other")],
        widget=forms.RadioSelect,
        initial=_YES,
    )
    job_role = forms.ChoiceField(label="Job role", choices=[("", "Choose"), *JOB_ROLES])
    starts_on = GovukDateField(label="First day")
    ends_on = GovukDateField(
        label="Last day", required=False, help_text="Only if the post has a fixed end."
    )
    handles_personal_data = forms.ChoiceField(
        label="Handles personal data",
        required=False,
        choices=[
            ("", "As usual: employed people do, governors and volunteers do not"),
            (_YES, "Yes"),
            (_NO, "No"),
        ],
        help_text="Decides whether training about information governance is asked of them.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"token": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean_starts_on(self) -> dt.date:
        """Refuse a day no post in a list of today began, or that is far ahead."""
        return plausible(self.cleaned_data["starts_on"], self.on)

    def clean(self) -> dict[str, Any]:
        """Put the last day after the first."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "The last day must not be before the first")
        return data

    def post_fields(self) -> dict[str, Any]:
        """Return the post the form describes, for `add_post`."""
        data = self.cleaned_data
        employed = data["employment"] == _YES and data["job_role"] not in NON_EMPLOYMENT_ROLES
        said = data["handles_personal_data"]
        return {
            "job_role": data["job_role"],
            "title": data["title"],
            "starts_on": data["starts_on"],
            "ends_on": data["ends_on"],
            "staff_number": data["staff_number"],
            "weekly_hours": data["weekly_hours"],
            "term_time_only": data["term_time_only"],
            "line_manager": data["line_manager"],
            "is_employment": employed,
            "handles_personal_data": employed if not said else said == _YES,
        }


class PostForm(PostFields):
    """Details of a post that are put right in place."""

    starts_on = GovukDateField(label="First day")
    handles_personal_data = forms.BooleanField(label="Handles personal data", required=False)

    field_order = [
        "title",
        "starts_on",
        "weekly_hours",
        "term_time_only",
        "line_manager",
        "handles_personal_data",
        "staff_number",
    ]

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        initial = {name: getattr(post, name) for name in self.field_order}
        super().__init__(
            *args, organisation=post.organisation, holder=post.person, initial=initial, **kwargs
        )
        self.post = post
        self._keep_line_manager()

    def _keep_line_manager(self) -> None:
        """Offer to leave things as they are where the line manager is outside one's scope."""
        field = self.fields["line_manager"]
        assert isinstance(field, forms.ModelChoiceField)
        assert field.queryset is not None
        manager = self.post.line_manager_id
        if manager is not None and not field.queryset.filter(pk=manager).exists():
            field.empty_label = "As now: somebody outside this setting"
            self.initial["line_manager"] = None

    def clean_starts_on(self) -> dt.date:
        """Refuse an implausible day, or one after the last."""
        day = plausible(self.cleaned_data["starts_on"], self.on)
        if self.post.ends_on is not None and day > self.post.ends_on:
            raise forms.ValidationError("The first day must not be after the last")
        return day

    def changes(self) -> dict[str, Any]:
        """Return the details for `change_post`; a line manager out of sight stays."""
        found = {name: self.cleaned_data[name] for name in self.field_order}
        if "line_manager" not in self.changed_data:
            found.pop("line_manager")
        return found


class JobChangeForm(PostFields):
    """A new job from a day on: the old post closes, another opens."""

    job_role = forms.ChoiceField(label="New job role", choices=[("", "Choose"), *JOB_ROLES])
    setting = forms.ModelChoiceField(
        label="Setting or team", queryset=Organisation.objects.none(), empty_label=None
    )
    on_day = GovukDateField(label="First day in the new job")

    field_order = [
        "job_role",
        "setting",
        "on_day",
        "title",
        "weekly_hours",
        "term_time_only",
        "line_manager",
        "staff_number",
    ]

    def __init__(self, *args: Any, post: Post, places: Any, **kwargs: Any) -> None:
        initial = {
            "setting": post.organisation_id,
            "weekly_hours": post.weekly_hours,
            "term_time_only": post.term_time_only,
            "staff_number": post.staff_number,
            "line_manager": post.line_manager_id,
        }
        super().__init__(
            *args, organisation=post.organisation, holder=post.person, initial=initial, **kwargs
        )
        field = self.fields["setting"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = places
        if len(places[:2]) < 2:
            self.fields["setting"].widget = forms.HiddenInput()

    def clean_on_day(self) -> dt.date:
        """Refuse an implausible day."""
        return plausible(self.cleaned_data["on_day"], self.on)

    def change(self) -> dict[str, Any]:
        """Return what `change_job` takes."""
        data = self.cleaned_data
        return {
            "job_role": data["job_role"],
            "organisation": data["setting"],
            "on": data["on_day"],
            **{
                name: data[name]
                for name in (
                    "title",
                    "weekly_hours",
                    "term_time_only",
                    "line_manager",
                    "staff_number",
                )
            },
        }


class LastDayForm(GovukForm):
    """The last day in a post, or in several. Nobody is asked why somebody leaves."""

    ends_on = GovukDateField(
        label="Last day in the post",
        help_text="Today, unless you change it. You are not asked why, and nothing is kept about "
        "it.",
    )

    def __init__(self, *args: Any, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"ends_on": on}, **kwargs)
        self.on = on

    def clean_ends_on(self) -> dt.date:
        """Refuse an implausible day."""
        return plausible(self.cleaned_data["ends_on"], self.on)
