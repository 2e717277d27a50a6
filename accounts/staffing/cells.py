"""One cell at a time: a value, or a BadCell that says what is wrong and what to do."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core.pupil_identifiers import holds_upn, scan

SHOWN = 80
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_AS_TEXT = re.compile(r'^="([^"=]*)"$')  # how systems keep a spreadsheet from cutting zeros
_SPACES = " \t\r\n\xa0\u2007\u202f"
_TITLES = re.compile(
    r"^(?:mr|mrs|ms|miss|mx|dr|prof|professor|rev|revd|sir|dame|lady|lord)\.? ", re.I
)
_NO_NAME = re.compile(r"[<>@/\\{}=|]|\d{5}")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august",
                "september", "october", "november", "december")  # fmt: skip
_MONTH_NUMBERS = {
    **{name: number for number, name in enumerate(_MONTHS, start=1)},
    **{name: number for number, name in enumerate(_FULL_MONTHS, start=1)},
    "sept": 9,
}
_DATE = re.compile(
    r"^(?:(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"
    r"|(?P<d2>\d{1,2})[-/. ](?P<m2>\d{1,2}|[A-Za-z]{3,9})[-/. ,]{1,2}(?P<y2>\d{2}|\d{4}))"
    r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?)?$"
)
_PLAIN_LOCAL = re.compile(r"^[A-Za-z0-9_-]+(?:[.+'][A-Za-z0-9_-]+)*$")
_HOURS = re.compile(r"^(\d{1,3})(?:\.(\d{1,4})|,(\d{1,2}))?(?: ?(?:h|hrs?|hours))?$", re.I)
_CLOCK_HOURS = re.compile(r"^(\d{1,2}):([0-5]\d)(?::00)?$")
_YES = {"y", "yes", "true", "t", "1", "x", "tto", "term time", "term time only"}
_NO = {"n", "no", "false", "f", "0", "all year", "full year", "all year round"}


class BadCell(Exception):
    """What is wrong with a cell; the message is for the person who made the list."""


def cut(text: str) -> str:
    """Return the text on one line, short enough to be shown."""
    flat = " ".join("".join(s if s.isprintable() else " " for s in text).split())
    return flat if len(flat) <= SHOWN else flat[: SHOWN - 1] + "…"


def clean(cell: str, limit: int) -> str:
    """Return the text of a cell; refuse formulas, control characters and what is too long."""
    text = cell.strip(_SPACES)
    if match := _AS_TEXT.match(text):
        text = match.group(1).strip(_SPACES)
    if text.startswith(_FORMULA):
        raise BadCell(
            f"The cell begins with “{text[0]}”, which a spreadsheet runs as a formula. Type the "
            "words themselves."
        )
    if len(text) > limit:
        raise BadCell(f"This is longer than {limit} signs. Shorten it.")
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text else text
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn") for sign in text):
        raise BadCell(
            "The cell holds signs that cannot be seen, such as a line break. Type it again."
        )
    return unicodedata.normalize("NFC", " ".join(text.split()))


def name(cell: str) -> str:
    """Return a part of a person's name."""
    text = clean(cell, 100)
    if _NO_NAME.search(text) or _holds_number(text):
        raise BadCell(
            "This is not a name: it holds a number or a sign such as @. Check the column."
        )
    if not text.isascii() and any(unicodedata.category(sign) == "Cf" for sign in text):
        raise BadCell("The name holds signs that cannot be seen. Type it again.")
    return text


def full_name(cell: str) -> tuple[str, str]:
    """Return given and family name of “Adeyemi, Tom” or “Mr Tom Adeyemi”."""
    text = _TITLES.sub("", name(cell))
    if "," in text:
        family, _, given = text.partition(",")
        given = _TITLES.sub("", given.strip() + " ").strip()
    else:
        given, _, family = text.rpartition(" ")
    given, family = given.strip(), family.strip()
    if text and not (given and family):
        raise BadCell("Write the whole name, such as “Tom Adeyemi” or “Adeyemi, Tom”.")
    return given, family


def email(cell: str) -> str:
    """Return the address as it is compared: lower case, the domain in ASCII.

    An address with letters that look like others (Cyrillic а, dotless i, full width) is refused
    and never folded into the address it looks like.
    """
    text = clean(cell, 254).removeprefix("mailto:")
    if not text:
        return ""
    raw = cell.strip(_SPACES)
    # As typed, before anything is normalised: the Kelvin sign would become a K.
    if not raw.rpartition("@")[0].isascii() or unicodedata.normalize("NFKC", raw) != raw:
        raise BadCell(_bad_address(raw))
    local, at, domain = text.rpartition("@")
    try:
        address = f"{local}@{_ascii_domain(domain)}".lower()
        if not at or not _PLAIN_LOCAL.match(local):
            # The common form needs no more looking at; quoted and odd ones do.
            validate_email(address)
    except (UnicodeError, ValidationError) as error:
        raise BadCell(_bad_address(text)) from error
    return address


@lru_cache(maxsize=1_000)
def _ascii_domain(domain: str) -> str:
    """Return a domain in ASCII; raise for letters that only look like it, and for none at all."""
    found = domain.lower().encode("idna").decode("ascii")
    if not domain.isascii():
        # Signs that vanish or turn into others on the way would lead to somebody else's address.
        same = found.encode().decode("idna") == domain.lower()
        latin = all("LATIN" in unicodedata.name(each, "") for each in domain if each.isalpha())
        if not same or not latin:
            raise ValidationError("look-alikes")
    validate_email(f"a@{found}")
    return found


def _bad_address(text: str) -> str:
    if not text.isascii():
        return (
            "The address holds a letter that looks like another one. Type the address again by "
            "hand, in plain letters."
        )
    return (
        "This is not an email address. Write one, such as name@school.example, or leave it empty."
    )


def staff_number(cell: str) -> str:
    """Return a staff number; a pupil's is refused."""
    text = clean(cell, 40)
    if holds_upn(text):
        raise BadCell("This looks like a pupil's number. Give the staff number, or leave it empty.")
    return text


def job_title(cell: str) -> str:
    """Return a job title; a pupil's number in it is refused."""
    text = clean(cell, 120)
    if _holds_number(text):
        raise BadCell("This looks like a pupil's number. A job title has none.")
    return text


def _holds_number(text: str) -> bool:
    """Whether there is a pupil's number in the text."""
    digits = sum(sign.isdigit() for sign in text)
    return digits >= 9 and any(found.must_hold for found in scan(text))


def date(cell: str) -> dt.date | None:
    """Return a day: 01/09/2026, 2026-09-01, 01-09-2026, 01-Sep-2026, 1 September 2026."""
    text = clean(cell, 40)
    if not text:
        return None
    match = _DATE.match(text)
    if match is None:
        raise BadCell("This is not a date. Write it as 01/09/2026.")
    found = match.groupdict()
    year, month, day = (found[key] or found[f"{key}2"] for key in ("y", "m", "d"))
    if len(year) == 2:
        raise BadCell("Write the year with four figures, such as 2026.")
    number = int(month) if month.isdigit() else _MONTH_NUMBERS.get(month.lower(), 0)
    try:
        when = dt.date(int(year), number, int(day))
    except ValueError as error:
        raise BadCell(f"There is no {text}. Check the day and the month.") from error
    if not 1930 <= when.year <= 2100:
        raise BadCell(f"The year {when.year} cannot be right.")
    return when


def hours(cell: str) -> Decimal | None:
    """Return weekly hours to one decimal place."""
    text = clean(cell, 40)
    if not text:
        return None
    if match := _CLOCK_HOURS.match(text):
        found = Decimal(match[1]) + Decimal(match[2]) / 60
    elif match := _HOURS.match(text):
        found = Decimal(f"{match[1]}.{match[2] or match[3] or 0}")
    else:
        raise BadCell("Weekly hours are a number, such as 32.5.")
    if found > 80:
        raise BadCell("Nobody works more than 80 hours a week. Is this hours a month or a year?")
    return found.quantize(Decimal("0.1"))


def yes_no(cell: str) -> bool | None:
    """Return yes or no, or None where the cell is empty."""
    text = clean(cell, 40).casefold().replace("-", " ")
    if not text:
        return None
    if text in _YES or text in _NO:
        return text in _YES
    raise BadCell("Write Y or N.")
