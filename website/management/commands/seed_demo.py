"""`manage.py seed_demo`: build the Merrowdale demo on whatever database is configured."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from website.demo.merrowdale import STAGES, UnableToBuildDemo, build_demo


class Command(BaseCommand):
    """Build what is missing of Merrowdale; twice changes nothing."""

    help = "Build the Merrowdale demo. Needs WAYMARK_DEMO=1. Running it twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare stage, seed and the day the demo happens on."""
        parser.add_argument("--stage", choices=STAGES, default="year")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument(
            "--today",
            type=dt.date.fromisoformat,
            default=None,
            help="The day the demo happens on (YYYY-MM-DD); today if not given.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Build and say how long it took."""
        began = time.monotonic()
        today, at = _moment(options["today"])
        self.stdout.write(f"Merrowdale, stage {options['stage']}, seed {options['seed']}, {today}")
        try:
            changed = build_demo(
                stage=options["stage"],
                seed=options["seed"],
                today=today,
                at=at,
                say=self._say,
            )
        except UnableToBuildDemo as error:
            raise CommandError(str(error)) from error
        took = time.monotonic() - began
        self.stdout.write(
            f"Merrowdale is ready ({took:.0f} s)." if changed else "Merrowdale is already there."
        )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _moment(day: dt.date | None) -> tuple[dt.date, dt.datetime]:
    """Return the demo's day and an instant on it (now, or noon of another day)."""
    if day is None or day == clock.today():
        return clock.today(), clock.now()
    return day, dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)
