"""What an employer shares with whoever oversees it: decided and withdrawn by its lead."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.forms.organisations import SharingForm
from accounts.models import SharingDecision
from accounts.permissions import can_decide_sharing
from accounts.policies import leads_setting
from accounts.requests import Request
from accounts.services.sharing import (
    UnableToShare,
    UnableToWithdrawSharing,
    record_sharing,
    withdraw_sharing,
)
from accounts.views.organisations import form_page, organisation_or_404
from core import clock


@leads_setting
@require_http_methods(["GET", "POST"])
def add(request: Request, pk: int) -> HttpResponse:
    """Record a decision to share names."""
    employer = organisation_or_404(request, pk)
    if not can_decide_sharing(request.user, employer, on=request.today):
        raise PermissionDenied
    form = SharingForm(request.POST or None, employer=employer, on=request.today)
    if request.method == "POST" and form.is_valid():
        try:
            decision = record_sharing(
                by=request.user, employer=employer, at=clock.now(), **form.cleaned_data
            )
        except UnableToShare as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, f"Your decision about {decision.overseer} is recorded.")
            return redirect("accounts:organisation", pk=pk)
    return form_page(
        request,
        employer,
        "Share names with who oversees you",
        form,
        "Record the decision",
        page_lede="You decide as controller. Without a decision they see numbers only. They can "
        "read names and training status, and change nothing.",
    )


@leads_setting
@require_http_methods(["GET", "POST"])
def withdraw(request: Request, pk: int, decision: int) -> HttpResponse:
    """Ask, then withdraw a decision at once."""
    employer = organisation_or_404(request, pk)
    standing = get_object_or_404(
        SharingDecision.objects.visible_to(request.user, request.today)
        .of(employer)
        .select_related("overseer"),
        pk=decision,
    )
    if not can_decide_sharing(request.user, employer, on=request.today):
        raise PermissionDenied
    if request.method == "POST":
        try:
            withdraw_sharing(by=request.user, decision=standing, at=clock.now())
        except UnableToWithdrawSharing as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"{standing.overseer} no longer sees names of {employer}.")
        return redirect("accounts:organisation", pk=pk)
    return render(
        request,
        "pages/accounts/organisations/confirm.html",
        {
            "page_title": f"Stop sharing with {standing.overseer}?",
            "page_caption": employer.name,
            "text": "From now on they see numbers only.",
            "submit_label": "Stop sharing",
            "back": reverse("accounts:organisation", args=[pk]),
        },
    )
