"""The organisations of the area: the list, one setting's page, and what is kept by hand."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.enums import SCHOOL_KINDS, OrganisationKind, OrganisationStatus
from accounts.forms.organisations import (
    CloseForm,
    DirectoryFilterForm,
    OrganisationForm,
    TrustForm,
)
from accounts.models import Organisation, OrganisationConversion
from accounts.permissions import can_decide_sharing, can_keep_directory
from accounts.policies import keeps_directory
from accounts.requests import Request
from accounts.selectors.directory import (
    PAGE_SIZE,
    clusters_of,
    organisations_of,
    places_below,
    sharing_of,
    wards_of,
    who_is_who,
)
from accounts.selectors.lineage import lineage_of
from accounts.services.directory import (
    UnableToChangeOrganisation,
    add_organisation,
    change_organisation,
    close_organisation,
    set_trust,
)
from accounts.settings_led import organisations_led
from core import clock
from core.policies import signed_in

DIRECTORY = {"label": "Organisations", "url": "/organisations/"}


def organisation_or_404(request: Request, pk: int) -> Organisation:
    """Return an organisation of the area that the person may see at all."""
    rows = Organisation.objects.visible_to(request.user, request.today).filter(
        local_area=request.local_area or None
    )
    return get_object_or_404(rows.select_related("local_area", "trust", "parent"), pk=pk)


@signed_in
@require_GET
def directory(request: Request) -> HttpResponse:
    """List the area's organisations, 25 a page; filters and order are in the URL."""
    if not request.local_area:
        raise Http404
    form = DirectoryFilterForm(request.GET, wards=wards_of(request.local_area))
    filters = form.filters()
    rows = organisations_of(request.user, request.local_area, filters, request.today)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "pages/accounts/organisations/list.html",
        {
            "page_title": "Organisations",
            "form": None,
            "filter_form": form,
            "page_obj": page,
            "order_by": filters.order_by,
            "may_keep": can_keep_directory(request.user, request.local_area, on=request.today),
        },
    )


def _closed_words(shown: Organisation, conversion: OrganisationConversion | None) -> str:
    day = f" on {shown.closed_on:%-d %B %Y}" if shown.closed_on else ""
    moved = f" Its people moved to {conversion.successor}." if conversion else ""
    return f"This closed{day}.{moved}"


@signed_in
@require_GET
def organisation(request: Request, pk: int) -> HttpResponse:
    """Show one setting: its facts, who is who, its line, its clusters, what it shares."""
    shown = organisation_or_404(request, pk)
    before, after = lineage_of(shown)
    assert shown.local_area is not None
    may_keep = can_keep_directory(request.user, shown.local_area, on=request.today)
    conversion = getattr(shown, "conversion", None)
    is_closed = shown.status == OrganisationStatus.CLOSED
    who = who_is_who(request.user, shown, request.today)
    return render(
        request,
        "pages/accounts/organisations/organisation.html",
        {
            "page_title": shown.name,
            "page_caption": shown.get_kind_display(),
            "breadcrumbs": [DIRECTORY],
            "organisation": shown,
            "is_closed": is_closed,
            "closed_words": _closed_words(shown, conversion),
            "shows_postcode": shown.kind != OrganisationKind.CHILDMINDER,
            "before": before,
            "after": after,
            "conversion": conversion,
            "who": who,
            "below": places_below(shown, request.today),
            "clusters": clusters_of(shown, request.today),
            "sharing": sharing_of(request.user, shown, request.today),
            "today": request.today,
            "may_keep": may_keep,
            "may_convert": may_keep and is_closed and conversion is None,
            "may_set_trust": may_keep and shown.kind in SCHOOL_KINDS,
            "may_share": can_decide_sharing(request.user, shown, on=request.today),
            "leads": who.sees_names and organisations_led(request).filter(pk=shown.pk).exists(),
        },
    )


@keeps_directory
@require_http_methods(["GET", "POST"])
def add(request: Request) -> HttpResponse:
    """Add an organisation that the register of schools does not know."""
    form = OrganisationForm(request.POST or None, local_area=request.local_area)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_organisation(
                by=request.user,
                local_area=request.local_area,
                described=form.described(),
                at=clock.now(),
            )
        except UnableToChangeOrganisation as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, f"{made} is added.")
            return redirect("accounts:organisation", pk=made.pk)
    return render(
        request,
        "pages/accounts/organisations/form.html",
        {
            "page_title": "Add an organisation",
            "form": form,
            "submit_label": "Add the organisation",
            "back": reverse("accounts:organisations"),
        },
    )


def form_page(
    request: Request, shown: Organisation, title: str, form: object, submit: str, **more: object
) -> HttpResponse:
    """Show a form about one organisation."""
    return render(
        request,
        "pages/accounts/organisations/form.html",
        {
            "page_title": title,
            "page_caption": shown.name,
            "form": form,
            "submit_label": submit,
            "back": reverse("accounts:organisation", args=[shown.pk]),
            **more,
        },
    )


@keeps_directory
@require_http_methods(["GET", "POST"])
def change(request: Request, pk: int) -> HttpResponse:
    """Change what was said of an organisation by hand."""
    shown = organisation_or_404(request, pk)
    if shown.urn is not None:
        raise Http404
    form = OrganisationForm(request.POST or None, local_area=request.local_area, organisation=shown)
    if request.method == "POST" and form.is_valid():
        try:
            change_organisation(
                by=request.user, organisation=shown, described=form.described(), at=clock.now()
            )
        except UnableToChangeOrganisation as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, "Saved.")
            return redirect("accounts:organisation", pk=pk)
    return form_page(request, shown, "Change the organisation", form, "Save")


@keeps_directory
@require_http_methods(["GET", "POST"])
def trust(request: Request, pk: int) -> HttpResponse:
    """Say which trust an academy belongs to."""
    shown = organisation_or_404(request, pk)
    if shown.kind not in SCHOOL_KINDS:
        raise Http404
    form = TrustForm(request.POST or None, organisation=shown)
    if request.method == "POST" and form.is_valid():
        try:
            set_trust(
                by=request.user,
                organisation=shown,
                trust=form.cleaned_data["trust"],
                at=clock.now(),
            )
        except UnableToChangeOrganisation as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, "Saved.")
            return redirect("accounts:organisation", pk=pk)
    return form_page(request, shown, "Trust", form, "Save")


@keeps_directory
@require_http_methods(["GET", "POST"])
def close(request: Request, pk: int) -> HttpResponse:
    """Close an organisation that the register does not know."""
    shown = organisation_or_404(request, pk)
    if shown.urn is not None or shown.status == OrganisationStatus.CLOSED:
        raise Http404
    form = CloseForm(request.POST or None, initial={"closed_on": request.today})
    if request.method == "POST" and form.is_valid():
        try:
            close_organisation(
                by=request.user,
                organisation=shown,
                closed_on=form.cleaned_data["closed_on"],
                at=clock.now(),
            )
        except UnableToChangeOrganisation as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, f"{shown} is closed.")
            return redirect("accounts:organisation", pk=pk)
    return form_page(
        request,
        shown,
        f"Close {shown}?",
        form,
        "Close it",
        page_lede="Its history stays. Nobody can be given a post there once it is closed.",
    )
