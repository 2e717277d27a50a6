"""The arithmetic of dates, on worked examples."""

from __future__ import annotations

import datetime as dt

import pytest

from cpd_tracking.engine.dates import (
    SchoolTerm,
    UnknownTerm,
    add_months,
    end_of_nth_term,
    fixed_day,
    last_fixed_day,
    move_out_of_holiday,
    next_fixed_day,
)

D = dt.date
TERMS = [
    SchoolTerm(D(2025, 9, 1), D(2025, 12, 19), D(2025, 10, 27), D(2025, 10, 31)),
    SchoolTerm(D(2026, 1, 5), D(2026, 3, 27), D(2026, 2, 16), D(2026, 2, 20)),
    SchoolTerm(D(2026, 4, 13), D(2026, 7, 17), D(2026, 5, 25), D(2026, 5, 29)),
]


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (D(2026, 1, 31), 1, D(2026, 2, 28)),
        (D(2028, 1, 31), 1, D(2028, 2, 29)),
        (D(2024, 2, 29), 12, D(2025, 2, 28)),
        (D(2024, 2, 29), 48, D(2028, 2, 29)),
        (D(2025, 11, 30), 3, D(2026, 2, 28)),
        (D(2025, 12, 15), 24, D(2027, 12, 15)),
        (D(2026, 3, 31), -1, D(2026, 2, 28)),
    ],
)
def test_months_end_on_the_last_day_where_the_month_is_shorter(start, months, expected):
    assert add_months(start, months) == expected


def test_fixed_days_of_29_february_fall_on_28_in_common_years():
    assert fixed_day(2027, 2, 29) == D(2027, 2, 28)
    assert next_fixed_day(D(2027, 3, 1), 2, 29) == D(2028, 2, 29)


def test_next_and_last_fixed_day_include_the_day_itself():
    assert next_fixed_day(D(2026, 11, 30), 11, 30) == D(2026, 11, 30)
    assert next_fixed_day(D(2026, 12, 1), 11, 30) == D(2027, 11, 30)
    assert last_fixed_day(D(2026, 9, 1), 9, 1) == D(2026, 9, 1)
    assert last_fixed_day(D(2026, 8, 31), 9, 1) == D(2025, 9, 1)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (D(2025, 9, 1), 1, D(2025, 12, 19)),
        (D(2025, 12, 19), 1, D(2025, 12, 19)),
        (D(2025, 12, 20), 1, D(2026, 3, 27)),  # in the holidays: the term that follows
        (D(2025, 10, 6), 2, D(2026, 3, 27)),
        (D(2025, 10, 6), 3, D(2026, 7, 17)),
    ],
)
def test_terms_count_the_starting_term_first(start, count, expected):
    assert end_of_nth_term(start, count, TERMS) == expected


def test_a_calendar_that_ends_too_soon_says_so():
    with pytest.raises(UnknownTerm):
        end_of_nth_term(D(2026, 5, 1), 2, TERMS)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (D(2025, 12, 18), D(2025, 12, 18)),
        (D(2025, 12, 25), D(2026, 1, 16)),  # tenth school day after: 5 to 16 January
        (D(2025, 10, 29), D(2025, 11, 14)),  # half-term holiday
        (D(2025, 11, 15), D(2025, 11, 15)),  # a Saturday inside term is no holiday
        (D(2027, 1, 1), D(2027, 1, 1)),  # the calendar does not reach so far
    ],
)
def test_holiday_dates_move_to_the_tenth_school_day_after(day, expected):
    assert move_out_of_holiday(day, TERMS) == expected
