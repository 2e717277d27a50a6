"""Forms of leave: dates only."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from accounts.forms.posts import plausible
from accounts.models import Post
from core.date_fields import GovukDateField
from core.forms import GovukForm


class LeaveForm(GovukForm):
    """From when to when somebody is away, and from which post if there are several."""

    post = forms.ModelChoiceField(
        label="Away from",
        queryset=Post.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    starts_on = GovukDateField(label="First day away")
    last_day_away = GovukDateField(
        label="Last day away", required=False, help_text="Leave it empty until you know it."
    )

    def __init__(self, *args: Any, posts: Any, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        field = self.fields["post"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = posts
        field.label_from_instance = _words  # type: ignore[method-assign, assignment]
        offered = list(posts[:2])
        if len(offered) == 1:
            field.initial = offered[0].pk
            field.widget = forms.HiddenInput()

    def clean_starts_on(self) -> dt.date:
        """Refuse an implausible day."""
        return plausible(self.cleaned_data["starts_on"], self.on)

    def clean(self) -> dict[str, Any]:
        """Put the last day after the first."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.get("last_day_away")
        if first and last and last < first:
            self.add_error("last_day_away", "The last day away must not be before the first")
        return data


class ReturnForm(GovukForm):
    """The first day back."""

    back_on = GovukDateField(label="First day back")

    def __init__(self, *args: Any, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"back_on": on}, **kwargs)
        self.on = on

    def clean_back_on(self) -> dt.date:
        """Refuse an implausible day."""
        return plausible(self.cleaned_data["back_on"], self.on)


def _words(post: Post) -> str:
    return f"{post.get_job_role_display()} at {post.organisation}"
