"""How allauth's sign-in services behave here: whose they are, and whom they let in."""

from __future__ import annotations

import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.http import HttpRequest
from django.shortcuts import render

from accounts import audit
from accounts.models import SignInService, User
from accounts.oidc.outgoing import GuardedSession
from accounts.oidc.secrets import secret_of
from accounts.services import linked_accounts
from core import clock

logger = logging.getLogger(__name__)

# Left in the session by the page of an invitation (accounts.views.joining).
INVITATION_KEY = "accounts.invitation"


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Applications are the area's sign-in services; nobody is made or found by an address."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Return the services in use of the area asked for, as allauth knows applications."""
        area = getattr(request or self.request, "local_area", None)
        if not area:
            return []
        services = SignInService.objects.filter(is_active=True, local_area=area)
        if provider and provider != "openid_connect":
            services = services.filter(slug=provider)
        if client_id:
            services = services.filter(client_id=client_id)
        return [_app(service) for service in services]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Return False: accounts come from an employer's list or an invitation."""
        return False

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> Any:
        """Take over nothing of what the service calls somebody."""
        return sociallogin.user

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """Return False: an address in a token proves nothing."""
        return False

    def get_requests_session(self) -> GuardedSession:
        """Send requests to public hosts only."""
        return GuardedSession()

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let through whom the service may bring in, or answer with a page that says why not."""
        service = SignInService.objects.select_related("organisation", "local_area").get(
            slug=sociallogin.account.provider
        )
        wanted = sociallogin.state.get("nonce")
        if not wanted or getattr(sociallogin, "nonce", None) != wanted:
            raise _page(request, service, "socialaccount/authentication_error.html", 401)
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            user = request.user
            if not isinstance(user, User) or not linked_accounts.may_link(
                user,
                service,
                on=request.today,  # type: ignore[attr-defined]
            ):
                raise _page(request, service, "socialaccount/not_yours.html", 403)
            return
        self._before_sign_in(request, sociallogin, service)

    def _before_sign_in(
        self, request: HttpRequest, sociallogin: SocialLogin, service: SignInService
    ) -> None:
        on = request.today  # type: ignore[attr-defined]
        if sociallogin.is_existing:
            if not linked_accounts.may_sign_in(sociallogin.user, service, on=on):
                _refused(request, service, "not_employed", sociallogin.user)
                raise _page(request, service, "socialaccount/no_post.html", 403)
            return
        invitation, until = request.session.pop(INVITATION_KEY, (None, 0))
        if invitation is None or until < clock.now().timestamp():
            _refused(request, service, "not_linked")
            raise _page(request, service, "socialaccount/not_linked.html", 403)
        try:
            linked_accounts.link_by_invitation(
                invitation_pk=invitation,
                service=service,
                account=sociallogin.account,
                at=clock.now(),
            )
        except linked_accounts.UnableToLink:
            _refused(request, service, "invitation")
            raise _page(request, service, "socialaccount/not_linked.html", 403) from None
        sociallogin.user = sociallogin.account.user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Leave a trace of a token that was not believed; the page tells nothing."""
        if exception is None:
            return
        logger.warning("Sign-in by %s failed: %s", provider.sub_id, exception)
        service = SignInService.objects.filter(slug=provider.sub_id).first()
        if service is not None:
            _refused(request, service, "token")


def _app(service: SignInService) -> SocialApp:
    return SocialApp(
        provider="openid_connect",
        provider_id=service.slug,
        name=service.name,
        client_id=service.client_id,
        secret=secret_of(service),
        settings={
            "server_url": service.server_url,
            "kind": service.kind,
            "tenant": service.tenant,
        },
    )


def _page(
    request: HttpRequest, service: SignInService, template: str, status: int
) -> ImmediateHttpResponse:
    words = {"service": service}
    return ImmediateHttpResponse(render(request, template, words, status=status))


def _refused(
    request: HttpRequest, service: SignInService, why: str, person: User | None = None
) -> None:
    audit.record_refusal(
        by=person,
        what="sign_in_service",
        at=clock.now(),
        local_area=service.local_area,
        route="openid_connect_callback",
        data={"service": service.pk, "why": why},
    )
