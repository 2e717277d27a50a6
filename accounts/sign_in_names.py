"""Sign-in names: how people without an email address are known at the door."""

from __future__ import annotations

import re
from typing import Any

from allauth.account.stages import EmailVerificationStage
from wagtail.coreutils import string_to_ascii

from accounts.models import User

_LONGEST = 50
_OTHER = re.compile(r"[^a-z0-9]+")


class AddressUnlessByName(EmailVerificationStage):
    """The stage of signing in that asks for a verified address, for whoever signs in by one."""

    def handle(self) -> tuple[Any, bool]:
        """Let a person through who signed in by name; allauth decides about the others."""
        user = self.login.user
        if self.login.email is None and isinstance(user, User) and user.sign_in_name:
            return None, True
        return super().handle()


def readable_name(given_name: str, family_name: str) -> str:
    """Return "tom.akinwale" for Tom Akinwale, in plain letters and figures whatever the script."""
    parts = (_plain(given_name.split()[0] if given_name.split() else ""), _plain(family_name))
    return ".".join(part for part in parts if part)[:_LONGEST].strip(".-") or "person"


def free_name(person: User) -> str:
    """Return a readable name nobody has: "tom.akinwale", else "tom.akinwale2" and so on.

    Somebody else may take it before it is saved: the constraint decides, and the caller asks again.
    """
    base = readable_name(person.given_name, person.family_name)
    taken = {
        str(name).lower()
        for name in User.objects.filter(sign_in_name__istartswith=base)
        .order_by()
        .values_list("sign_in_name", flat=True)
    }
    if base not in taken:
        return base
    number = 2
    while f"{base}{number}" in taken:
        number += 1
    return f"{base}{number}"


def _plain(text: str) -> str:
    folded = string_to_ascii(text).lower().replace("'", "")
    return _OTHER.sub("-", folded).strip("-")
