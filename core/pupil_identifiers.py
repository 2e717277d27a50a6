"""Finds pupil identifiers in free text, so that they are held before anyone reads them.

UPN: 13 characters, a check letter first (DfE, "Unique pupil numbers: guide", annex A).
NHS number: 10 digits, the last a modulus-11 check (NHS Data Model and Dictionary).
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from stdnum.gb import nhs, upn


class FindingKind(enum.StrEnum):
    """What was recognised."""

    UPN = "unique pupil number"
    NHS_NUMBER = "NHS number"
    NAME_AND_BIRTH_DATE = "name with a date of birth"


@dataclass(frozen=True)
class Finding:
    """One identifier in a text: `start:end` are character offsets."""

    kind: FindingKind
    start: int
    end: int

    @property
    def must_hold(self) -> bool:
        """Whether the text is held outright; otherwise the writer is asked to look again."""
        return self.kind is not FindingKind.NAME_AND_BIRTH_DATE


_UPN = re.compile(r"(?<![A-Z0-9])[A-Z]\s?(?:\d[\s-]?){11}[0-9A-Z](?![A-Z0-9])", re.IGNORECASE)
_NHS = re.compile(r"(?<![\d.])(?:\d[ \t-]?){9}\d(?![\d])")
_BIRTH_DATE = re.compile(
    r"(?:\bd\.?o\.?b\.?\b|\bborn(?: on)?\b|\bdate of birth\b)\W{0,4}"
    r"\d{1,2}(?:[/.\-]\d{1,2}[/.\-]\d{2,4}|(?:st|nd|rd|th)?\s+[A-Z][a-z]{2,8}\s+\d{2,4})",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-Z][a-z'’-]+\s+[A-Z][a-z'’-]+\b")
_SEPARATORS = re.compile(r"[\s-]")
_UPN_LAST = "0123456789ABCDEFGHJKLMNPQRTUVWXYZ"
_NAME_DISTANCE = 80


def _is_upn(text: str) -> bool:
    """Check the letter only: a list of local authority numbers would miss new and old ones."""
    return text[-1] in _UPN_LAST and upn.calc_check_digit(text[1:]) == text[0]


def scan(text: str) -> list[Finding]:
    """Return the identifiers in `text` in order of appearance; check digits are verified."""
    findings = [
        Finding(FindingKind.UPN, match.start(), match.end())
        for match in _UPN.finditer(text)
        if _is_upn(_SEPARATORS.sub("", match.group()).upper())
    ]
    findings += [
        Finding(FindingKind.NHS_NUMBER, match.start(), match.end())
        for match in _NHS.finditer(text)
        if nhs.is_valid(_SEPARATORS.sub("", match.group()))
        and len(set(_SEPARATORS.sub("", match.group()))) > 1
    ]
    for match in _BIRTH_DATE.finditer(text):
        around = text[max(0, match.start() - _NAME_DISTANCE) : match.end() + _NAME_DISTANCE]
        if _NAME.search(around):
            findings.append(Finding(FindingKind.NAME_AND_BIRTH_DATE, match.start(), match.end()))
    return sorted(findings, key=lambda finding: finding.start)
