"""My own roles, and handing one on to a colleague while I am away."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts import role_lists
from accounts.forms.roles import DelegateForm
from accounts.models import Organisation, RoleGrant, User
from accounts.permissions import can_delegate
from accounts.policies import reads_roles
from accounts.requests import Request
from accounts.role_words import HELD_OVER_THE_AREA, what_it_opens
from accounts.services.delegations import (
    UnableToDelegate,
    colleagues_for,
    delegate_role,
    scope_of,
)
from core import clock
from core.policies import signed_in

MINE = {"label": "My roles", "url": "/roles/mine/"}


@signed_in
@require_GET
def my_roles(request: Request) -> HttpResponse:
    """Show the viewer's own roles, and to whom they are handed on."""
    return render(
        request,
        "pages/accounts/roles/mine.html",
        {
            "page_title": "My roles",
            "page_lede": "What you may see and do beyond your own learning, and until when.",
            "roles": role_lists.own_roles(request.user, request.local_area, request.today),
            "today": request.today,
            "reads_all": reads_roles.check(request),
        },
    )


def _own(request: Request, pk: int) -> RoleGrant:
    """Return one of the viewer's own grants that can be handed on."""
    grant = get_object_or_404(
        RoleGrant.objects.select_related("person", "local_area", "organisation"),
        pk=pk,
        person=request.user,
        local_area=request.local_area,
    )
    if not can_delegate(request.user, grant, on=request.today):
        raise Http404
    return grant


@signed_in
@require_GET
def choose_colleague(request: Request, pk: int) -> HttpResponse:
    """Find the colleague to hand the role on to."""
    grant, on = _own(request, pk), request.today
    words = request.GET.get("q", "")[:100]
    places = Organisation.objects.filter(local_area=request.local_area)
    known = User.objects.visible_to(request.user, on)
    found = role_lists.search(colleagues_for(grant, on), words, places, on, known=known)
    return render(
        request,
        "pages/accounts/roles/choose_person.html",
        {
            "page_title": "Hand on while you are away",
            "page_caption": f"{grant.get_role_display()}, {role_lists.place_of(grant)}",
            "page_lede": "First, find a colleague with a post at the same employer."
            if grant.organisation_id
            else "First, find a colleague with a post in the area.",
            "breadcrumbs": [MINE],
            "words": words,
            "hint": "Part of a name finds the people you see in your role. For anybody else, "
            "type the whole name or the email address.",
            "most": role_lists.MOST_FOUND,
            "results": [
                {
                    "name": one.person.get_full_name(),
                    "post": one.post,
                    "url": reverse("accounts:role-delegate", args=[pk, one.person.public_id]),
                }
                for one in found
            ],
        },
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def delegate(request: Request, pk: int, public_id: UUID) -> HttpResponse:
    """Hand the role on: for which part, from when to when, and why."""
    grant, on = _own(request, pk), request.today
    colleague = get_object_or_404(colleagues_for(grant, on), public_id=public_id)
    form = DelegateForm(
        request.POST or None,
        whole=f"All of it: {role_lists.place_of(grant)}",
        organisations=_narrower(grant),
        on=on,
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            delegate_role(
                by=request.user,
                grant=grant,
                to=colleague,
                organisation=form.organisation(),
                starts_on=data["starts_on"],
                ends_on=data["ends_on"],
                reason=data["reason"],
                at=clock.now(),
            )
        except UnableToDelegate as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{colleague} holds the role with you on these days.")
            return redirect("accounts:my-roles")
    return render(
        request,
        "pages/accounts/roles/form.html",
        {
            "page_title": f"Hand on to {colleague}",
            "page_caption": f"{grant.get_role_display()}, {role_lists.place_of(grant)}",
            "page_lede": what_it_opens(grant.role),
            "form": form,
            "submit_label": "Hand on",
            "note": "You keep the role. Your colleague cannot grant it or hand it on.",
            "breadcrumbs": [
                MINE,
                {"label": "Hand on", "url": reverse("accounts:role-colleague", args=[pk])},
            ],
        },
    )


def _narrower(grant: RoleGrant) -> list[Organisation]:
    """Return the parts of the role's scope it may be narrowed to."""
    if grant.role in HELD_OVER_THE_AREA:
        return []
    return list(scope_of(grant).exclude(pk=grant.organisation_id))
