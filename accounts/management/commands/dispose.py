"""Say what would be disposed of today. Disposal itself takes two people, at /privacy/retention/."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from accounts.privacy.retention import dry_run, periods
from core import clock


class Command(BaseCommand):
    """A dry run of retention: counts only, nothing is changed."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each kind of record with its period and what is due."""
        today = clock.today()
        counts = dry_run(today)
        for period in periods():
            number = counts.get(period.kind.key, (0, ""))[0]
            own = "" if period.rule is None else " (this installation's figure)"
            self.stdout.write(f"{number:>9,}  {period.kind.title}, {period.months} months{own}")
        total = sum(number for number, _ in counts.values())
        self.stdout.write(f"{total:>9,}  due on {today:%d %B %Y}")
