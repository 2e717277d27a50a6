"""Writes into the audit log what allauth links."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.signals import social_account_added
from django.dispatch import receiver

from accounts.services import linked_accounts
from core import clock


@receiver(social_account_added, dispatch_uid="accounts.oidc.linked")
def linked(sender: Any, sociallogin: SocialLogin, **kwargs: Any) -> None:
    """Hear that a signed-in person linked an account."""
    account = sociallogin.account
    linked_accounts.record_linked(person=account.user, provider=account.provider, at=clock.now())
