"""Finds pupil identifiers in free text, so that they are held before anyone reads them.

UPN: 13 characters, a check letter first (DfE, "Unique pupil numbers: guide", annex A).
NHS number: 10 digits, the last a modulus-11 check (NHS Data Model and Dictionary).
"""

from __future__ import annotations

import enum
import re
import unicodedata
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


# After `_plain`: spaces, tabs, dots, slashes, low lines and dashes may stand between the groups.
_BETWEEN = r"[ \t./_-]"
_UPN = re.compile(
    rf"(?:(?<![A-Z0-9])|(?<=UPN))[A-Z](?:[\r\n]|{_BETWEEN}{{0,3}})"
    rf"(?:\d(?:[\r\n]|{_BETWEEN}{{0,3}})){{11}}[0-9A-Z](?![A-Z0-9])",
    re.IGNORECASE,
)
# Dots only between groups of 3, 3 and 4: a date with a time is no NHS number.
_NHS = re.compile(
    rf"(?<!\d)(?<!\d\.)(?:(?:\d[ \t-]?){{9}}\d"
    rf"|\d{{3}}{_BETWEEN}{{1,3}}\d{{3}}{_BETWEEN}{{1,3}}\d{{4}})(?!\d)"
)
_BIRTH_DATE = re.compile(
    r"(?:\bd\.?o\.?b\.?\b|\bborn(?: on)?\b|\bdate of birth\b)\W{0,4}"
    r"\d{1,2}(?:[/.\-]\d{1,2}[/.\-]\d{2,4}|(?:st|nd|rd|th)?\s+[A-Z][a-z]{2,8}\s+\d{2,4})",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-Z][a-z'’-]+\s+[A-Z][a-z'’-]+\b")
_SEPARATORS = re.compile(r"[\s./_-]")
_UPN_LAST = "0123456789ABCDEFGHJKLMNPQRTUVWXYZ"
_NAME_DISTANCE = 80


def _is_upn(text: str) -> bool:
    """Check the letter only: a list of local authority numbers would miss new and old ones."""
    return text[-1] in _UPN_LAST and upn.calc_check_digit(text[1:]) == text[0]


def _plain(text: str) -> tuple[str, list[int]]:
    """Return the text as a reader sees its numbers, and each sign's place in the original.

    Invisible signs go; digits of any script, full-width letters, dashes and spaces become ASCII.
    """
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        if sign.isascii():
            plain = sign
        else:
            kind = unicodedata.category(sign)
            if kind in ("Cf", "Mn", "Me"):
                continue
            plain = _plain_sign(sign, kind)
        signs.append(plain)
        places.extend([place] * len(plain))
    return "".join(signs), places


def _plain_sign(sign: str, kind: str) -> str:
    if kind == "Nd":
        return str(unicodedata.digit(sign))
    if kind == "Zs":
        return " "
    if kind == "Pd" or sign == "\N{MINUS SIGN}":
        return "-"
    return unicodedata.normalize("NFKC", sign)


def holds_upn(text: str) -> bool:
    """Whether there is a unique pupil number in the text.

    For fields of numbers, where ten digits of a payroll may happen to be an NHS number.
    """
    return any(finding.kind is FindingKind.UPN for finding in scan(text))


def scan(text: str) -> list[Finding]:
    """Return the identifiers in `text` in order of appearance; check digits are verified.

    Offsets are those of `text` as given, whatever invisible or look-alike signs it holds.
    """
    plain, places = _plain(text)

    def found(kind: FindingKind, match: re.Match[str]) -> Finding:
        return Finding(kind, places[match.start()], places[match.end() - 1] + 1)

    findings = [
        found(FindingKind.UPN, match)
        for match in _UPN.finditer(plain)
        if _is_upn(_SEPARATORS.sub("", match.group()).upper())
    ]
    findings += [
        found(FindingKind.NHS_NUMBER, match)
        for match in _NHS.finditer(plain)
        if nhs.is_valid(_SEPARATORS.sub("", match.group()))
        and len(set(_SEPARATORS.sub("", match.group()))) > 1
    ]
    for match in _BIRTH_DATE.finditer(plain):
        around = plain[max(0, match.start() - _NAME_DISTANCE) : match.end() + _NAME_DISTANCE]
        if _NAME.search(around):
            findings.append(found(FindingKind.NAME_AND_BIRTH_DATE, match))
    return sorted(findings, key=lambda finding: finding.start)
