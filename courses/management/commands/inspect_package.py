"""Judge an H5P or SCORM file without keeping it: manage.py inspect_package FILE [--json]."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.packages.inspection import as_json_text, as_text, inspect


class Command(BaseCommand):
    """Print what an inspection finds; the exit code is 1 when the file is refused."""

    help = "Judge an H5P or SCORM file without keeping it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and the form of the report."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print the whole report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Inspect the file and print the report."""
        try:
            with options["file"].open("rb") as file:
                report = inspect(file)
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}") from error
        self.stdout.write(as_json_text(report) if options["json"] else as_text(report))
        if not report.accepted:
            raise SystemExit(1)
