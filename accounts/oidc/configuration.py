"""What a service says of itself (OpenID Connect Discovery 1.0), and whether we believe it."""

from __future__ import annotations

from typing import Any

import requests

from accounts.oidc.outgoing import GuardedSession, check_address

_PATH = "/.well-known/openid-configuration"
_ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class UnusableService(Exception):
    """The service cannot be used as it is; the message says why, for an administrator."""


def fetch_configuration(server_url: str) -> dict[str, Any]:
    """Fetch and check what the service at an address says; raises UnusableService."""
    address = server_url.rstrip("/") + _PATH
    try:
        response = GuardedSession().get(address)
        response.raise_for_status()
        told = response.json()
    except requests.exceptions.JSONDecodeError as error:
        raise UnusableService(f"{address} does not answer with a configuration.") from error
    except requests.HTTPError as error:
        raise UnusableService(
            f"{address} answers with the error {response.status_code}."
        ) from error
    except requests.Timeout as error:
        raise UnusableService(f"{address} does not answer in time.") from error
    except requests.ConnectionError as error:
        raise UnusableService(f"There is no connection to {address}.") from error
    except requests.RequestException as error:
        raise UnusableService(str(error)) from error
    return _checked(told, server_url)


def _checked(told: Any, server_url: str) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise UnusableService("The configuration is not a JSON object.")
    issuer = told.get("issuer")
    if not isinstance(issuer, str) or issuer.rstrip("/") != server_url.rstrip("/"):
        raise UnusableService(f"It says that it is {issuer or 'nobody'}, and not {server_url}.")
    for name in _ADDRESSES:
        value = told.get(name)
        if not isinstance(value, str):
            raise UnusableService(f"Its configuration has no {name}.")
        try:
            check_address(value)
        except requests.RequestException as error:
            raise UnusableService(f"Its {name} cannot be used: {error}") from error
    return told
