"""The long jobs to measure, each by its name; every one leaves the database as it was.

A job is a function without arguments that returns figures: `seconds` always, and whatever tells
how much work that was. What it writes is rolled back, so that jobs and pages do not disturb one
another.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Figures = dict[str, float]
Job = Callable[[], Figures]


@contextmanager
def rolled_back() -> Iterator[None]:
    """Undo whatever the block has written."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def timed(figures: Figures, name: str = "seconds") -> Iterator[None]:
    """Write how long the block took under the name."""
    began = time.perf_counter()
    yield
    figures[name] = round(time.perf_counter() - began, 2)


def import_england() -> Figures:
    """Import a register of 50,000 schools, its next edition where all changed, and that again."""
    from accounts.gias.reading import read_establishments, read_links
    from accounts.services.organisations import import_organisations
    from core import clock
    from tests.bench.england import ROWS, write_links, write_register

    figures: Figures = {"rows": ROWS}
    with tempfile.TemporaryDirectory() as folder, rolled_back():
        links = Path(folder) / "links.csv"
        write_links(links)
        for name, edition in (("seconds", 1), ("changed_seconds", 2), ("unchanged_seconds", 2)):
            file = Path(folder) / f"{name}.csv"
            write_register(file, edition=edition)
            with timed(figures, name):
                import_organisations(
                    establishments=read_establishments(file),
                    links=read_links(links),
                    at=clock.now(),
                )
    return figures


def import_staff() -> Figures:
    """Import a list of 10,000 new people, the same again, and with everybody's hours changed.

    From bytes to committed rows: read, planned twice (shown, and again under lock), written with
    history and audit events, obligations worked out. `undo_seconds` takes the first one back.
    """
    from django.db import connection

    from accounts.models import LocalArea
    from accounts.staffing.committing import commit_import
    from accounts.staffing.drafting import draft_import
    from accounts.staffing.undoing import undo_import
    from core import clock
    from tests.bench.staff import ROWS, staff_list

    figures: Figures = {"rows": ROWS}
    area = LocalArea.objects.get(code="999")

    def bring(name: str, content: bytes) -> Any:
        with timed(figures, name):
            draft = draft_import(
                by=None,
                local_area=area,
                organisation=None,
                mode="changes",
                content=content,
                source_name="staff.csv",
                at=clock.now(),
            )
            done = commit_import(by=None, staff_import=draft, at=clock.now())
            # What the database puts off until the end of the transaction, which is not reached.
            connection.check_constraints()
        return done

    with rolled_back():
        first = bring("seconds", staff_list(area))
        bring("unchanged_seconds", staff_list(area))
        with timed(figures, "undo_seconds"):
            undo_import(by=None, staff_import=first, at=clock.now())
            connection.check_constraints()
        bring("with_managers_seconds", staff_list(area, managers=True))
        bring("changed_seconds", staff_list(area, managers=True, hours="20", start="05/01/2026"))
    return figures


JOBS: dict[str, Job] = {
    "import_organisations_england": import_england,
    "import_staff_10000": import_staff,
}
