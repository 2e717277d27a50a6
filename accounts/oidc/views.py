"""Going to an employer's sign-in service, and coming back."""

from __future__ import annotations

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.oidc.provider import EmployerOAuth2Adapter
from core.policies import public


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Ask before going (GET), and go (POST).

    Not by a redirect: the content security policy of the page with the button lets its forms lead
    to this site only, and browsers hold redirects to that. The page that is answered goes on.
    """
    if request.GET.get("process") == AuthProcess.CONNECT:
        if not request.user.is_authenticated:
            raise Http404
        # Before the way there and not after the way back, when the token would have to wait.
        raise_if_reauthentication_required(request, app="allauth.socialaccount")
    try:
        adapter = EmployerOAuth2Adapter(request, provider_id)
        response: HttpResponse = OAuth2LoginView.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except OAuth2Error:
        return render(
            request,
            "socialaccount/authentication_error.html",
            {"auth_error": {"provider": adapter.get_provider(), "code": "unavailable"}},
            status=503,
        )
    if response.status_code != 302:
        return response
    return render(
        request,
        "socialaccount/leaving.html",
        {"provider": adapter.get_provider(), "address": response.headers["Location"]},
    )


@public
@never_cache
@require_safe
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take in whom the service sends back."""
    try:
        adapter = EmployerOAuth2Adapter(request, provider_id)
        response: HttpResponse = OAuth2CallbackView.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    return response
