"""Screens for system administrators: the sign-in services of the area's employers."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms.sign_in_services import AddServiceForm, ChangeServiceForm
from accounts.models import SignInService
from accounts.oidc.secrets import secret_of, variable_of
from accounts.policies import administers
from accounts.querysets import SignInServiceQuerySet
from accounts.requests import Request
from accounts.services import sign_in_services as services
from core import clock

_TITLE = "Sign-in services"


def _visible(request: Request) -> SignInServiceQuerySet:
    visible: SignInServiceQuerySet = SignInService.objects.visible_to(request.user, request.today)
    return visible.filter(local_area=request.local_area)


def _find(request: Request, slug: str) -> SignInService:
    found = _visible(request).select_related("organisation", "local_area")
    return get_object_or_404(found, slug=slug)


@administers
@require_GET
def service_list(request: Request) -> HttpResponse:
    """Show the area's services; a constant number of queries."""
    linked = (
        SocialAccount.objects.filter(provider=OuterRef("slug"))
        .order_by()
        .values("provider")
        .annotate(people=Count("pk"))
        .values("people")
    )
    rows = _visible(request).select_related("organisation")
    found = rows.annotate(people=Coalesce(Subquery(linked), 0)).order_by("name", "pk")
    return render(
        request,
        "pages/accounts/sign_in/services.html",
        {
            "page_title": _TITLE,
            "page_lede": "Directories of employers, in which their people sign in.",
            "rows": [{"service": each, "has_secret": bool(secret_of(each))} for each in found],
        },
    )


@administers
@require_GET
def service(request: Request, slug: str) -> HttpResponse:
    """Show one service, and what its directory's administrator must know."""
    return _show(request, _find(request, slug))


def _show(request: Request, found: SignInService, checks: Any = None) -> HttpResponse:
    callback = reverse("openid_connect_callback", kwargs={"provider_id": found.slug})
    return render(
        request,
        "pages/accounts/sign_in/service.html",
        {
            "page_title": found.name,
            "breadcrumbs": [{"label": _TITLE, "url": reverse("accounts:sign-in-services")}],
            "service": found,
            "redirect_uri": request.build_absolute_uri(callback),
            "variable": variable_of(found.slug),
            "has_secret": bool(secret_of(found)),
            "people": SocialAccount.objects.filter(provider=found.slug).count(),
            "checks": checks,
        },
    )


@administers
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(app="allauth.mfa")
def add(request: Request) -> HttpResponse:
    """Set up a service."""
    form = AddServiceForm(request.POST or None, local_area=request.local_area)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_service(
                by=request.user,
                local_area=request.local_area,
                at=clock.now(),
                **form.cleaned_data,
            )
        except services.UnableToSaveService as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, "The service is set up. Two things are left to do there.")
            return redirect("accounts:sign-in-service", slug=made.slug)
    return _form(request, form, "Add a sign-in service", reverse("accounts:sign-in-services"))


@administers
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(app="allauth.mfa")
def change(request: Request, slug: str) -> HttpResponse:
    """Change a service."""
    found = _find(request, slug)
    initial = {
        "name": found.name,
        "client_id": found.client_id,
        "vouches_for_second_step": found.vouches_for_second_step,
    }
    form = ChangeServiceForm(request.POST or None, initial=initial)
    back = reverse("accounts:sign-in-service", args=[slug])
    if request.method == "POST" and form.is_valid():
        services.change_service(by=request.user, service=found, at=clock.now(), **form.cleaned_data)
        messages.success(request, "The service is changed.")
        return redirect(back)
    return _form(request, form, f"Change {found.name}", back)


def _form(request: Request, form: ChangeServiceForm, title: str, back: str) -> HttpResponse:
    return render(
        request,
        "pages/accounts/people/form.html",
        {"page_title": title, "form": form, "submit_label": "Save", "back": back},
    )


@administers
@require_POST
@reauthentication_required(app="allauth.mfa")
def switch(request: Request, slug: str) -> HttpResponse:
    """Switch a service off, or on again."""
    on = request.POST.get("on") == "yes"
    found = _find(request, slug)
    services.switch_service(by=request.user, service=found, on=on, at=clock.now())
    messages.success(
        request,
        "The service signs people in again." if on else "The service signs nobody in any more.",
    )
    return redirect("accounts:sign-in-service", slug=slug)


@administers
@require_POST
def test(request: Request, slug: str) -> HttpResponse:
    """Ask the service who it is, and show what was found."""
    found = _find(request, slug)
    checks = services.check_connection(by=request.user, service=found, at=clock.now())
    return _show(request, found, checks)
