"""One's own profile: posts, how one signs in, and the address that stays when one leaves."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.address_links import LinkDoesNotFit, address_of
from accounts.forms.profile import AddressForm, NameForm
from accounts.own_profile import profile_of
from accounts.requests import Request
from accounts.services.addresses import (
    UnableToSetAddress,
    ask_for_address,
    confirm_address,
    keep_sign_in_address,
    remove_address,
)
from accounts.services.people import UnableToChangePerson, correct_own_name
from core import clock
from core.policies import signed_in

# In the session only: an address that is not proved is kept nowhere.
_SENT_TO = "address_link_sent_to"
_NOT_NOW = "address_not_now"


@signed_in
@require_GET
def profile(request: Request) -> HttpResponse:
    """Show one's own profile."""
    own = profile_of(request.user, request.today)
    return render(
        request,
        "pages/accounts/profile/profile.html",
        {
            "page_title": request.user.get_full_name(),
            "page_caption": "Your profile",
            "form": None,
            "own": own,
            "sent_to": request.session.get(_SENT_TO, ""),
            "is_asked": own.needs_address and not request.session.get(_NOT_NOW),
        },
    )


@signed_in
@require_http_methods(["GET", "POST"])
def name(request: Request) -> HttpResponse:
    """Put one's own name right, where no employer keeps it."""
    if profile_of(request.user, request.today).present:
        raise Http404
    user = request.user
    initial = {"given_name": user.given_name, "family_name": user.family_name}
    form = NameForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            correct_own_name(by=user, at=clock.now(), **form.cleaned_data)
        except UnableToChangePerson as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Your name is changed.")
            return redirect("accounts:profile")
    return render(
        request,
        "pages/accounts/people/form.html",
        {
            "page_title": "Your name",
            "form": form,
            "submit_label": "Save",
            "back": reverse("accounts:profile"),
        },
    )


@signed_in
@require_http_methods(["GET", "POST"])
def address(request: Request) -> HttpResponse:
    """Ask for an address of one's own, and send the link that proves it."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["address"]
        try:
            ask_for_address(by=request.user, address=given, at=clock.now())
        except UnableToSetAddress as error:
            form.add_error("address", str(error))
        else:
            request.session[_SENT_TO] = given
            messages.success(request, f"We have sent a link to {given}. Open it to confirm.")
            return redirect("accounts:profile")
    return render(
        request,
        "pages/accounts/profile/address.html",
        {
            "page_title": "Your own address",
            "form": form,
            "own": profile_of(request.user, request.today),
            "back": reverse("accounts:profile"),
        },
    )


@signed_in
@require_http_methods(["GET", "POST"])
def address_confirm(request: Request, token: str) -> HttpResponse:
    """Ask for one press, then keep the address: programs that follow links prove nothing."""
    context = {
        "page_title": "Confirm your own address",
        "form": None,
        "address": "",
        "problem": "",
        "back": reverse("accounts:profile"),
    }
    try:
        context["address"] = address_of(token, request.user)
        if request.method == "POST":
            confirm_address(by=request.user, token=token, at=clock.now())
            request.session.pop(_SENT_TO, None)
            messages.success(request, "This address is yours now. Your record stays with you.")
            return redirect("accounts:profile")
    except (LinkDoesNotFit, UnableToSetAddress) as error:
        context["problem"] = str(error)
    return render(
        request,
        "pages/accounts/profile/address_confirm.html",
        context,
        status=200 if not context["problem"] else 400,
    )


@signed_in
@require_POST
def address_own(request: Request) -> HttpResponse:
    """Say that the address one signs in with is one's own."""
    try:
        keep_sign_in_address(by=request.user, at=clock.now())
    except UnableToSetAddress as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "This address is yours now. Your record stays with you.")
    return redirect("accounts:profile")


@signed_in
@require_POST
def address_remove(request: Request) -> HttpResponse:
    """Take one's own address away again."""
    remove_address(by=request.user, at=clock.now())
    request.session.pop(_SENT_TO, None)
    messages.success(request, "We no longer keep an address of your own.")
    return redirect("accounts:profile")


@signed_in
@require_POST
def address_not_now(request: Request) -> HttpResponse:
    """Put the question away until the next sign-in."""
    request.session[_NOT_NOW] = True
    return redirect("accounts:profile")


@signed_in
@require_GET
def in_place_of_theirs(request: Request) -> HttpResponse:
    """Lead from allauth's list of addresses to the profile: one's own address is given there."""
    return redirect("accounts:profile")
