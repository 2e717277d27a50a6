"""Joining: the link of an invitation, the card, the first password.

A GET changes nothing: mail scanners open links before people do. The address of a link is a
secret, so these pages are kept by no cache, and no request that follows names their path.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import card_limits
from accounts.forms.joining import ChoosePasswordForm, ClaimForm
from accounts.invitation_rows import services_for
from accounts.models import Invitation, User
from accounts.services import claim_cards
from accounts.services import invitations as services
from core import clock
from core.policies import public, signed_in

# Read by whoever connects an account of the employer's sign-in service (accept_with_service): the
# invitation and until when. A computer in a staff room is somebody else's a quarter of an hour on.
INVITATION_KEY = "accounts.invitation"
_CARD_KEY = "accounts.card"
_STEP_SECONDS = 15 * 60
View = Callable[..., HttpResponse]


def _in_confidence(view: View) -> View:
    """Keep the page out of caches, and its address out of what later requests tell.

    Not "no-referrer": with it browsers send `Origin: null` along with the form, and Django
    rightly refuses such a POST.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        response.headers["Referrer-Policy"] = "strict-origin"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return wrapped


@public
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@_in_confidence
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show who is invited by whom, and take the first password."""
    if request.user.is_authenticated:
        return _somebody_is_in(request)
    invitation = services.mailed_invitation(token, at=clock.now())
    if invitation is None:
        return _nothing_here(request)
    return _choose_password(request, invitation, token=token)


@public
@require_POST
@_in_confidence
def with_service(request: HttpRequest, token: str, slug: str) -> HttpResponse:
    """Go on to the employer's own sign-in, remembering which invitation is to be accepted."""
    if request.user.is_authenticated:
        return _somebody_is_in(request)
    invitation = services.mailed_invitation(token, at=clock.now())
    if invitation is None:
        return _nothing_here(request)
    service = get_object_or_404(services_for(invitation), slug=slug)
    request.session[INVITATION_KEY] = [invitation.pk, clock.now().timestamp() + _STEP_SECONDS]
    way = reverse("openid_connect_login", kwargs={"provider_id": service.slug})
    return redirect(f"{way}?{urlencode({'next': reverse('accounts:joined')})}")


@public
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@_in_confidence
def by_card(request: HttpRequest) -> HttpResponse:
    """Take the sign-in name and the code of a card; the same answer to everything wrong."""
    if request.user.is_authenticated:
        return _somebody_is_in(request)
    asked = {"sign_in_name": request.GET.get("name", "")[:60]}
    form = ClaimForm(request.POST or None, initial=asked)
    status = 200
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["sign_in_name"]
        if not card_limits.may_try(request, name):
            form.add_error(None, "Too many tries. Wait five minutes, then try again.")
            status = 429
        else:
            invitation = claim_cards.claimed_invitation(
                sign_in_name=name, code=form.cleaned_data["code"], at=clock.now()
            )
            if invitation is not None:
                request.session[_CARD_KEY] = [
                    invitation.pk,
                    clock.now().timestamp() + _STEP_SECONDS,
                ]
                return redirect("accounts:join-password")
            card_limits.tried_wrong(request, name)
            form.add_error(
                None,
                "This sign-in name and code do not belong together, or the card no longer works. "
                "Check them, or ask whoever gave you the card for a new one.",
            )
    return render(
        request,
        "pages/accounts/joining/card.html",
        {"form": form, "page_title": "Join with your card"},
        status=status,
    )


@public
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@_in_confidence
def after_card(request: HttpRequest) -> HttpResponse:
    """Take the first password of whoever has just shown a card."""
    if request.user.is_authenticated:
        return _somebody_is_in(request)
    pk, until = request.session.get(_CARD_KEY, (0, 0))
    now = clock.now()
    if until < now.timestamp():
        return redirect("accounts:join")
    invitation = services.usable_invitation(Invitation.objects.filter(pk=pk), at=now)
    if invitation is None:
        return _nothing_here(request)
    return _choose_password(request, invitation)


def _choose_password(
    request: HttpRequest, invitation: Invitation, *, token: str = ""
) -> HttpResponse:
    form = ChoosePasswordForm(request.POST or None, person=invitation.person)
    if request.method == "POST" and form.is_valid():
        try:
            person = services.accept_with_password(
                invitation_pk=invitation.pk,
                password=form.cleaned_data["password1"],
                at=clock.now(),
            )
        except services.UnableToAccept:
            return _nothing_here(request)
        request.session.pop(_CARD_KEY, None)
        return _sign_in(request, person)
    return render(
        request,
        "pages/accounts/joining/password.html",
        {
            "form": form,
            "invitation": invitation,
            "token": token,
            "sign_in_services": list(services_for(invitation)) if token else [],
            "facts": _facts(invitation),
            "sign_in_with": invitation.person.email or invitation.person.sign_in_name,
            "page_title": f"Welcome, {invitation.person.given_name}",
        },
    )


def _facts(invitation: Invitation) -> list[dict[str, str]]:
    """Say whose account this is, so that nobody opens another's by mistake."""
    person = invitation.person
    facts = [("Name", person.get_full_name())]
    if invitation.organisation is not None:
        facts.append(("Setting", invitation.organisation.name))
    if person.email:
        facts.append(("Email address", person.email))
    else:
        facts.append(("Sign-in name", str(person.sign_in_name)))
    return [{"key": key, "value": value} for key, value in facts]


def _sign_in(request: HttpRequest, person: User) -> HttpResponse:
    """Sign in as if the password had been typed: every stage of signing in applies."""
    address = person.email.lower() if person.email else None
    credentials = {"email": address, "username": None if address else person.sign_in_name}
    login = Login(user=person, email=address, redirect_url=reverse("accounts:joined"))
    return perform_password_login(request, credentials, login)


def _nothing_here(request: HttpRequest) -> HttpResponse:
    """Say who to ask, and nothing about whether there ever was such an invitation."""
    return render(
        request,
        "pages/accounts/joining/gone.html",
        {"page_title": "This invitation does not work any more"},
        status=410,
    )


def _somebody_is_in(request: HttpRequest) -> HttpResponse:
    """Ask who is signed in on this device to sign out first, rather than swap people unseen."""
    return render(
        request,
        "pages/accounts/joining/signed_in.html",
        {"page_title": "Somebody is signed in here already", "back": request.path},
        status=409,
    )


@signed_in
@require_GET
def joined(request: HttpRequest) -> HttpResponse:
    """Say that it worked, how to come back, and how to keep one's record for good."""
    area = request.local_area  # type: ignore[attr-defined]
    # The page says more than "signed in": said twice it would only be in the way.
    list(messages.get_messages(request))
    return render(
        request,
        "pages/accounts/joining/joined.html",
        {
            "page_title": "",
            "person": request.user,
            "welcome": f"Welcome to {area.product_name}." if area else "Welcome.",
        },
    )
