"""What leads write about a network or meeting is read by many: no child is identified in it."""

from __future__ import annotations

from core.pupil_identifiers import scan


class HoldsPupilIdentifier(Exception):
    """A text holds a pupil number or an NHS number; the message says what to do."""

    def __init__(self) -> None:
        super().__init__("Remove the pupil or NHS number. Never name a child here.")


def refuse_identifiers(*texts: str) -> None:
    """Raise HoldsPupilIdentifier if one of the texts holds a UPN or an NHS number."""
    if any(finding.must_hold for text in texts for finding in scan(text)):
        raise HoldsPupilIdentifier
