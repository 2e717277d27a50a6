"""Verify the chain of the audit log; exit code 1 if anything does not fit."""

from __future__ import annotations

import argparse
import json
import re
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.audit.verification import Verdict
from accounts.services.audit import verify_audit
from core import clock

_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


def noted_head(text: str) -> tuple[int, str]:
    """Read POSITION:DIGEST."""
    found = _HEAD.fullmatch(text.strip().lower())
    if found is None:
        raise argparse.ArgumentTypeError("write it as POSITION:DIGEST, as this command prints it")
    return int(found[1]), found[2]


class Command(BaseCommand):
    """Walk the chain, say what does not fit, and print the head to be noted elsewhere."""

    help = "Verify the chain of the audit log. Exit code 1 if anything does not fit."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take what to begin after, what to expect, and how to answer."""
        parser.add_argument("--json", action="store_true", help="answer for machines")
        parser.add_argument(
            "--since", type=int, default=0, metavar="POSITION", help="begin after this position"
        )
        parser.add_argument(
            "--expect",
            type=noted_head,
            action="append",
            default=[],
            metavar="POSITION:DIGEST",
            help="a head noted earlier: without one, a cut-off end is not found. May be repeated.",
        )
        parser.add_argument(
            "--read-only",
            action="store_true",
            help="do not write down that this was done, such as on a restored copy",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, answer, and leave with 1 if anything was found."""
        verdict = verify_audit(
            since=options["since"],
            expected=options["expect"],
            is_noted=not options["read_only"],
            at=clock.now(),
        )
        self.stdout.write(_as_json(verdict) if options["json"] else _in_words(verdict, options))
        if verdict.faults:
            sys.exit(1)


def _in_words(verdict: Verdict, options: dict[str, Any]) -> str:
    where = f" after position {options['since']:,}" if options["since"] else ""
    lines = [f"{verdict.checked:,} sealed events checked{where}."]
    if verdict.unsealed and verdict.oldest_unsealed_at:
        oldest = timezone.localtime(verdict.oldest_unsealed_at)
        lines.append(
            f"{verdict.unsealed:,} wait to be sealed; the oldest is of {oldest:%-d %B %Y, %H:%M}."
        )
    else:
        lines.append("None waits to be sealed.")
    lines += [f"{finding.fault}: {finding.words}" for finding in verdict.findings]
    if verdict.faults > len(verdict.findings):
        lines.append(f"and {verdict.faults - len(verdict.findings):,} more.")
    lines.append(
        f"{verdict.faults:,} findings." if verdict.faults else "Everything that was checked fits."
    )
    if not options["expect"]:
        lines.append("A cut-off end is found only with --expect and a head noted earlier.")
    lines.append(f"Head {verdict.head}")
    return "\n".join(lines)


def _as_json(verdict: Verdict) -> str:
    oldest = verdict.oldest_unsealed_at
    return json.dumps(
        {
            "checked": verdict.checked,
            "faults": verdict.faults,
            "findings": [
                {
                    "fault": finding.fault.value,
                    "position": finding.position,
                    "event": finding.event_id,
                    "words": finding.words,
                }
                for finding in verdict.findings
            ],
            "unsealed": verdict.unsealed,
            "oldest_unsealed_at": oldest.isoformat() if oldest else None,
            "head": str(verdict.head),
        },
        indent=2,
    )
