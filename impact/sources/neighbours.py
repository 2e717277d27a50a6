"""Statistical neighbours: for each authority the ten most like it, by rank."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from impact.sources.reading import Row, UnableToImport, rows_of

COLUMNS = ("la_code", "la_name", "rank", "sn_la_code", "closeness")


@dataclass(frozen=True, slots=True)
class NeighbourLine:
    """One line of the file; `line` is where it stands."""

    line: int
    area: str
    name: str
    rank: int
    neighbour: str
    closeness: str


def read_neighbours(path: Path) -> list[NeighbourLine]:
    """Read and check a whole file; raises UnableToImport at the first thing that is wrong."""
    lines: list[NeighbourLine] = []
    seen: set[tuple[str, int]] = set()
    for row in rows_of(path, COLUMNS):
        line = _line(row)
        if (line.area, line.rank) in seen:
            raise row.error(
                "rank", f"{line.name} has rank {line.rank} twice.", "Remove one of the two lines."
            )
        seen.add((line.area, line.rank))
        lines.append(line)
    if not lines:
        raise UnableToImport(path.name, "the file has no rows.", todo="Choose the whole file.")
    return lines


def _line(row: Row) -> NeighbourLine:
    for column in ("la_code", "sn_la_code"):
        if not (row[column].isdigit() and len(row[column]) == 3):
            raise row.error(
                column,
                f"“{row[column][:20]}” is not a three-digit number.",
                "Use DfE's number of the authority.",
            )
    if not row["rank"].isdigit() or not 1 <= int(row["rank"]) <= 10:
        raise row.error("rank", f"“{row['rank'][:10]}” is not a rank.", "Write 1 to 10.")
    if row["la_code"] == row["sn_la_code"]:
        raise row.error("sn_la_code", "an authority is its own neighbour.", "Correct the line.")
    # "Very Close" and "Very close" are the same word in this file.
    return NeighbourLine(
        row.line,
        row["la_code"],
        row["la_name"],
        int(row["rank"]),
        row["sn_la_code"],
        row["closeness"].capitalize(),
    )
