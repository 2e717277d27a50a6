"""Erase again, after a restored backup, whoever the ledger says was erased."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.privacy.again import erase_again
from core import clock


class Command(BaseCommand):
    """Reads the ledger of erasures; see docs/decisions/0006-erasure.md."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the ledger and the dry run."""
        parser.add_argument("--ledger", type=Path, help="another file than ERASURE_LEDGER")
        parser.add_argument("--dry-run", action="store_true", help="say who is back, erase nobody")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was found, by pseudonym only."""
        source: Path | None = options["ledger"]
        if source is not None and not source.is_file():
            raise CommandError(f"There is no ledger at {source}.")
        outcome = erase_again(at=clock.now(), source=source, dry_run=options["dry_run"])
        done = "are back and would be erased again" if options["dry_run"] else "erased again"
        self.stdout.write(f"{len(outcome.again)} {done}.")
        for public_id in outcome.again:
            self.stdout.write(f"  {public_id}")
        self.stdout.write(f"{outcome.standing} are erased still.")
        self.stdout.write(f"{outcome.unknown} are not in this database.")
        if outcome.written:
            self.stdout.write(f"{outcome.written} lines were missing in the ledger.")
