"""Roles: who holds what, granting one, ending one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_GET, require_http_methods

from accounts import role_lists
from accounts.forms.roles import EndForm, GrantForm, RoleFilterForm
from accounts.models import RoleGrant
from accounts.permissions import can_delegate, can_end_grant, givings_of, is_administrator
from accounts.policies import grants_roles, reads_roles
from accounts.requests import Request
from accounts.role_words import what_it_opens
from accounts.services.roles import UnableToEndRole, UnableToGrantRole, end_role, grant_role
from core import clock
from core.policies import signed_in

PAGE_SIZE = 25
CRUMB = {"label": "Roles", "url": "/roles/"}


@reads_roles
@require_GET
def role_list(request: Request) -> HttpResponse:
    """Show who holds which role in the viewer's scope."""
    user, area, on = request.user, request.local_area, request.today
    places = role_lists.places_shown(user, area, on)
    form = RoleFilterForm(request.GET or None, places=places)
    grants = role_lists.grants_shown(user, area, form.filters(), on)
    page = Paginator(grants, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = role_lists.role_rows(user, area, page.object_list, on)
    administers_all = is_administrator(user, area, on)
    last_day = role_lists.ending_administration(area, on) if administers_all else None
    return render(
        request,
        "pages/accounts/roles/list.html",
        {
            "page_title": "Roles",
            "page_lede": "Who may see and do what, where, and until when.",
            "filter_form": form,
            "rows": rows,
            "page_obj": page,
            "may_grant": bool(givings_of(user, local_area=area, on=on)),
            "is_administrator": administers_all,
            "nobody_after": f"After {date_format(last_day, 'j F Y')} nobody administers this area."
            if last_day
            else "",
        },
    )


@grants_roles
@require_GET
def choose_person(request: Request) -> HttpResponse:
    """Find the person to grant a role to."""
    user, area, on = request.user, request.local_area, request.today
    words = request.GET.get("q", "")[:100]
    places = role_lists.places_to_grant(user, area, on)
    found = role_lists.search(role_lists.people_to_grant(user, area, on), words, places, on)
    return render(
        request,
        "pages/accounts/roles/choose_person.html",
        {
            "page_title": "Grant a role",
            "page_lede": "First, find the person. They need a post in a setting you answer for.",
            "breadcrumbs": [CRUMB],
            "words": words,
            "most": role_lists.MOST_FOUND,
            "results": [
                {
                    "name": one.person.get_full_name(),
                    "post": one.post,
                    "url": reverse("accounts:role-grant", args=[one.person.public_id]),
                }
                for one in found
            ],
        },
    )


@grants_roles
@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: Request, public_id: UUID) -> HttpResponse:
    """Grant a role to the person; the form says what each role opens before it is given."""
    user, area, on = request.user, request.local_area, request.today
    person = get_object_or_404(role_lists.people_to_grant(user, area, on), public_id=public_id)
    form = GrantForm(
        request.POST or None,
        givings=givings_of(user, local_area=area, on=on),
        organisations=list(role_lists.places_to_grant(user, area, on)),
        on=on,
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            grant_role(
                by=user,
                person=person,
                role=data["role"],
                local_area=area,
                organisation=form.organisation(),
                starts_on=data["starts_on"],
                ends_on=data["ends_on"],
                reason=data["reason"],
                at=clock.now(),
            )
        except UnableToGrantRole as error:
            form.add_error(None, str(error))
        except PermissionDenied:
            form.add_error(None, "Your own role does not let you grant this one there.")
        else:
            messages.success(request, f"{person} has the role now, on the days you chose.")
            return redirect("accounts:roles")
    return render(
        request,
        "pages/accounts/roles/form.html",
        {
            "page_title": f"Grant a role to {person}",
            "form": form,
            "submit_label": "Grant the role",
            "note": "They see what the role opens from the first day. Your name stays with it.",
            "breadcrumbs": [CRUMB, {"label": "Grant a role", "url": reverse("accounts:role-find")}],
        },
    )


def _visible(request: Request, pk: int) -> RoleGrant:
    grants = RoleGrant.objects.visible_to(request.user, request.today).filter(
        local_area=request.local_area
    )
    return get_object_or_404(
        grants.select_related(
            "person", "local_area", "organisation", "granted_by", "delegated_from__person"
        ),
        pk=pk,
    )


@signed_in
@require_GET
def role(request: Request, pk: int) -> HttpResponse:
    """Show one grant, what it opens, and its history."""
    found, on = _visible(request, pk), request.today
    is_over = found.ends_on is not None and found.ends_on < on
    return render(
        request,
        "pages/accounts/roles/role.html",
        {
            "page_title": found.get_role_display(),
            "page_caption": found.person.get_full_name(),
            "page_lede": what_it_opens(found.role),
            "grant": found,
            "place": role_lists.place_of(found),
            "is_over": is_over,
            "may_end": not is_over and can_end_grant(request.user, found, on=on),
            "may_delegate": can_delegate(request.user, found, on=on),
            "changes": role_lists.changes_of(found),
            "breadcrumbs": _crumbs(request),
        },
    )


def _crumbs(request: Request) -> list[dict[str, str]]:
    """Lead back to the list where the viewer has one, and to their own roles otherwise."""
    if reads_roles.check(request):
        return [CRUMB]
    return [{"label": "My roles", "url": reverse("accounts:my-roles")}]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Request, pk: int) -> HttpResponse:
    """End a role: today, at once or on a day."""
    found, on = _visible(request, pk), request.today
    if not can_end_grant(request.user, found, on=on):
        raise PermissionDenied
    form = EndForm(request.POST or None, on=on)
    if request.method == "POST" and form.is_valid():
        try:
            end_role(
                by=request.user,
                grant=found,
                ends_on=form.ends_on(),
                reason=form.cleaned_data["reason"],
                at=clock.now(),
            )
        except UnableToEndRole as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{found.get_role_display()}: the end is set.")
            own = found.person_id == request.user.pk or not reads_roles.check(request)
            return redirect("accounts:my-roles" if own else "accounts:roles")
    return render(
        request,
        "pages/accounts/roles/form.html",
        {
            "page_title": f"End the role of {found.get_role_display().lower()}",
            "page_caption": f"{found.person}, {role_lists.place_of(found)}",
            "form": form,
            "submit_label": "End the role",
            "is_warning": True,
            "note": _after(found, is_own=found.person_id == request.user.pk),
            "breadcrumbs": [
                *_crumbs(request),
                {
                    "label": found.get_role_display(),
                    "url": reverse("accounts:role", args=[found.pk]),
                },
            ],
        },
    )


def _after(grant: RoleGrant, *, is_own: bool) -> str:
    """Say what the end of the role means for its holder."""
    who, theirs = ("you", "Your") if is_own else ("they", "Their")
    words = f"What {who} see through this role closes with it. {theirs} own learning record stays."
    if grant.delegated_from_id is None:
        words += " Where the role is handed on to somebody, that ends too."
    return words
