"""How allauth behaves here: nobody signs themselves up; people are invited or imported."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Closed sign-up; redirects only within the site."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: accounts come from an employer's list or an invitation."""
        return False
