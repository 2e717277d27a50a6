"""How allauth's second step behaves here: whose passkeys, how secrets are kept, what may go."""

from __future__ import annotations

import base64
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from accounts import second_step
from accounts.devices import device_name
from accounts.models import User
from core import clock


class SecondStepAdapter(DefaultMFAAdapter):
    """Passkeys belong to the host or the name above it; secrets are encrypted with SECRET_KEY."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": (
            "Your role asks for a second step, and this is your only one. "
            "Set up another before you take this away."
        ),
        "too_many_guesses": "Too many tries. Wait five minutes, or use a passkey.",
        "incorrect_code": "That code is not right. Check that it is the newest one.",
    }

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name the site passkeys are made for: PASSKEY_DOMAIN where hosts of it share them."""
        host = context.request.get_host().partition(":")[0]
        shared = settings.PASSKEY_DOMAIN
        is_below = bool(shared) and (host == shared or host.endswith(f".{shared}"))
        return {"id": shared if is_below else host, "name": self._product_name()}

    def get_totp_issuer(self) -> str:
        """Return what the authenticator app calls us: the name the person knows."""
        return self._product_name()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """Suggest the name of the device in hand: "Chrome on Windows"."""
        return device_name(context.request.headers.get("User-Agent", ""))

    def encrypt(self, text: str) -> str:
        """Keep the secret of an authenticator app unreadable to whoever reads the database."""
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Read it again; with a lost SECRET_KEY nothing fits, and recovery codes or an
        administrator help.
        """
        try:
            return _keys().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # A secret nobody knows: every code is wrong.
            return base64.b32encode(Fernet.generate_key()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether the authenticator may go: not the last one of somebody who must have one."""
        person = authenticator.user
        assert isinstance(person, User)
        others = Authenticator.objects.filter(user=person, type__in=second_step.TYPES)
        if others.exclude(pk=authenticator.pk).exists():
            return True
        if not settings.SECOND_STEP_ENFORCED:
            return True
        return not second_step.must_have(person, clock.today())

    def _product_name(self) -> str:
        area = getattr(context.request, "local_area", None)
        return str(area.product_name) if area else "Waymark"


def _keys() -> MultiFernet:
    """Return the keys made of SECRET_KEY and its fallbacks; the first encrypts."""
    return MultiFernet(
        [_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _key(secret: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"accounts.second_step")
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret.encode())))
