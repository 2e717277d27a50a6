"""What a new password must not be, beside Django's own rules.

Length and a list of what is guessed first, as NIST SP 800-63B asks; no rules about capitals,
figures or signs, and no regular changes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

_ORNAMENT = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_RUNS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
# Names everybody here would try first.
_OURS = frozenset({"waymark", "merrowdale", "sendlearning", "training", "safeguarding"})
_FEWEST_SIGNS = 5


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


class GuessedFirstValidator:
    """Refuses a common password with figures around it, one sign again and again, and runs."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for what a guesser tries first."""
        low = password.lower()
        bare = _ORNAMENT.sub("", low)
        if (
            len(set(low)) < _FEWEST_SIGNS
            or not bare
            or bare in _common()
            or bare in _OURS
            or any(low in run * 2 or low[::-1] in run * 2 for run in _RUNS)
            or _is_one_thing_twice(bare)
        ):
            raise ValidationError(
                "This password is guessed early. Choose words that do not belong together.",
                code="guessed_first",
            )

    def get_help_text(self) -> str:
        """Say the rule."""
        return "Not a common password with figures around it."


def _is_one_thing_twice(text: str) -> bool:
    """Whether it is a common password written several times: "passwordpassword"."""
    return any(
        len(text) % size == 0 and text == text[:size] * (len(text) // size)
        for size in range(1, len(text) // 2 + 1)
        if text[:size] in _common() or size == 1
    )
