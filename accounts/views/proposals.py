"""Proposals of system administrators: made by one person, decided by another."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import role_lists
from accounts.enums import Role
from accounts.forms.roles import ProposalForm
from accounts.models import Organisation, RoleProposal
from accounts.permissions import can_decide_proposal, is_administrator
from accounts.policies import administers, reads_proposals
from accounts.requests import Request
from accounts.role_words import what_it_opens
from accounts.services.proposals import (
    UnableToDecide,
    UnableToPropose,
    decide_proposal,
    propose_administrator,
)
from core import clock

CRUMB = {"label": "Proposals", "url": "/roles/proposals/"}
MOST_DECIDED = 25


@reads_proposals
@require_GET
def proposal_list(request: Request) -> HttpResponse:
    """Show proposals that wait, and those decided last."""
    user, area, on = request.user, request.local_area, request.today
    proposals = (
        RoleProposal.objects.visible_to(user, on)
        .filter(local_area=area)
        .select_related("person", "proposed_by", "decided_by", "local_area", "grant")
    )
    return render(
        request,
        "pages/accounts/roles/proposals.html",
        {
            "page_title": "Proposed system administrators",
            "page_lede": "One person proposes, another decides. Nobody decides about themselves.",
            "waiting": [
                {"proposal": one, "may_decide": can_decide_proposal(user, one, on=on)}
                for one in proposals.filter(decided_at__isnull=True)
            ],
            "decided": proposals.filter(decided_at__isnull=False).order_by("-decided_at", "-pk")[
                :MOST_DECIDED
            ],
            "may_propose": is_administrator(user, area, on),
            "nobody_after": role_lists.ending_administration(area, on),
            "breadcrumbs": [{"label": "Roles", "url": "/roles/"}],
        },
    )


@administers
@require_GET
def choose_candidate(request: Request) -> HttpResponse:
    """Find the person to propose."""
    user, area, on = request.user, request.local_area, request.today
    words = request.GET.get("q", "")[:100]
    places = Organisation.objects.filter(local_area=area)
    found = role_lists.search(role_lists.people_to_propose(user, area, on), words, places, on)
    return render(
        request,
        "pages/accounts/roles/choose_person.html",
        {
            "page_title": "Propose a system administrator",
            "page_lede": "First, find the person. Somebody else decides.",
            "breadcrumbs": [CRUMB],
            "words": words,
            "most": role_lists.MOST_FOUND,
            "results": [
                {
                    "name": one.person.get_full_name(),
                    "post": one.post,
                    "url": reverse("accounts:proposal-new", args=[one.person.public_id]),
                }
                for one in found
            ],
        },
    )


@administers
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: Request, public_id: UUID) -> HttpResponse:
    """Propose the person as system administrator."""
    user, area, on = request.user, request.local_area, request.today
    person = get_object_or_404(role_lists.people_to_propose(user, area, on), public_id=public_id)
    form = ProposalForm(request.POST or None, on=on)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            propose_administrator(
                by=user,
                person=person,
                local_area=area,
                starts_on=data["starts_on"],
                ends_on=data["ends_on"],
                reason=data["reason"],
                at=clock.now(),
            )
        except UnableToPropose as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{person} is proposed. Somebody else decides.")
            return redirect("accounts:proposals")
    return render(
        request,
        "pages/accounts/roles/form.html",
        {
            "page_title": f"Propose {person}",
            "page_caption": "System administrator",
            "page_lede": what_it_opens(Role.SYSTEM_ADMIN),
            "form": form,
            "submit_label": "Propose",
            "note": "Another system administrator decides. Where you are the only one, a director "
            "of the area does.",
            "breadcrumbs": [CRUMB],
        },
    )


@reads_proposals
@require_POST
def decide(request: Request, pk: int) -> HttpResponse:
    """Agree or refuse."""
    proposal = get_object_or_404(
        RoleProposal.objects.visible_to(request.user, request.today).filter(
            local_area=request.local_area
        ),
        pk=pk,
    )
    approve = request.POST.get("decision") == "agree"
    try:
        decided = decide_proposal(
            by=request.user, proposal=proposal, approve=approve, at=clock.now()
        )
    except UnableToDecide as error:
        messages.error(request, str(error))
    else:
        words = "is a system administrator" if approve else "does not become one"
        messages.success(request, f"Decided: {decided.person} {words}.")
    return redirect("accounts:proposals")
