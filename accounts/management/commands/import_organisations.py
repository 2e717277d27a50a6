"""Import schools from a GIAS file (or an extract) and, optionally, their links."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.gias.reading import UnreadableFile, read_establishments, read_links
from accounts.models import LocalArea
from accounts.services.organisations import ImportResult, import_organisations
from core import clock


class Command(BaseCommand):
    """Thin edge around accounts.services.organisations.import_organisations."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("file", type=Path, help="establishments (CSV)")
        parser.add_argument("--links", type=Path, help="links (CSV)")
        parser.add_argument("--local-area", metavar="CODE", help="area that serves these schools")
        parser.add_argument(
            "--la-code", metavar="CODE", help="the schools it serves; default: the area's own code"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change")
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, import, report; an unreadable file changes nothing."""
        area = None
        if options["local_area"]:
            area = LocalArea.objects.filter(code=options["local_area"]).first()
            if area is None:
                raise CommandError(f"There is no local area with the code {options['local_area']}.")
        for path in (options["file"], options["links"]):
            if path is not None and not path.is_file():
                raise CommandError(f"{path} is not a file.")
        try:
            result = import_organisations(
                establishments=read_establishments(options["file"]),
                links=read_links(options["links"]) if options["links"] else (),
                serve_la_code=options["la_code"],
                local_area=area,
                at=clock.now(),
                dry_run=options["dry_run"],
            )
        except UnreadableFile as error:
            raise CommandError(f"Nothing was imported. {error}") from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(result)))
            return
        for line in report(result):
            self.stdout.write(line)


def report(result: ImportResult) -> Iterator[str]:
    """Say in words what the import did, or would do."""
    would = "would be " if result.dry_run else ""
    yield (
        f"{result.read} schools read: {result.created} {would}created, {result.updated} "
        f"{would}updated, {result.unchanged} unchanged; {result.trusts} trusts and "
        f"{result.links} links {would}added."
    )
    for each in result.conversions:
        posts = "1 post" if each.posts == 1 else f"{each.posts} posts"
        others = "1 other thing" if each.others == 1 else f"{each.others} other things"
        moved = "would move" if result.dry_run else "moved"
        yield (
            f"{each.predecessor} ({each.predecessor_urn}) became {each.successor} "
            f"({each.successor_urn}): {posts} and {others} {moved}."
        )
    for warning in result.warnings:
        yield f"Note: {warning}"
