"""`manage.py import_neighbours FILE`: import DfE statistical neighbours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from impact.services.importing import import_neighbours
from impact.sources.reading import UnableToImport


class Command(BaseCommand):
    """Import one file; a file already imported changes nothing."""

    help = "Import DfE statistical neighbours."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the one service call and say what happened."""
        try:
            done = import_neighbours(path=options["file"], at=clock.now())
        except UnableToImport as error:
            raise CommandError(str(error)) from error
        if done.is_new:
            self.stdout.write(f"Imported {done.version.rows:,} rows of {done.version.file_name}.")
        else:
            self.stdout.write(
                f"{done.version.file_name} was imported before: there is nothing to do."
            )
