"""One's own sign-in: setting up a second step, and ending sessions."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts import second_step as steps
from accounts.models import User
from accounts.requests import Request
from accounts.services import linked_accounts, sign_in
from core import clock
from core.policies import signed_in

_NEXT = "second_step_next"


@signed_in
@never_cache
@require_GET
def second_step(request: Request) -> HttpResponse:
    """Ask for a second step, calmly; whoever has one goes where they were going."""
    user = request.user
    wanted = request.GET.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        request.session[_NEXT] = wanted
    if steps.has(user) or steps.is_vouched_for(request):
        return redirect(request.session.pop(_NEXT, "/"))
    return render(
        request,
        "pages/accounts/sign_in/second_step.html",
        {
            "page_title": "Set up a second step",
            "must": steps.must_have(user, request.today),
        },
    )


@signed_in
@require_POST
def end_session(request: Request, pk: int) -> HttpResponse:
    """Sign out one of one's own devices; this one too, if it is the one."""
    user = request.user
    session = get_object_or_404(UserSession, user=user, pk=pk)
    is_this = session.session_key == request.session.session_key
    sign_in.end_session(by=user, session=session, at=clock.now())
    if is_this:
        logout(request)
        return redirect("account_login")
    messages.success(request, "That device is signed out.")
    return redirect("usersessions_list")


@signed_in
@require_GET
def linked_services(request: Request) -> HttpResponse:
    """Show the sign-in services that sign one in, and those one may link."""
    area = request.local_area
    return render(
        request,
        "socialaccount/connections.html",
        {
            "linked": linked_accounts.linked_services(request.user),
            "to_link": linked_accounts.services_to_link(
                request.user, local_area=area, on=request.today
            )
            if area
            else [],
        },
    )


@signed_in
@require_POST
@reauthentication_required(app="allauth.socialaccount")
def unlink_service(request: Request, pk: int) -> HttpResponse:
    """Take one of one's linked accounts away."""
    account = get_object_or_404(SocialAccount, user=request.user, pk=pk)
    try:
        linked_accounts.unlink(by=request.user, account=account, at=clock.now())
    except linked_accounts.UnableToUnlink as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "That service no longer signs you in.")
    return redirect("socialaccount_connections")


@signed_in
class RemovePasskeyView(RemoveWebAuthnView):
    """Take a passkey away, unless it is the last second step of somebody who must have one."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Refuse on the way in as well as on the press: the page then offers no button."""
        with transaction.atomic():
            # Two presses at once must not take away two passkeys that are the last together.
            User.objects.select_for_update().get(pk=request.user.pk)
            try:
                sign_in.check_may_remove(self.get_object())
            except ValidationError as refused:
                messages.error(request, refused.message)
                return HttpResponseRedirect(reverse("mfa_list_webauthn"))
            return super().dispatch(request, *args, **kwargs)


remove_passkey = RemovePasskeyView.as_view()
