"""Rebuild obligations from the facts; writes only what differs."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.models import LocalArea
from core import clock
from cpd_tracking.building import build_obligations


class Command(BaseCommand):
    """`manage.py rebuild_obligations [--area SLUG]`."""

    help = "Work out every obligation again and write what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one local area, or all."""
        parser.add_argument("--area", help="Slug of one local area.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild and report."""
        area = LocalArea.objects.get(slug=options["area"]) if options["area"] else None
        started = time.monotonic()
        built = build_obligations(local_area=area, at=clock.today())
        self.stdout.write(
            f"{built.created} made, {built.updated} changed, {built.deleted} taken away "
            f"({time.monotonic() - started:.1f} s)."
        )
