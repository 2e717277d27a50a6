"""Seal every audit event that waits, now, and print the head of the chain."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.audit import sealing
from core import clock


class Command(BaseCommand):
    """Seal what beat would seal within the minute, whatever its number."""

    help = "Seal every audit event that waits, and print the head of the chain."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal and say how many."""
        done = sealing.seal(at=clock.now(), whole=True)
        if done.busy:
            raise CommandError("Another sealer is at work. Try again in a minute.")
        self.stdout.write(f"{done.events:,} events sealed.")
        self.stdout.write(f"Head {done.head}")
