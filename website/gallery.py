"""The component gallery: every component with sample data, and whole screens to copy from.

Routed only where `COMPONENT_GALLERY` is on; it reads files of the project and no records.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path
from django.utils.safestring import mark_safe

from core import policies
from core.forms import GovukForm

_TEMPLATES = Path(settings.BASE_DIR) / "templates"
_SAMPLES = _TEMPLATES / "components" / "samples"
_SCREENS = _TEMPLATES / "gallery" / "screens"
_DATA = _TEMPLATES / "gallery" / "parts" / "data.json"
_NAVIGATION: list[dict[str, Any]] = [
    {"label": "My learning", "url": "/_components/screens/my_learning/", "current": False},
    {"label": "Courses", "url": "/_components/screens/course/", "current": False},
    {"label": "Resources", "url": "/_components/screens/resource_search/", "current": False},
    {"label": "Networks", "url": "/_components/screens/network/", "current": False},
    {"label": "Team", "url": "/_components/screens/team/", "current": False},
    {"label": "Impact", "url": "/_components/screens/impact_answer/", "current": False},
]


class SampleForm(GovukForm):
    """One field of each kind, to look at."""

    fieldsets = [
        ("When it took place", ["held_on", "hours"]),
        ("Who it was for", ["phase", "needs", "need_other", "setting"]),
    ]
    title = forms.CharField(max_length=120, help_text="As it is written on the certificate")
    held_on = forms.DateField(label="Date", help_text="For example, 30 9 2026")
    hours = forms.DecimalField(
        widget=forms.TextInput(attrs={"width": 4, "suffix": "hours", "inputmode": "decimal"})
    )
    phase = forms.ChoiceField(
        choices=[("primary", "Primary"), ("secondary", "Secondary")],
        widget=forms.RadioSelect(attrs={"inline": True}),
    )
    needs = forms.MultipleChoiceField(
        label="Areas of need",
        choices=[
            ("asd", "Autism"),
            ("semh", "Social, emotional and mental health"),
            ("o", "Other"),
        ],
        widget=forms.CheckboxSelectMultiple(attrs={"hints": {"o": "Say which below"}}),
        help_text="Choose all that apply",
        required=False,
    )
    need_other = forms.CharField(
        label="Which other need?",
        required=False,
        widget=forms.TextInput(attrs={"width": 20, "show_when": "needs=o"}),
    )
    setting = forms.ChoiceField(
        choices=[("", "---------"), ("1", "Otterford Primary"), ("2", "Bramblewick Primary")]
    )
    cost = forms.DecimalField(
        required=False, widget=forms.TextInput(attrs={"width": 5, "prefix": "£"})
    )
    reflection = forms.CharField(max_length=500, required=False, widget=forms.Textarea)
    certificate = forms.FileField(required=False, help_text="A PDF or a photo, 10 MB at most")
    password = forms.CharField(required=False, widget=forms.PasswordInput)
    agreed = forms.BooleanField(label="There is no information about pupils in this")


class SampleFilter(GovukForm):
    """A short filter, to look at."""

    hide_optional = True
    status = forms.MultipleChoiceField(
        required=False,
        choices=[("overdue", "Overdue"), ("due_soon", "Due in 30 days"), ("done", "Done")],
        widget=forms.CheckboxSelectMultiple(attrs={"small": True}),
    )
    course = forms.ChoiceField(
        required=False, choices=[("", "All courses"), ("ig", "Information governance")]
    )
    name = forms.CharField(required=False, label="Name")


def _samples() -> list[dict[str, Any]]:
    found = []
    for file in sorted(_SAMPLES.glob("*.json")):
        described = json.loads(file.read_text())
        described["name"] = file.stem
        found.append(described)
    return found


def _drawn(name: str, sample: dict[str, Any], request: HttpRequest) -> str:
    context = dict(sample["context"])
    for key in ("content", "chart"):
        if key in context:
            context[key] = mark_safe(context[key])  # noqa: S308 - our own sample file
    if name == "pagination":
        context["page_obj"] = Paginator(range(240), 25).page(4)
    if name in {"filter_panel", "chips"}:
        context["form"] = SampleFilter(request.GET)
    if name == "error_summary":
        context["form"] = SampleForm({})
    drawn = render_to_string(f"components/{name}.html", context, request)
    before, after = _frame(sample)
    return mark_safe(f"{before}{drawn}{after}")  # noqa: S308 - rendered by a template


def _frame(sample: dict[str, Any]) -> tuple[str, str]:
    """Return the list or grid a component stands in, as its sample file gives it."""
    before, _, after = str(sample.get("frame", "|")).partition("|")
    return before, after


@policies.public
def index(request: HttpRequest) -> HttpResponse:
    """Show every component with its samples."""
    components = [
        {
            "name": one["name"],
            "about": one.get("about", ""),
            "samples": [
                {"title": sample.get("title", ""), "drawn": _drawn(one["name"], sample, request)}
                for sample in one["samples"]
            ],
        }
        for one in _samples()
    ]
    context = {"components": components, "screens": _screens(), "navigation": _NAVIGATION}
    return render(request, "gallery/index.html", context)


@policies.public
def form(request: HttpRequest) -> HttpResponse:
    """Show one field of each kind; sending it shows the errors."""
    sent = request.method == "POST"
    sample = SampleForm(request.POST, request.FILES) if sent else SampleForm()
    context = {
        "form": sample,
        "navigation": _NAVIGATION,
        "page_title": "Add something you have done",
        "page_lede": "A conference, a course elsewhere, a book. Your head approves what counts.",
        "breadcrumbs": [{"label": "Components", "url": "/_components/"}],
    }
    return render(request, "gallery/form.html", context)


@policies.public
def screen(request: HttpRequest, name: str) -> HttpResponse:
    """Show one whole screen of sample content."""
    if name not in _screens():
        raise Http404
    navigation = [{**item, "current": f"/{name}/" in item["url"]} for item in _NAVIGATION]
    data = json.loads(_DATA.read_text())
    context = {**data, "navigation": navigation, "filter_form": SampleFilter(request.GET)}
    return render(request, f"gallery/screens/{name}.html", context)


def _screens() -> list[str]:
    return sorted(file.stem for file in _SCREENS.glob("*.html"))


urlpatterns = [
    path("", index, name="index"),
    path("form/", form, name="form"),
    path("screens/<slug:name>/", screen, name="screen"),
]
