"""A date asked for in three boxes, as GOV.UK does."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError


class GovukDateWidget(forms.MultiWidget):
    """Day, month and year in three boxes."""

    template_name = "forms/widgets/date.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        number = {"inputmode": "numeric", "autocomplete": "off"}
        boxes = [forms.TextInput(attrs=number | {"class": _date_box(w)}) for w in (2, 2, 4)]
        super().__init__(boxes, attrs)

    def decompress(self, value: Any) -> list[Any]:
        """Split a date, or ISO text such as a query string's, into its three boxes."""
        if isinstance(value, str):
            try:
                value = dt.date.fromisoformat(value)
            except ValueError:
                return [None, None, None]
        return [value.day, value.month, value.year] if value else [None, None, None]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Give the three boxes their labels, and mark them when the field is wrong."""
        context = super().get_context(name, value, attrs)
        wrong = bool(attrs and attrs.get("aria-invalid"))
        for box, label in zip(
            context["widget"]["subwidgets"], ("Day", "Month", "Year"), strict=True
        ):
            box["label"] = label
            if wrong:
                box["attrs"]["class"] += " govuk-input--error"
        return context


def _date_box(width: int) -> str:
    return f"govuk-input govuk-date-input__input govuk-input--width-{width}"


class GovukDateField(forms.MultiValueField):
    """A date asked for in three boxes; `cleaned_data` holds a `datetime.date`.

    Errors name the missing box; two-figure years are refused.
    """

    widget = GovukDateWidget

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("require_all_fields", False)
        boxes = [forms.CharField(required=False, max_length=4) for _ in range(3)]
        super().__init__(fields=boxes, **kwargs)

    def clean(self, value: Any) -> dt.date | None:
        """Turn the three boxes into a date, or say which one is missing or wrong."""
        if isinstance(value, dt.date):
            value = [value.day, value.month, value.year]
        given = [str(part or "").strip() for part in (value or ["", "", ""])]
        subject = str(self.label or "Date")
        if not any(given):
            if self.required:
                raise ValidationError(self._required_words(subject), code="required")
            return None
        names = ("day", "month", "year")
        missing = [name for name, part in zip(names, given, strict=True) if not part]
        if missing:
            raise ValidationError(
                f"{subject} must include a {' and '.join(missing)}", code="incomplete"
            )
        found = self.compress(given)
        if found is None:
            raise ValidationError(f"{subject} must be a real date", code="invalid")
        self.run_validators(found)
        return found

    def _required_words(self, subject: str) -> str:
        words = str(self.error_messages.get("required", ""))
        default = str(forms.Field.default_error_messages["required"])
        return f"Enter {subject[:1].lower()}{subject[1:]}" if words == default else words

    def compress(self, data_list: Any) -> dt.date | None:
        """Return the date the boxes make, or None if there is no such day."""
        if not data_list or not all(str(part).isdecimal() for part in data_list):
            return None
        day, month, year = (int(part) for part in data_list)
        if not 1900 <= year <= 2200:
            return None
        try:
            return dt.date(year, month, day)
        except ValueError:
            return None
