"""The client secrets of sign-in services: in the environment, never in the database."""

from __future__ import annotations

import os

from accounts.models import SignInService


def variable_of(slug: str) -> str:
    """Return the name of the variable that holds a service's secret."""
    return f"SIGN_IN_SECRET_{slug.upper().replace('-', '_')}"


def secret_of(service: SignInService) -> str:
    """Return the service's secret, or nothing where the variable is not set."""
    return os.environ.get(variable_of(service.slug), "").strip()
