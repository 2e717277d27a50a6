"""The audit log, for whoever answers for it: who did what to whom, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.apps import apps
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.models import AuditEvent, User
from accounts.policies import reads_audit_log
from core.forms import GovukForm

PAGE_SIZE = 50


@dataclass(frozen=True)
class AuditRow:
    """An event in words; a name is empty where no person acted or was concerned."""

    event: AuditEvent
    what: str
    record: str
    actor: str
    subject: str


class AuditFilterForm(GovukForm):
    """The filter of the log, in the URL."""

    hide_optional = True

    verb = forms.ChoiceField(label="What was done", required=False)

    def __init__(self, *args: object, verbs: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["verb"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "All"), *((verb, verb_in_words(verb)) for verb in verbs)]


def verb_in_words(verb: str) -> str:
    """Say "package.version_stored" as "Package: version stored"."""
    thing, _, done = verb.partition(".")
    words = f"{thing}: {done}" if done else thing
    return words.replace("_", " ").capitalize()


@reads_audit_log
@require_GET
def audit_log(request: HttpRequest) -> HttpResponse:
    """Show the area's events, latest first; a constant number of queries."""
    user = request.user
    assert isinstance(user, User)
    events = AuditEvent.objects.visible_to(user, request.today).filter(  # type: ignore[attr-defined]
        local_area=request.local_area  # type: ignore[attr-defined]
    )
    verbs = list(events.order_by("verb").values_list("verb", flat=True).distinct())
    form = AuditFilterForm(request.GET or None, verbs=verbs)
    if form.is_valid() and form.cleaned_data["verb"]:
        events = events.filter(verb=form.cleaned_data["verb"])
    page = Paginator(events, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "pages/accounts/audit_log.html",
        {
            "page_title": "Audit log",
            "page_lede": "Who did what, when and why. Nothing here can be changed or deleted.",
            "form": None,
            "filter_form": form,
            "rows": _rows(list(page.object_list)),
            "page_obj": page,
        },
    )


def _rows(events: list[AuditEvent]) -> list[AuditRow]:
    people = {key for event in events for key in (event.actor, event.subject) if key}
    names: dict[UUID, str] = {
        person.public_id: person.get_full_name()
        for person in User.objects.filter(public_id__in=people)
    }
    return [
        AuditRow(
            event=event,
            what=verb_in_words(event.verb),
            record=_record(event),
            actor=_name(event.actor, names),
            subject=_name(event.subject, names),
        )
        for event in events
    ]


def _record(event: AuditEvent) -> str:
    """Name the kind and number of what was touched: "Course 21"."""
    try:
        kind = str(apps.get_model(event.object_type)._meta.verbose_name)
    except (LookupError, ValueError):
        kind = event.object_type
    return f"{kind} {event.object_id}".strip().capitalize()


def _name(key: UUID | None, names: dict[UUID, str]) -> str:
    """A person's name; whoever was erased stays a pseudonym."""
    return "" if key is None else names.get(key, f"Person {str(key)[:8]}")
