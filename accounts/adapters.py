"""How allauth behaves here: nobody signs themselves up; people are invited or imported."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Closed sign-up; redirects only within the site."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: accounts come from an employer's list or an invitation."""
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failures by person *and* address: guessing elsewhere locks nobody out."""
        key = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{self.get_client_ip(request)}"
