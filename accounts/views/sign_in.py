"""One's own sign-in: setting up a second step, and ending sessions."""

from __future__ import annotations

from allauth.mfa.webauthn.views import RemoveWebAuthnView
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
from accounts.services import sign_in
from core import clock
from core.policies import signed_in

_NEXT = "second_step_next"


@signed_in
@never_cache
@require_GET
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask for a second step, calmly; whoever has one goes where they were going."""
    user = request.user
    assert isinstance(user, User)
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
            "must": steps.must_have(user, request.today),  # type: ignore[attr-defined]
        },
    )


@signed_in
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out one of one's own devices; this one too, if it is the one."""
    user = request.user
    assert isinstance(user, User)
    session = get_object_or_404(UserSession, user=user, pk=pk)
    is_this = session.session_key == request.session.session_key
    sign_in.end_session(by=user, session=session, at=clock.now())
    if is_this:
        logout(request)
        return redirect("account_login")
    messages.success(request, "That device is signed out.")
    return redirect("usersessions_list")


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
