"""How allauth behaves here: nobody signs themselves up; people are invited or imported."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Closed sign-up; redirects only within the site."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "The sign-in name or the password is not correct.",
        "email_password_mismatch": "The email address or the password is not correct.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: accounts come from an employer's list or an invitation."""
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failures by person *and* address: guessing elsewhere locks nobody out."""
        key = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{self.get_client_ip(request)}"

    def populate_username(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Invent no sign-in name: it comes with a printed card (accounts.sign_in_names)."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Check the password once: an address is no sign-in name, and a second look at the same
        person would take longer than a look at nobody.
        """
        if credentials.get("email"):
            credentials.pop("username", None)
        return super().authenticate(request, **credentials)

    def get_login_stages(self) -> list[str]:
        """Ask those who sign in by name for no address: they may have none."""
        theirs, ours = (
            "allauth.account.stages.EmailVerificationStage",
            "accounts.sign_in_names.AddressUnlessByName",
        )
        return [ours if path == theirs else path for path in super().get_login_stages()]
