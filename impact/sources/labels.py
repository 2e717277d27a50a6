"""What publishers write for years and for cells without a number."""

from __future__ import annotations

import math
import re

from impact.enums import ValueStatus

_ACADEMIC = re.compile(r"^(20\d\d)[/-](\d\d)( \([A-Z]+\))?$")
_CALENDAR = re.compile(r"^20\d\d$")

# The Local Authority Interactive Tool, files of 2025; z x c k u low are DfE's own symbols.
SYMBOLS = {
    "-": ValueStatus.UNAVAILABLE,
    "": ValueStatus.UNAVAILABLE,
    ".": ValueStatus.UNAVAILABLE,
    "..": ValueStatus.UNAVAILABLE,
    "x": ValueStatus.UNAVAILABLE,
    ":": ValueStatus.UNAVAILABLE,
    "NA": ValueStatus.NOT_APPLICABLE,
    "z": ValueStatus.NOT_APPLICABLE,
    "c": ValueStatus.CONFIDENTIAL,
    "SUPP": ValueStatus.CONFIDENTIAL,
    "low": ValueStatus.LOW,
    "k": ValueStatus.LOW,
    "~": ValueStatus.LOW,
    "u": ValueStatus.UNRELIABLE,
}


def year_of(label: str) -> int | None:
    """Give the year in which a period ends: "2016/17", "2016-17 (OT)" and "2017" give 2017.

    None for a label of another shape, "2016/18" among them.
    """
    academic = _ACADEMIC.match(label)
    if academic:
        ends = int(academic[1]) + 1
        return ends if ends % 100 == int(academic[2]) else None
    return int(label) if _CALENDAR.match(label) else None


def read_value(raw: str) -> tuple[float | None, ValueStatus] | None:
    """Read a cell: its number, or what its symbol says. None for anything else."""
    if raw in SYMBOLS:
        return None, SYMBOLS[raw]
    try:
        number = float(raw)
    except ValueError:
        return None
    return (number, ValueStatus.SHOWN) if math.isfinite(number) else None
