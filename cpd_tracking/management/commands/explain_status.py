"""Say why somebody's status is what it is, on any day, in words or as JSON."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from core import clock
from cpd_tracking.explain import explain_status
from cpd_tracking.models import Obligation


class Command(BaseCommand):
    """`manage.py explain_status --person EMAIL --requirement KEY [--on DATE] [--json]`."""

    help = "Explain one person's status for one requirement, for each post it is asked of."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take person, requirement, day and form."""
        parser.add_argument("--person", required=True, help="Email address.")
        parser.add_argument("--requirement", required=True, help="Key, such as R1.")
        parser.add_argument("--on", help="ISO date; today if missing.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Explain every period open on the day."""
        try:
            on = dt.date.fromisoformat(options["on"]) if options["on"] else clock.today()
        except ValueError as error:
            raise CommandError(f"--on must be a date such as 2026-09-30: {error}") from error
        person = User.objects.filter(email__iexact=options["person"]).first()
        if person is None:
            raise CommandError(f"Nobody has the address {options['person']}.")
        rows = (
            Obligation.objects.current(on)
            .filter(learner=person, requirement__key__iexact=options["requirement"])
            .order_by("pk")
        )
        found = [explain_status(obligation=row, on=on) for row in rows]
        if not found:
            raise CommandError(f"{options['requirement']} asks nothing of {person} on {on}.")
        if options["json"]:
            self.stdout.write(json.dumps([item.as_json() for item in found], indent=2))
            return
        for item in found:
            self.stdout.write(f"{item.requirement} ({item.subject}), {item.status_label}")
            self.stdout.write(f"  {item.sentence}")
