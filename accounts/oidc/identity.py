"""Who an ID token is about: the tenant and the subject in it, and nothing else.

An address in a token proves nothing: in Entra an administrator of any tenant may set it to
anything. https://learn.microsoft.com/entra/identity-platform/claims-validation
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.enums import SignInServiceKind

_LONGEST = 190


class UntrustedToken(Exception):
    """The token is not one that the service's tenant gave out for us; the message is for logs."""


@dataclass(frozen=True)
class Identity:
    """One person in one tenant's directory."""

    tenant: str
    subject: str

    @property
    def uid(self) -> str:
        """Return the key of the account: "tenant|subject"."""
        return f"{self.tenant}|{self.subject}"


def identity_of(
    claims: Mapping[str, Any], *, kind: str, tenant: str, server_url: str, client_id: str
) -> Identity:
    """Return who a token with a good signature is about; raises UntrustedToken."""
    if not isinstance(claims.get("iss"), str) or _bare(claims["iss"]) != _bare(server_url):
        raise UntrustedToken("the issuer is not the service")
    audience = claims.get("aud")
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != client_id:
        raise UntrustedToken("the token is for somebody else too")
    of_tenant, of_person = ("tid", "oid") if kind == SignInServiceKind.ENTRA else ("hd", "sub")
    named, subject = claims.get(of_tenant), claims.get(of_person)
    if not isinstance(named, str) or not isinstance(subject, str) or not subject.strip():
        raise UntrustedToken(f"no {of_tenant} or no {of_person}")
    if named.lower() != tenant.lower():
        raise UntrustedToken("another tenant")
    if kind == SignInServiceKind.ENTRA:
        _check_entra(tenant, claims["iss"], subject)
    found = Identity(tenant.lower(), subject)
    if len(found.uid) > _LONGEST or "|" in found.tenant:
        raise UntrustedToken("the subject is too long")
    return found


def _check_entra(tenant: str, issuer: str, subject: str) -> None:
    """Entra's issuer names the tenant too, and its keys are GUIDs."""
    if tenant.lower() not in issuer.lower().split("/"):
        raise UntrustedToken("the issuer is of another tenant")
    try:
        uuid.UUID(subject)
    except ValueError as error:
        raise UntrustedToken("the oid is no GUID") from error


def _bare(address: str) -> str:
    return address.rstrip("/").lower()
