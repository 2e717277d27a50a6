"""What the provider says of people: the claims that the test asked for."""

from __future__ import annotations

from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from django.conf import settings

# Claims by purpose ("id_token", "userinfo"); run.py fills it as the test asks.
SAID: dict[str, dict[str, Any]] = {}


class ProviderAdapter(DefaultOIDCAdapter):
    """Issues for one tenant, as Entra does: the issuer's address names it."""

    def get_issuer(self) -> str:
        """Return the issuer the test wants, or our own."""
        return str(SAID.get("issuer", {}).get("is", settings.ISSUER))

    def get_claims(self, purpose: Any, user: Any, client: Any, scopes: Any, **kwargs: Any) -> Any:
        """Return the usual claims, changed as the test asked."""
        claims = super().get_claims(purpose, user, client, scopes, **kwargs)
        return {**claims, **SAID.get(purpose, {})}

    def populate_id_token(self, id_token: Any, client: Any, scopes: Any, **kwargs: Any) -> None:
        """Change what is in every token too, such as its issuer."""
        id_token.update(SAID.get("token", {}))
