"""allauth's OpenID Connect provider, narrowed to a tenant and a subject."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string

from accounts.enums import SignInServiceKind
from accounts.oidc.configuration import UnusableService, fetch_configuration
from accounts.oidc.identity import Identity, UntrustedToken, identity_of

# Signed with the service's private key. Never "none", nor a secret that both sides know.
_SIGNATURES = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"}


class EmployerOAuth2Adapter(OpenIDConnectOAuth2Adapter):
    """Reads who signs in from the ID token alone, whose signature is always checked.

    What the service's userinfo address would add is not asked for: it could name another person
    or tenant than the token does.
    """

    @property
    def openid_config(self) -> dict[str, Any]:
        """Return the service's checked configuration; once a request."""
        if not hasattr(self, "_checked_config"):
            provider = self.get_provider()
            try:
                self._checked_config = fetch_configuration(provider.app.settings["server_url"])
            except UnusableService as error:
                raise OAuth2Error(str(error)) from error
        return self._checked_config

    def complete_login(
        self, request: HttpRequest, app: Any, token: Any, **kwargs: Any
    ) -> SocialLogin:
        """Return who signs in; raises OAuth2Error where the token cannot be trusted."""
        raw = kwargs["response"].get("id_token")
        if not isinstance(raw, str):
            raise OAuth2Error("no ID token")
        claims = self._claims(app, raw)
        try:
            who = identity_of(
                claims,
                kind=app.settings["kind"],
                tenant=app.settings["tenant"],
                server_url=app.settings["server_url"],
                client_id=app.client_id,
            )
        except UntrustedToken as error:
            raise OAuth2Error(str(error)) from error
        login: SocialLogin = self.get_provider().sociallogin_from_response(request, who)
        login.nonce = claims.get("nonce")  # type: ignore[attr-defined]
        return login

    def _claims(self, app: Any, raw: str) -> dict[str, Any]:
        import jwt

        try:
            signed_with = jwt.get_unverified_header(raw).get("alg")
        except jwt.PyJWTError as error:
            raise OAuth2Error("the ID token cannot be read") from error
        if signed_with not in _SIGNATURES:
            raise OAuth2Error("the ID token is not signed with the service's key")
        try:
            claims: dict[str, Any] = jwtkit.verify_and_decode(
                credential=raw,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
            )
        except (KeyError, ValueError) as error:
            raise OAuth2Error("the keys of the service cannot be read") from error
        return claims


class EmployerProvider(OpenIDConnectProvider):
    """One employer's directory. Takes from it who somebody is, and no name or address."""

    oauth2_adapter_class = EmployerOAuth2Adapter
    supports_token_authentication = False
    pkce_enabled_default = True

    def get_default_scope(self) -> list[str]:
        """Ask for what carries the tenant: Entra's `profile`, Google's `email`."""
        is_entra = self.app.settings["kind"] == SignInServiceKind.ENTRA
        return ["openid", "profile" if is_entra else "email"]

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """Ask for nothing that an address bar adds."""
        return self.get_scope()

    def get_auth_params_from_request(self, request: HttpRequest, action: Any) -> dict[str, str]:
        """Let the person choose their account; tell Google whose accounts are meant."""
        asked = {"prompt": "select_account"}
        if self.app.settings["kind"] == SignInServiceKind.GOOGLE:
            asked["hd"] = self.app.settings["tenant"]
        return asked

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponse:
        """Send the person to the service, with a number that must come back in the token."""
        nonce = get_random_string(32)
        params = {**(kwargs.pop("auth_params", None) or {}), "nonce": nonce}
        response: HttpResponse = super().redirect(
            request, process, next_url, data, auth_params=params, nonce=nonce, **kwargs
        )
        return response

    def extract_uid(self, data: Identity) -> str:
        """Return the key of the account."""
        return data.uid

    def extract_extra_data(self, data: Identity) -> dict[str, str]:
        """Keep no more than the key says."""
        return {"tenant": data.tenant, "subject": data.subject}

    def extract_common_fields(self, data: Identity) -> dict[str, Any]:
        """Take over no name."""
        return {}

    def extract_email_addresses(self, data: Identity) -> list[Any]:
        """Take over no address: nobody is linked by one."""
        return []


provider_classes = [EmployerProvider]
