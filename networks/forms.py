"""Input of networks: meetings, messages, members, settings of a network."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import LocalArea, Organisation, User
from accounts.querysets import in_force
from core.forms import GovukForm, GovukModelForm
from networks.enums import MembershipRole, Visibility
from networks.models import Meeting, Network

_LENGTHS = [
    (45, "45 minutes"),
    (60, "1 hour"),
    (90, "1 hour 30 minutes"),
    (120, "2 hours"),
    (150, "2 hours 30 minutes"),
    (180, "3 hours"),
    (360, "6 hours"),
]
_REPEATS = [
    ("0", "It does not repeat"),
    ("1", "Every week"),
    ("2", "Every 2 weeks"),
    ("4", "Every 4 weeks"),
    ("6", "Every 6 weeks"),
    ("13", "Once a term (every 13 weeks)"),
]


def _time(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        help_text="For example, 3:45pm or 15:45",
        input_formats=["%H:%M", "%I:%M%p", "%I.%M%p", "%I%p", "%H.%M"],
        error_messages={
            "required": "Enter the time it starts, such as 3:45pm",
            "invalid": "Enter a time, such as 3:45pm",
        },
        widget=forms.TimeInput(format="%H:%M", attrs={"width": 5}),
    )


class _TimedForm(GovukForm):
    title = forms.CharField(
        max_length=120,
        label="What is it called?",
        error_messages={"required": "Enter what the meeting is called"},
    )
    held_on = forms.DateField(
        label="Date", error_messages={"required": "Enter the date of the meeting"}
    )
    start = _time("Starts at")
    minutes = forms.TypedChoiceField(
        label="How long is it?", choices=_LENGTHS, coerce=int, initial=90
    )
    place = forms.CharField(
        max_length=200, required=False, help_text="Leave empty if it is online only"
    )
    online_url = forms.URLField(label="Online link", required=False, assume_scheme="https")
    agenda = forms.CharField(
        required=False,
        max_length=2000,
        help_text="One item a line",
        widget=forms.Textarea(attrs={"rows": "6"}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a place or a link, and join date and time in London."""
        data = super().clean() or {}
        nowhere = "place" in data and not data.get("place") and not data.get("online_url")
        if nowhere and "online_url" not in self.errors:
            self.add_error("place", "Enter a place, an online link or both")
        if data.get("held_on") and data.get("start"):
            naive = dt.datetime.combine(data["held_on"], data["start"])
            data["starts_at"] = timezone.make_aware(naive)
        return data


class ScheduleForm(_TimedForm):
    """Schedule one meeting or a series."""

    repeat_every = forms.ChoiceField(label="Does it repeat?", choices=_REPEATS)
    how_many = forms.IntegerField(
        label="How many meetings altogether?",
        min_value=1,
        max_value=30,
        initial=1,
        required=False,
        widget=forms.NumberInput(attrs={"width": 2}),
    )

    def starts(self) -> list[dt.datetime]:
        """Return the start of each meeting: the same time of day in London, week by week."""
        first: dt.datetime = self.cleaned_data["starts_at"]
        weeks = int(self.cleaned_data["repeat_every"])
        number = (self.cleaned_data["how_many"] or 1) if weeks else 1
        local = timezone.localtime(first).replace(tzinfo=None)
        return [
            timezone.make_aware(local + dt.timedelta(weeks=weeks * step)) for step in range(number)
        ]


class MeetingForm(_TimedForm):
    """Change one meeting."""

    @classmethod
    def initial_of(cls, meeting: Meeting) -> dict[str, Any]:
        """Return the form's values for a meeting; its own length is offered if unusual."""
        start = timezone.localtime(meeting.starts_at)
        return {
            "title": meeting.title,
            "held_on": start.date(),
            "start": start.time(),
            "minutes": int((meeting.ends_at - meeting.starts_at).total_seconds() // 60),
            "place": meeting.place,
            "online_url": meeting.online_url,
            "agenda": meeting.agenda,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        minutes = self.initial.get("minutes")
        field = self.fields["minutes"]
        if minutes and minutes not in dict(_LENGTHS):
            field.choices = [(minutes, f"{minutes} minutes"), *_LENGTHS]  # type: ignore[attr-defined]


class MessageForm(GovukForm):
    """Write a message. `looked_again` appears after a name with a date of birth was found."""

    body = forms.CharField(
        label="Your message",
        max_length=4000,
        help_text="Never name a pupil. Links become clickable; other formatting is not kept.",
        widget=forms.Textarea(attrs={"rows": "6"}),
    )
    looked_again = forms.BooleanField(
        required=False,
        label="I have looked again: this does not identify a child",
    )

    def __init__(self, *args: Any, ask_again: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ask_again and "looked_again" not in (args[0] if args and args[0] else {}):
            del self.fields["looked_again"]


class ThreadForm(MessageForm):
    """Begin a thread."""

    title = forms.CharField(max_length=140, label="Subject")
    is_question = forms.TypedChoiceField(
        label="Is it a question?",
        choices=[("yes", "Yes, I would like an answer"), ("no", "No, it is news or an idea")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="yes",
    )
    field_order = ["title", "is_question", "body", "looked_again"]


class EditHeldForm(GovukForm):
    """Change a held message, and its thread's subject if it opens one."""

    title = forms.CharField(max_length=140, label="Subject")
    body = forms.CharField(
        label="Your message", max_length=4000, widget=forms.Textarea(attrs={"rows": "8"})
    )

    def __init__(self, *args: Any, opens: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not opens:
            del self.fields["title"]


class RedactForm(GovukForm):
    """Why a text is removed."""

    reason = forms.ChoiceField(
        label="Why should it go?",
        choices=[
            ("identifies a child", "It may identify a child"),
            ("unkind or unlawful", "It is unkind or unlawful"),
            ("asked by the author", "Its author asked for it"),
        ],
        widget=forms.RadioSelect,
        initial="identifies a child",
    )


class AddMemberForm(GovukForm):
    """Add a person by address; the setting they come for is one of their posts."""

    email = forms.EmailField(label="Email address", help_text="As they sign in with")
    role = forms.ChoiceField(
        choices=[choice for choice in MembershipRole.choices if choice[0] != "lead"],
        initial=MembershipRole.MEMBER,
    )

    def __init__(self, *args: Any, local_area: LocalArea, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.local_area, self.today = local_area, today
        self.person: User | None = None

    def clean_email(self) -> str:
        """Find the person among those with a post in this area."""
        email: str = self.cleaned_data["email"].strip().lower()
        self.person = (
            User.objects.filter(email=email, is_active=True)
            .in_area(self.local_area, self.today)
            .first()
        )
        if self.person is None:
            raise forms.ValidationError(f"No one in {self.local_area} signs in with this address")
        return email


class SettingChoiceForm(GovukForm):
    """Choose which of one's settings one comes for."""

    organisation = forms.ModelChoiceField(
        label="Which setting do you come for?",
        queryset=Organisation.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, person: User, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(  # type: ignore[attr-defined]
            pk__in=person.posts.filter(in_force(today)).values("organisation")
        )


class RoleForm(GovukForm):
    """Give a member another role."""

    role = forms.ChoiceField(
        label="What do they do in this network?",
        choices=MembershipRole.choices,
        widget=forms.RadioSelect(
            attrs={
                "hints": {
                    "lead": "Runs the network: meetings, registers, members",
                    "deputy": "Does what the lead does, and follows when the lead leaves",
                    "moderator": "Looks at messages that are held",
                    "member": "Comes to meetings, reads and writes messages",
                }
            }
        ),
    )


class NetworkForm(GovukModelForm):
    """The settings of a network."""

    visibility = forms.ChoiceField(
        label="Who can see it?", choices=Visibility.choices, widget=forms.RadioSelect
    )

    class Meta:
        model = Network
        fields = ["name", "purpose", "visibility", "standing_items", "has_discussion"]
        labels = {
            "standing_items": "Standing agenda items",
            "has_discussion": "Members can write messages to each other",
        }
        widgets = {"standing_items": forms.Textarea(attrs={"rows": "5"})}
