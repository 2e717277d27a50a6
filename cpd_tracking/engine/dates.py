"""Date arithmetic of the rules: months, fixed days, terms, school days."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

ONE_DAY = dt.timedelta(days=1)


class UnknownTerm(LookupError):
    """The local area's calendar does not reach this day."""


@dataclass(frozen=True, slots=True)
class SchoolTerm:
    """A term of the local area: first and last day, and its half-term holiday if it has one."""

    starts_on: dt.date
    ends_on: dt.date
    half_term_starts_on: dt.date | None = None
    half_term_ends_on: dt.date | None = None

    def is_school_day(self, day: dt.date) -> bool:
        """Whether the day is a weekday of this term outside its half-term holiday."""
        if not self.starts_on <= day <= self.ends_on or day.weekday() >= 5:
            return False
        if self.half_term_starts_on is None or self.half_term_ends_on is None:
            return True
        return not self.half_term_starts_on <= day <= self.half_term_ends_on


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months later, or that month's last (31 January + 1 month)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    month += 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def fixed_day(year: int, month: int, day: int) -> dt.date:
    """Return the day of that year; 29 February is 28 February in a common year."""
    return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))


def next_fixed_day(after: dt.date, month: int, day: int) -> dt.date:
    """Return the first such day of the year on or after the date."""
    this_year = fixed_day(after.year, month, day)
    return this_year if this_year >= after else fixed_day(after.year + 1, month, day)


def last_fixed_day(before: dt.date, month: int, day: int) -> dt.date:
    """Return the last such day of the year on or before the date."""
    this_year = fixed_day(before.year, month, day)
    return this_year if this_year <= before else fixed_day(before.year - 1, month, day)


def end_of_nth_term(start: dt.date, count: int, terms: Sequence[SchoolTerm]) -> dt.date:
    """Return the last day of the Nth term, the starting term first.

    Someone who starts in a holiday starts with the term that follows. `terms` in order of date.
    Raises UnknownTerm when the calendar ends before.
    """
    ahead = [term for term in terms if term.ends_on >= start]
    if len(ahead) < count:
        raise UnknownTerm(f"The calendar has no {count} terms from {start:%d %B %Y}.")
    return ahead[count - 1].ends_on


def move_out_of_holiday(
    day: dt.date, terms: Sequence[SchoolTerm], school_days: int = 10
) -> dt.date:
    """Return the day, or if it falls in school holidays the tenth school day after.

    A weekend inside a term is no holiday. Where the calendar is unknown the day stays.
    """
    if not _in_holiday(day, terms):
        return day
    moved, counted = day, 0
    last = max((term.ends_on for term in terms), default=day)
    while counted < school_days:
        moved += ONE_DAY
        if moved > last:
            return day
        counted += any(term.is_school_day(moved) for term in terms)
    return moved


def _in_holiday(day: dt.date, terms: Sequence[SchoolTerm]) -> bool:
    if not terms or day < terms[0].starts_on or day > terms[-1].ends_on:
        return False
    for term in terms:
        if term.starts_on <= day <= term.ends_on:
            return bool(
                term.half_term_starts_on
                and term.half_term_ends_on
                and term.half_term_starts_on <= day <= term.half_term_ends_on
            )
    return True


def is_holiday(day: dt.date, terms: Sequence[SchoolTerm]) -> bool:
    """Whether the day is outside every term or in a half-term holiday; unknown days are not."""
    return _in_holiday(day, terms)
