"""How allauth behaves here: nobody signs themselves up; people are invited or imported."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts import audit, sessions, sign_in_mail
from core import clock

# Whoever signed in so lately need not prove again that it is them.
JUST_SIGNED_IN = dt.timedelta(minutes=5)


class AccountAdapter(DefaultAccountAdapter):
    """Closed sign-up; redirects only within the site."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "The sign-in name or the password is not correct.",
        "email_password_mismatch": "The email address or the password is not correct.",
        "too_many_login_attempts": (
            "Too many tries from here. Wait five minutes, or sign in another way."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: accounts come from an employer's list or an invitation."""
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failures by person *and* address: guessing elsewhere locks nobody out."""
        key = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{self.get_client_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Leave a trace of whoever tries too often."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            audit.record_refusal(
                by=None,
                what="too_many_sign_ins",
                local_area=getattr(request, "local_area", None) or None,
                at=clock.now(),
            )
            raise

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

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Open a session, unless the person was suspended between two steps of signing in."""
        user.refresh_from_db(fields=["is_active"])
        if not user.is_active:
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        super().login(request, user)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again before changes to sign-in, but not whoever has signed in just now."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        age = sessions.age(current.request, clock.now())
        return age is None or age > JUST_SIGNED_IN

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Promise the mail instead of sending it: a slow mail server holds nobody up."""
        request = current.request
        area = getattr(request, "local_area", None)
        words = {
            "request": request,
            "email": email,
            "product_name": area.product_name if area else "Waymark",
            "site": f"{request.scheme}://{request.get_host()}",
            **context,
        }
        sign_in_mail.promise(self.render_mail(template_prefix, email, words))
