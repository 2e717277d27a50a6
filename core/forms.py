"""Forms in the house style: GOV.UK patterns through Django's own form templates.

Only forms built on these classes look so; FORM_RENDERER stays as it is, for the Wagtail admin.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.forms.utils import pretty_name
from django.forms.widgets import Input
from django.template.loader import get_template

from core.date_fields import GovukDateField, GovukDateWidget

__all__ = [
    "GovukDateField",
    "GovukDateWidget",
    "GovukForm",
    "GovukModelForm",
    "GovukRenderer",
    "in_house_style",
]

_OWN_WIDGETS = {
    f"django/forms/widgets/{theirs}.html": f"forms/widgets/{ours}.html"
    for theirs, ours in {
        "radio": "radios",
        "checkbox_select": "checkboxes",
        "clearable_file_input": "file",
        "password": "password",
    }.items()
}
_BOX_CLASSES: list[tuple[type[forms.Widget], str]] = [
    (forms.Textarea, "govuk-textarea"),
    (forms.Select, "govuk-select"),
    (forms.FileInput, "govuk-file-upload"),
    (Input, "govuk-input"),
]
_NO_BOX = (forms.RadioSelect, forms.CheckboxSelectMultiple, forms.CheckboxInput, forms.HiddenInput)


# What allauth calls them, in our words.
_THEIR_LABELS = {
    "login": "Email address or sign-in name",
    "email": "Email address",
    "remember": "Keep me signed in on this device",
    "oldpassword": "Your password now",
    "password1": "New password",
    "password2": "New password again",
}
_DASHES, _BLANK = "---------", "Choose"
# Said in a widget's attrs, but meant for our templates and not for the HTML element.
_PRESENTATION = ("width", "prefix", "suffix", "show_when")


class GovukBoundField(BoundField):
    """A field that knows the classes of its box and how its template should lay it out."""

    def __init__(self, form: Any, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        attrs = field.widget.attrs
        said = {key: attrs.pop(key) for key in _PRESENTATION if key in attrs}
        earlier = getattr(field.widget, "presentation", {})
        field.widget.presentation = earlier | said  # type: ignore[attr-defined]

    def _said(self, key: str) -> str:
        return str(getattr(self.field.widget, "presentation", {}).get(key, ""))

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        """Add the classes of the box, and the length to count, to what Django sets."""
        built = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        limit = getattr(self.field, "max_length", None)
        if isinstance(widget, forms.Textarea):
            if widget.attrs.get("rows") in (None, "10"):
                widget.attrs["rows"] = "5"
            if limit:
                # Counted, not cut: pasted words must not vanish without a word.
                widget.attrs.pop("maxlength", None)
                built["data-count"] = str(limit)
                counted = f"{self.auto_id}_count"
                built["aria-describedby"] = f"{built.get('aria-describedby', '')} {counted}".strip()
        if isinstance(widget, forms.CheckboxInput):
            built["class"] = "govuk-checkboxes__input"
        if isinstance(widget, _NO_BOX):
            return built
        base = next((name for kind, name in _BOX_CLASSES if isinstance(widget, kind)), "")
        if base:
            width = self._said("width")
            classes = [base, str(widget.attrs.get("class", ""))]
            if width:
                classes.append(f"{base}--width-{width}" if base == "govuk-input" else "")
            if self.errors:
                classes.append(f"{base}--error")
            built["class"] = " ".join(name for name in classes if name)
        return built

    @property
    def kind(self) -> str:
        """Name the layout: choices, tick, date, file or box."""
        widget = self.field.widget
        if isinstance(widget, GovukDateWidget):
            return "date"
        if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
            return "choices"
        return "tick" if isinstance(widget, forms.CheckboxInput) else "box"

    @property
    def count_limit(self) -> int | None:
        """Return the number of characters to count down from, if any."""
        if isinstance(self.field.widget, forms.Textarea):
            return getattr(self.field, "max_length", None)
        return None

    @property
    def prefix(self) -> str:
        """Return the words shown before the box, such as a pound sign."""
        return self._said("prefix")

    @property
    def suffix(self) -> str:
        """Return the words shown after the box, such as "hours"."""
        return self._said("suffix")

    @property
    def show_when(self) -> str:
        """Return "field=value" if the field is asked only after that choice."""
        return self._said("show_when")

    @property
    def first_id(self) -> str:
        """Return the id an error link leads to: the first box of a group."""
        if self.kind in {"choices", "date"}:
            return f"{self.auto_id}_0"
        return self.auto_id


class GovukRenderer(DjangoTemplates):
    """Renders forms, fields and a few widgets with templates/forms/."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"
    bound_field_class = GovukBoundField

    def get_template(self, template_name: str) -> Any:
        """Find our template if there is one, and Django's otherwise."""
        ours = _OWN_WIDGETS.get(template_name, template_name)
        if ours.startswith("forms/"):
            return get_template(ours)
        return super().get_template(template_name)


# One for all forms: each renderer builds its own template engine, with an empty cache.
_RENDERER = GovukRenderer()


class GovukFormMixin:
    """What every form of the house has: our renderer, three-box dates, plain error words."""

    default_renderer = _RENDERER
    use_required_attribute = False
    show_error_summary = True
    # True in filters, where nothing need be answered.
    hide_optional = False
    page_question = False
    # Pairs of (heading, [field names]); fields left out come last, without a heading.
    fieldsets: list[tuple[str, list[str]]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.label = pretty_name(name) if field.label is None else field.label
            if type(field) is forms.DateField and type(field.widget) is forms.DateInput:
                fields[name] = _three_boxes(field)
            else:
                _plain_words(field)
                _plain_blank(field)

    def error_list(self) -> list[dict[str, str]]:
        """List every error with the id of the field it belongs to, in the order of the page."""
        found = [
            {"text": str(error), "id": ""}
            for error in self.non_field_errors()  # type: ignore[attr-defined]
        ]
        for field in (field for group in self.groups() for field in group["fields"]):
            found.extend({"text": str(error), "id": field.first_id} for error in field.errors)
        for field in self.hidden_fields():  # type: ignore[attr-defined]
            found.extend({"text": str(error), "id": ""} for error in field.errors)
        return found

    def groups(self) -> list[dict[str, Any]]:
        """List the visible fields under their headings."""
        left = {field.name: field for field in self.visible_fields()}  # type: ignore[attr-defined]
        made = [
            {"heading": heading, "fields": [left.pop(name) for name in names if name in left]}
            for heading, names in self.fieldsets
        ]
        if left:
            made.append({"heading": "", "fields": list(left.values())})
        return made


def _three_boxes(field: forms.DateField) -> GovukDateField:
    boxes = GovukDateField(
        required=field.required,
        label=field.label,
        help_text=field.help_text,
        initial=field.initial,
        disabled=field.disabled,
        validators=field.validators,
    )
    boxes.error_messages = {**boxes.error_messages, **field.error_messages}
    return boxes


def _plain_blank(field: forms.Field) -> None:
    """Say "Choose" in an unanswered list, where Django draws a row of dashes."""
    if isinstance(field, forms.ModelChoiceField):
        # Asking for its choices would run the query.
        field.empty_label = _BLANK if field.empty_label == _DASHES else field.empty_label
    elif isinstance(field, forms.ChoiceField) and isinstance(field.widget, forms.Select):
        choices: list[Any] = list(field.choices)  # type: ignore[arg-type]
        if choices and choices[0] == ("", _DASHES):
            field.choices = [("", _BLANK), *choices[1:]]


def _plain_words(field: forms.Field) -> None:
    """Say what to do when an answer is missing, unless the form has its own words."""
    default = str(forms.Field.default_error_messages["required"])
    if str(field.error_messages.get("required", "")) != default or not field.label:
        return
    label = str(field.label)
    spoken = label if label[:2].isupper() else label[:1].lower() + label[1:]
    verb = "Enter"
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        verb = "Choose"
    elif isinstance(field, forms.FileField):
        verb = "Choose a file for"
    elif isinstance(field, forms.BooleanField):
        field.error_messages = {**field.error_messages, "required": f"Tick “{label}”"}
        return
    words = label if label.endswith("?") else f"{verb} {spoken}"
    if label.endswith("?"):
        words = f"Answer “{label}”"
    field.error_messages = {**field.error_messages, "required": words}


class GovukForm(GovukFormMixin, forms.Form):
    """A form in the house style."""


class GovukModelForm(GovukFormMixin, forms.ModelForm):
    """A model form in the house style."""


def in_house_style(form: forms.BaseForm) -> forms.BaseForm:
    """Draw somebody else's form (allauth's) with our fields, and return it."""
    if not isinstance(form.renderer, GovukRenderer):
        form.renderer = _RENDERER
        form.bound_field_class = GovukBoundField
        form._bound_fields_cache = {}  # type: ignore[attr-defined]
        form.use_required_attribute = False
        for name, field in form.fields.items():
            field.label = _THEIR_LABELS.get(name, field.label or pretty_name(name))
            field.widget.attrs.pop("placeholder", None)
            _plain_words(field)
    return form
