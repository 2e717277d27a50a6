"""Say how safely this installation runs; exit code 1 if anything is red."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from accounts.overview import Level, overview
from core import clock

_WORDS = {Level.GREEN: "ok", Level.AMBER: "take care", Level.RED: "WRONG"}


class Command(BaseCommand):
    """A table for people, or JSON for machines."""

    help = "Report how safely the running configuration is. Exit code 1 if anything is red."
    # The report says itself what the checks find.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take how to answer."""
        parser.add_argument("--json", action="store_true", help="answer for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, answer, and leave with 1 if anything is red."""
        findings = overview(at=clock.now())
        red = sum(each.level is Level.RED for each in findings)
        amber = sum(each.level is Level.AMBER for each in findings)
        if options["json"]:
            told = {"red": red, "amber": amber, "findings": [asdict(each) for each in findings]}
            self.stdout.write(json.dumps(told, indent=2))
        else:
            wide = max(len(each.title) for each in findings)
            for each in findings:
                word = _WORDS[each.level]
                self.stdout.write(f"{word:<10} {each.title:<{wide}}  {each.detail}".rstrip())
            self.stdout.write(f"\n{red} red, {amber} amber, {len(findings) - red - amber} green")
        if red:
            sys.exit(1)
