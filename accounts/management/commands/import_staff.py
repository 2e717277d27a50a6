"""Import a list of staff (CSV, or rows copied from a spreadsheet), all or nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.enums import ImportMode, ImportState, JobRole
from accounts.models import LocalArea, Organisation, StaffImport
from accounts.staffing.committing import UnableToCommit, commit_import
from accounts.staffing.drafting import UnableToDraft, draft_import
from accounts.staffing.reading import UnreadableList
from core import clock

_SHOWN_ERRORS = 50


class Command(BaseCommand):
    """Thin edge around accounts.staffing: draft, then commit."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("file", type=Path, help="the list")
        parser.add_argument("--local-area", metavar="CODE", required=True)
        parser.add_argument(
            "--organisation", metavar="URN", type=int,
            help="whose list it is; without it the list names the employers",
        )  # fmt: skip
        parser.add_argument(
            "--mode", choices=ImportMode.values, default=ImportMode.CHANGES,
            help="what it means that somebody is not in the list (default: nothing)",
        )  # fmt: skip
        parser.add_argument(
            "--allow-ending", metavar="N", type=int,
            help="the number of posts a full list may end, where that is more than 5 %%",
        )  # fmt: skip
        parser.add_argument(
            "--role", metavar="TITLE=ROLE", action="append", default=[],
            help=f"what a job title means; ROLE is one of {', '.join(JobRole.values)}",
        )  # fmt: skip
        parser.add_argument(
            "--leave-out-errors", action="store_true", help="import the rows that are right"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change")
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, plan, import, report; exit code 1 where nothing was imported."""
        area, organisation = self._whose(options)
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path} is not a file.")
        refusal: Exception | None = None
        with transaction.atomic():
            try:
                draft, plan, problem = self._bring(area, organisation, options)
            except (UnreadableList, UnableToDraft) as error:
                # Not through the transaction: the event that tells of it stays.
                refusal = error
            else:
                if problem or options["dry_run"]:
                    transaction.set_rollback(True)
        if refusal is not None:
            raise CommandError(f"Nothing was imported. {refusal}") from refusal
        self._report(draft, plan, problem, options)

    def _bring(
        self, area: LocalArea, organisation: Organisation | None, options: dict[str, Any]
    ) -> tuple[StaffImport, dict[str, Any], str]:
        """Draft and, unless told not to, commit; the plan is what was shown before."""
        path, at = options["file"], clock.now()
        draft = draft_import(
            by=None,
            local_area=area,
            organisation=organisation,
            mode=options["mode"],
            content=path.read_bytes(),
            source_name=path.name,
            titles=_titles(options["role"]),
            at=at,
        )
        plan = draft.plan
        if options["dry_run"]:
            return draft, plan, ""
        try:
            committed = commit_import(
                by=None,
                staff_import=draft,
                leave_out_errors=options["leave_out_errors"],
                ending=options["allow_ending"],
                at=at,
            )
        except UnableToCommit as error:
            return draft, plan, str(error)
        return committed, plan, ""

    def _whose(self, options: dict[str, Any]) -> tuple[LocalArea, Organisation | None]:
        area = LocalArea.objects.filter(code=options["local_area"]).first()
        if area is None:
            raise CommandError(f"There is no local area with the code {options['local_area']}.")
        if options["organisation"] is None:
            return area, None
        organisation = Organisation.objects.filter(
            urn=options["organisation"], local_area=area
        ).first()
        if organisation is None:
            raise CommandError(f"{area} serves no school with the URN {options['organisation']}.")
        return area, organisation

    def _report(
        self, draft: StaffImport, plan: dict[str, Any], problem: str, options: dict[str, Any]
    ) -> None:
        counts, imported = plan["counts"], draft.state == ImportState.COMMITTED and not problem
        if options["json"]:
            told = {
                "imported": imported,
                "dry_run": options["dry_run"],
                "import": draft.pk if imported else None,
                "problem": problem,
                **counts,
                "system": plan["system"],
                "ignored": plan["ignored"],
                "unknown_titles": plan["unknown"],
                "row_errors": plan["errors"],
            }
            self.stdout.write(json.dumps(told))
        else:
            self._say(plan, counts, imported=imported, dry_run=options["dry_run"])
        if problem:
            raise CommandError(f"Nothing was imported. {problem}")

    def _say(
        self, plan: dict[str, Any], counts: dict[str, int], *, imported: bool, dry_run: bool
    ) -> None:
        for error in plan["errors"][:_SHOWN_ERRORS]:
            value = f" “{error['value']}”" if error["value"] else ""
            self.stdout.write(f"line {error['line']}, {error['column']}{value}: {error['message']}")
        if len(plan["errors"]) > _SHOWN_ERRORS:
            self.stdout.write(f"… and {len(plan['errors']) - _SHOWN_ERRORS} more.")
        if plan["ignored"]:
            self.stdout.write(f"Ignored columns: {', '.join(plan['ignored'])}.")
        would = "Imported" if imported else "Would import" if dry_run else "Not imported"
        self.stdout.write(
            f"{would}: {counts['rows']} rows; {counts['joiners']} joiners, {counts['changes']} "
            f"changes, {counts['leavers']} leavers, {counts['unchanged']} unchanged, "
            f"{counts['errors']} rows with errors."
        )


def _titles(said: list[str]) -> dict[str, str]:
    found = {}
    for each in said:
        title, sign, role = each.rpartition("=")
        if not sign or role not in JobRole.values:
            raise CommandError(f"“{each}” is not TITLE=ROLE. Roles: {', '.join(JobRole.values)}.")
        found[title] = role
    return found
