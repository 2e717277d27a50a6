"""Leave and return: the clock of a post stops and starts again. Nobody is asked why."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts import audit
from accounts.models import User
from accounts.policies import leads_setting
from accounts.querysets import in_force
from accounts.requests import Request
from accounts.settings_led import person_led_or_404, posts_led
from core import clock
from cpd_tracking.leave_forms import LeaveForm, ReturnForm
from cpd_tracking.selectors.leave import Absence, absences_of
from cpd_tracking.services.adjustments import UnableToAdjust
from cpd_tracking.services.leave import record_leave, record_return, withdraw_leave


def _absences(request: Request, person: User) -> list[Absence]:
    posts = posts_led(request).filter(person=person).select_related("organisation", "person")
    return absences_of(person, list(posts.order_by("-starts_on", "-pk")), request.today)


def _absence_or_404(request: Request, person: User, pk: int) -> Absence:
    for absence in _absences(request, person):
        if absence.pause.pk == pk:
            return absence
    raise Http404


@leads_setting
@require_http_methods(["GET", "POST"])
def pauses(request: Request, public_id: UUID) -> HttpResponse:
    """Show somebody's leave, and record more of it."""
    person = person_led_or_404(request, public_id)
    held = posts_led(request).filter(in_force(request.today), person=person)
    form = LeaveForm(
        request.POST or None,
        posts=held.select_related("organisation", "person"),
        on=request.today,
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            record_leave(
                by=request.user,
                post=data["post"],
                starts_on=data["starts_on"],
                last_day_away=data["last_day_away"],
                at=clock.now(),
            )
        except UnableToAdjust as error:
            form.add_error("starts_on", str(error))
        else:
            messages.success(request, f"Recorded. Nothing is asked of {person} while away.")
            return redirect("cpd_tracking:pauses", public_id=public_id)
    audit.record_view(
        by=request.user, person=person, local_area=request.local_area or None, at=clock.now()
    )
    return render(
        request,
        "pages/cpd_tracking/pauses.html",
        {
            "page_title": "Leave",
            "page_caption": person.get_full_name(),
            "somebody": person,
            "is_self": person == request.user,
            "has_posts": held.exists(),
            "absences": _absences(request, person),
            "form": form,
            "breadcrumbs": [
                {"label": "People", "url": reverse("accounts:people")},
                {
                    "label": person.get_full_name(),
                    "url": reverse("accounts:person", args=[public_id]),
                },
            ],
        },
    )


@leads_setting
@require_http_methods(["GET", "POST"])
def resume(request: Request, public_id: UUID, pk: int) -> HttpResponse:
    """Record the first day back."""
    person = person_led_or_404(request, public_id)
    absence = _absence_or_404(request, person, pk)
    form = ReturnForm(request.POST or None, on=request.today)
    if request.method == "POST" and form.is_valid():
        try:
            record_return(
                by=request.user,
                pause=absence.pause,
                back_on=form.cleaned_data["back_on"],
                at=clock.now(),
            )
        except UnableToAdjust as error:
            form.add_error("back_on", str(error))
        else:
            messages.success(request, f"{person} has at least 30 days for what is due.")
            return redirect("cpd_tracking:pauses", public_id=public_id)
    return render(
        request,
        "pages/cpd_tracking/pause_end.html",
        {
            "page_title": "Back from leave",
            "page_caption": person.get_full_name(),
            "somebody": person,
            "absence": absence,
            "form": form,
            "back": reverse("cpd_tracking:pauses", args=[public_id]),
        },
    )


@leads_setting
@require_POST
def remove(request: Request, public_id: UUID, pk: int) -> HttpResponse:
    """Take away leave that was recorded by mistake."""
    person = person_led_or_404(request, public_id)
    absence = _absence_or_404(request, person, pk)
    withdraw_leave(by=request.user, pause=absence.pause, post=absence.post, at=clock.now())
    messages.success(request, "The leave is taken away. Dates are as if it had never been.")
    return redirect("cpd_tracking:pauses", public_id=public_id)
