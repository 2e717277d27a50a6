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


JOBS: dict[str, Job] = {
    "import_organisations_england": import_england,
}
