"""The team grid as CSV: exactly the rows and columns the filters match, cells neutralised."""

from __future__ import annotations

from collections.abc import Iterator

from core.spreadsheets import csv_lines
from cpd_tracking.selectors.grid import TeamGrid


def grid_csv(grid: TeamGrid) -> Iterator[str]:
    """Yield the grid's CSV; build the grid with `page=None` so that it holds every row."""
    header = [
        "Person",
        *(column.short_title for column in grid.columns),
        "Next due",
        "Role",
        "Setting",
    ]
    return csv_lines(
        header,
        (
            [
                row.person.get_full_name(),
                *(cell.text or "Not required" for cell in row.cells),
                row.next_due,
                row.role,
                row.setting,
            ]
            for row in grid.rows
        ),
    )
