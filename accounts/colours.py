"""Whether an area's colours can be read: WCAG 2.2 contrast, checked when they are saved."""

from __future__ import annotations

INK = "#1c2421"
WHITE = "#ffffff"


class UnreadableColours(Exception):
    """Two colours that stand on each other are too alike; the message says which."""


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours (#rrggbb), 1 to 21 (WCAG 2.2, 1.4.3)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def check_theme(*, brand: str, brand_ink: str, tint: str) -> None:
    """Raise UnreadableColours unless text, links and buttons can be read in these colours."""
    for what, first, second, least in (
        ("The brand colour on white", brand, WHITE, 4.5),
        ("The brand colour on the tint", brand, tint, 4.5),
        ("Text on the brand colour", brand_ink, brand, 4.5),
        ("Text on the tint", INK, tint, 7.0),
    ):
        ratio = contrast(first, second)
        if ratio < least:
            raise UnreadableColours(
                f"{what} has a contrast of {ratio:.1f} to 1; it needs {least:g} to 1 or more."
            )


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
