"""Lengths in words."""

from __future__ import annotations

from decimal import Decimal


def minutes_in_words(minutes: int) -> str:
    """Say a length as people do: "40 minutes", "1 hour", "1 hour 30 minutes"."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(f"{hours} hour" + ("" if hours == 1 else "s"))
    if rest or not hours:
        parts.append(f"{rest} minute" + ("" if rest == 1 else "s"))
    return " ".join(parts)


def hours_in_words(hours: Decimal) -> str:
    """Say hours with one decimal at least: "1.0 hour", "0.75 hours"."""
    text = f"{hours.normalize():f}"
    if "." not in text:
        text += ".0"
    return f"{text} hour{'' if hours == 1 else 's'}"


def cpd_in_words(hours: Decimal) -> str:
    """Say CPD hours on a line of facts: "1.0 hour CPD"."""
    return f"{hours_in_words(hours)} CPD"
