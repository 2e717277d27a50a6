"""The desk of the data protection officer: requests and legal holds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import PrivacyRequestKind, PrivacyRequestState
from accounts.forms.privacy import DecideForm, PlaceHoldForm, SomebodyForm
from accounts.models import LegalHold, PrivacyRequest
from accounts.policies import decides_privacy, reads_privacy
from accounts.privacy.holds import (
    UnableToLiftHold,
    UnableToPlaceHold,
    is_held,
    lift_hold,
    place_hold,
)
from accounts.privacy.lists import effect_on, requests_in, row_of
from accounts.privacy.requests import (
    KEPT_AT_PRESENT,
    UnableToAsk,
    UnableToDecide,
    UnableToErase,
    ask_for_erasure,
    carry_out_erasure,
    decide_erasure,
)
from accounts.privacy.rights import can_carry_out, can_decide
from accounts.requests import Request
from core import clock

PAGE_SIZE = 25
_CRUMBS = [{"label": "Administration", "url": "/administration/"}]


@reads_privacy
@require_GET
def requests(request: Request) -> HttpResponse:
    """List the area's requests, those that wait longest first."""
    answered = request.GET.get("show") == "answered"
    found = requests_in(request.user, request.local_area, request.today, open_only=not answered)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    address = reverse("accounts:privacy-requests")
    return render(
        request,
        "pages/accounts/privacy/requests.html",
        {
            "page_title": "Requests about personal data",
            "page_lede": "Each has an answer within one month.",
            "breadcrumbs": _CRUMBS,
            "tabs": [
                {"label": "To answer", "url": address, "current": not answered},
                {"label": "Answered", "url": f"{address}?show=answered", "current": answered},
            ],
            "answered": answered,
            "decides": can_decide(request.user, request.local_area, on=request.today),
            "rows": [row_of(each, request.today) for each in page.object_list],
            "page_obj": page,
        },
    )


@decides_privacy
@require_http_methods(["GET", "POST"])
def put_in(request: Request) -> HttpResponse:
    """Put in a request for somebody who asked in a letter, or can no longer sign in."""
    form = SomebodyForm(
        request.POST if request.method == "POST" else None, local_area=request.local_area
    )
    if request.method == "POST" and form.is_valid():
        try:
            asked = ask_for_erasure(
                person=form.cleaned_data["who"],
                local_area=request.local_area,
                at=clock.now(),
                by=request.user,
            )
        except UnableToAsk as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "The request is put in. An answer is due within a month.")
            return redirect("accounts:privacy-request", pk=asked.pk)
    return render(
        request,
        "pages/accounts/privacy/put_in.html",
        {
            "page_title": "Put in a request for somebody",
            "breadcrumbs": [
                *_CRUMBS,
                {"label": "Requests", "url": reverse("accounts:privacy-requests")},
            ],
            "form": form,
        },
    )


def _erasure_or_404(request: Request, pk: int) -> PrivacyRequest:
    found = PrivacyRequest.objects.visible_to(request.user, request.today).filter(
        local_area=request.local_area, kind=PrivacyRequestKind.ERASURE
    )
    return get_object_or_404(found.select_related("person", "decided_by", "done_by"), pk=pk)


def _request_page(
    request: Request, asked: PrivacyRequest, form: DecideForm | None = None
) -> HttpResponse:
    user, area, today = request.user, request.local_area, request.today
    decides = can_decide(user, area, on=today) and asked.state == PrivacyRequestState.ASKED
    carries_out = (
        can_carry_out(user, area, on=today) and asked.state == PrivacyRequestState.APPROVED
    )
    is_open = asked.state in (PrivacyRequestState.ASKED, PrivacyRequestState.APPROVED)
    held = is_open and user.pk != asked.person_id and is_held(asked.person)
    return render(
        request,
        "pages/accounts/privacy/request.html",
        {
            "page_title": asked.person.get_full_name(),
            "page_caption": "Request to be erased",
            "breadcrumbs": [
                *_CRUMBS,
                {"label": "Requests", "url": reverse("accounts:privacy-requests")},
            ],
            "row": row_of(asked, today),
            "effect": effect_on(asked.person) if is_open else None,
            "is_held": held,
            "form": (form or DecideForm(initial=_words_for(held))) if decides else None,
            "carries_out": carries_out,
            "is_second": asked.decided_by_id != user.pk and asked.person_id != user.pk,
        },
        status=200,
    )


def _words_for(held: bool) -> dict[str, str]:
    """What to say where a hold stands, without giving it away."""
    return {"approve": "no", "decision": KEPT_AT_PRESENT} if held else {}


@reads_privacy
@require_GET
def request_page(request: Request, pk: int) -> HttpResponse:
    """Show one request for erasure, and what carrying it out would do."""
    return _request_page(request, _erasure_or_404(request, pk))


@reads_privacy
@require_POST
def decide(request: Request, pk: int) -> HttpResponse:
    """Approve or refuse."""
    asked = _erasure_or_404(request, pk)
    form = DecideForm(request.POST)
    if form.is_valid():
        approve = form.cleaned_data["approve"] == "yes"
        try:
            decide_erasure(
                request=asked,
                approve=approve,
                decision=form.cleaned_data["decision"],
                by=request.user,
                at=clock.now(),
            )
        except UnableToDecide as problem:
            form.add_error(None, str(problem))
        else:
            words = "Approved. A system administrator carries it out." if approve else "Refused."
            messages.success(request, f"{words} The person is told.")
            return redirect("accounts:privacy-request", pk=pk)
    return _request_page(request, asked, form)


@reads_privacy
@require_POST
def carry_out(request: Request, pk: int) -> HttpResponse:
    """Erase the person, after the officer's approval."""
    asked = _erasure_or_404(request, pk)
    try:
        carry_out_erasure(request=asked, by=request.user, at=clock.now())
    except UnableToErase as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "The person is erased.")
    return redirect("accounts:privacy-request", pk=pk)


@reads_privacy
@require_GET
def holds(request: Request) -> HttpResponse:
    """List the area's legal holds, standing ones first."""
    found = (
        LegalHold.objects.visible_to(request.user, request.today)
        .filter(local_area=request.local_area)
        .select_related("person", "placed_by", "lifted_by")
    )
    page = Paginator(found.filter(lifted_at__isnull=False), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "pages/accounts/privacy/holds.html",
        {
            "page_title": "Legal holds",
            "page_lede": "While a hold stands, nothing about the person is erased or disposed of.",
            "breadcrumbs": _CRUMBS,
            "standing": list(found.standing()),
            "page_obj": page,
            "decides": can_decide(request.user, request.local_area, on=request.today),
        },
    )


@decides_privacy
@require_http_methods(["GET", "POST"])
def place(request: Request) -> HttpResponse:
    """Place a hold on one person's data."""
    initial: dict[str, Any] = {"who": request.GET.get("who", "")[:254]}
    form = PlaceHoldForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        local_area=request.local_area,
    )
    if request.method == "POST" and form.is_valid():
        try:
            place_hold(
                person=form.cleaned_data["who"],
                basis=form.cleaned_data["basis"],
                by=request.user,
                local_area=request.local_area,
                at=clock.now(),
            )
        except UnableToPlaceHold as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "The hold stands. The person is not told.")
            return redirect("accounts:legal-holds")
    return render(
        request,
        "pages/accounts/privacy/place_hold.html",
        {
            "page_title": "Place a legal hold",
            "breadcrumbs": [
                *_CRUMBS,
                {"label": "Legal holds", "url": reverse("accounts:legal-holds")},
            ],
            "form": form,
        },
    )


@reads_privacy
@require_POST
def lift(request: Request, pk: int) -> HttpResponse:
    """End a hold."""
    hold = get_object_or_404(
        LegalHold.objects.visible_to(request.user, request.today).filter(
            local_area=request.local_area
        ),
        pk=pk,
    )
    try:
        lift_hold(hold=hold, by=request.user, at=clock.now())
    except UnableToLiftHold as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "The hold is lifted.")
    return redirect("accounts:legal-holds")
