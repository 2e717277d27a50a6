"""Prove on live data that stored obligations are what a full rebuild would give."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import LocalArea
from core import clock
from cpd_tracking.building import compare_with_rebuild


class Command(BaseCommand):
    """`manage.py check_obligations [--area SLUG]`: reads only; fails on any difference."""

    help = "Compare stored obligations with a full rebuild, row for row. Changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one local area, or all."""
        parser.add_argument("--area", help="Slug of one local area.")
        parser.add_argument("--show", type=int, default=20, help="Differences to list.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare and report."""
        area = LocalArea.objects.get(slug=options["area"]) if options["area"] else None
        started = time.monotonic()
        total, differences = compare_with_rebuild(local_area=area, at=clock.today())
        seconds = time.monotonic() - started
        for (requirement, person, post, starts_on), what in differences[: options["show"]]:
            subject = f"person {person}" if person else f"post {post}"
            self.stdout.write(f"{what}: requirement {requirement}, {subject}, from {starts_on}")
        if differences:
            raise CommandError(f"{len(differences)} of {total} obligations differ from a rebuild.")
        self.stdout.write(f"{total} obligations are as a rebuild gives them ({seconds:.1f} s).")
