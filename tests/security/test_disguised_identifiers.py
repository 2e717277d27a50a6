"""Pupil identifiers written so that a simple search would miss them."""

from __future__ import annotations

import time

import pytest

from core.pupil_identifiers import scan
from tests.core.test_pupil_identifiers import make_upn

NHS = "9434765919"
UPN = make_upn("999200012345")


def _grouped(number: str, between: str, *sizes: int) -> str:
    parts, start = [], 0
    for size in sizes:
        parts.append(number[start : start + size])
        start += size
    return between.join(parts)


def _full_width(number: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) for sign in number)


DISGUISES = {
    "no-break spaces": _grouped(NHS, "\N{NO-BREAK SPACE}", 3, 3, 4),
    "two spaces": _grouped(NHS, "  ", 3, 3, 4),
    "en dashes": _grouped(NHS, "\N{EN DASH}", 3, 3, 4),
    "dashes with spaces": _grouped(NHS, " - ", 3, 3, 4),
    "dots": _grouped(NHS, ".", 3, 3, 4),
    "slashes": _grouped(NHS, "/", 3, 3, 4),
    "low lines": _grouped(NHS, "_", 3, 3, 4),
    "zero-width spaces": "\N{ZERO WIDTH SPACE}".join(NHS),
    "soft hyphens": "\N{SOFT HYPHEN}".join(NHS),
    "Arabic digits": NHS.translate({48 + digit: 0x660 + digit for digit in range(10)}),
    "after an abbreviation": f"NHS No.{NHS}",
    "UPN full width": _full_width(UPN),
    "UPN zero width": "\N{ZERO WIDTH JOINER}".join(UPN),
    "UPN dashes": _grouped(UPN, "\N{EN DASH}", 1, 3, 4, 5),
    "UPN slashes": _grouped(UPN, "/", 1, 3, 4, 5),
    "UPN with its name": f"UPN{UPN}",
}


@pytest.mark.parametrize("text", DISGUISES.values(), ids=DISGUISES.keys())
def test_a_disguised_identifier_is_held(text):
    around = f"About {text} again"

    findings = scan(around)

    assert [finding.must_hold for finding in findings] == [True]
    rest = around[: findings[0].start] + around[findings[0].end :]
    assert scan(rest) == []


@pytest.mark.parametrize(
    "text",
    ["Version 1.2.3.4.5.6.7.8.9.0", "on 12.03.2026 14.30", "1\n2\n3\n4\n5\n6\n7\n8\n9\n0"],
)
def test_numbers_of_other_kinds_are_left_alone(text):
    assert scan(text) == []


@pytest.mark.parametrize("piece", ["A 1 2 3 4 5 6 7 8 9 0 1 !", "1 - ", "A 1\n", "123   123   "])
def test_a_text_made_to_be_slow_is_not(piece):
    text = (piece * 60_000)[:200_000]
    began = time.process_time()

    scan(text)

    assert time.process_time() - began < 2
