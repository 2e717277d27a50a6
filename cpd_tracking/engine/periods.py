"""From scope, records, pauses and extensions to periods: the dates of every obligation.

Only facts go in and no today, so nothing has to be computed again because a night passed.
One period at a time is open: a renewal's period opens with its window (or on the day of an
earlier renewal) and closes the one before; `held_until` carries what is still valid into it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cpd_tracking.engine.dates import (
    ONE_DAY,
    UnknownTerm,
    add_months,
    end_of_nth_term,
    last_fixed_day,
    move_out_of_holiday,
    next_fixed_day,
)
from cpd_tracking.engine.facts import (
    Calendar,
    PauseFact,
    Period,
    RecordFact,
    Rule,
    RuleVersion,
    Scope,
)
from cpd_tracking.engine.satisfaction import Credit, credits_for, days_that_count

RETURN_DAYS = 30  # what someone has at least after coming back (design: cpd, 9)


@dataclass(frozen=True, slots=True)
class _Case:
    """Everything that bears on one subject's periods of one rule."""

    rule: Rule
    scope: Scope
    pauses: Sequence[PauseFact]
    extensions: Mapping[dt.date, dt.date]
    calendar: Calendar


def periods_for(
    *,
    rule: Rule,
    scope: Scope,
    records: Sequence[RecordFact],
    pauses: Sequence[PauseFact],
    extensions: Mapping[dt.date, dt.date],
    calendar: Calendar,
) -> list[Period]:
    """Return the periods of a rule for one stretch of one subject, in order.

    `records` and `pauses` are the person's; `extensions` maps a period's start to its later due
    date. Starts are strictly increasing: with subject and rule they are the natural key.
    """
    case = _Case(rule, scope, _own_pauses(scope, pauses), extensions, calendar)
    version = rule.version_on(scope.starts_on)
    if version.anchor == "fixed":
        periods = _fixed_periods(case, records)
    else:
        periods = _rolling_periods(case, records)
    return _cut(case, periods)


def due_from(version: RuleVersion, start: dt.date, calendar: Calendar) -> dt.date:
    """Return the day by which something triggered on `start` is due."""
    if version.due_unit == "days":
        return start + dt.timedelta(days=version.due_count)
    if version.due_unit == "months":
        return add_months(start, version.due_count)
    if version.due_unit == "terms":
        try:
            return end_of_nth_term(start, version.due_count, calendar.terms)
        except UnknownTerm:
            # Three terms a year: right to a few weeks until the calendar is entered.
            return add_months(start, 4 * version.due_count)
    earliest = start + dt.timedelta(days=version.due_count)
    return next_fixed_day(earliest, version.due_month or 8, version.due_day or 31)


def _rolling_periods(case: _Case, records: Sequence[RecordFact]) -> list[Period]:
    version = case.rule.version_on(case.scope.starts_on)
    start = case.scope.starts_on
    credits_ = credits_for(case.rule, records)
    if not version.earlier_records_count:
        credits_ = [credit for credit in credits_ if credit.day >= start]
    held = [index for index, credit in enumerate(credits_) if credit.holds_on(start)]
    position = (
        held[-1]
        if held
        else next(
            (index for index, credit in enumerate(credits_) if credit.day >= start), len(credits_)
        )
    )
    due = _local_due(version, due_from(version, case.scope.trigger_on, case.calendar), case)
    periods = [_period(case, version, start, due, None, _at(credits_, position))]
    while position < len(credits_) and credits_[position].expires_on is not None:
        credit, position = credits_[position], position + 1
        following = _at(credits_, position)
        start = _renewal_start(periods[-1], credit, following, version.window_days)
        version = case.rule.version_on(start)
        assert credit.expires_on is not None
        periods[-1] = replace(periods[-1], closed_on=start, how_closed="renewal")
        periods.append(
            _period(case, version, start, credit.expires_on, credit.expires_on, following)
        )
    return periods


def _at(credits_: Sequence[Credit], position: int) -> Credit | None:
    return credits_[position] if position < len(credits_) else None


def _renewal_start(
    last: Period, credit: Credit, following: Credit | None, window_days: int
) -> dt.date:
    """The renewal opens with its window, sooner if renewed sooner, and after what it renews."""
    assert credit.expires_on is not None
    opens = credit.expires_on - dt.timedelta(days=window_days)
    if following is not None:
        opens = min(opens, following.day)
    return max(opens, last.starts_on + ONE_DAY, credit.day + ONE_DAY)


def _period(
    case: _Case,
    version: RuleVersion,
    start: dt.date,
    due: dt.date,
    held_until: dt.date | None,
    credit: Credit | None,
) -> Period:
    moved = case.extensions.get(start) or due
    if version.may_pause:
        moved = _after_pauses(start, moved, case.pauses)
    window = dt.timedelta(days=version.window_days)
    grace = dt.timedelta(days=version.grace_days)
    grace_until = due + grace if version.grace_days else None
    if held_until is not None and moved > due:
        # Validity never pauses: what has lapsed counts as grace until the later date.
        grace_until = max(moved, grace_until or moved)
    elif version.grace_days:
        grace_until = moved + grace
    satisfied_on = credit.day if credit else None
    return Period(
        version_id=version.version_id,
        starts_on=start,
        trigger_on=case.scope.trigger_on if held_until is None else start,
        window_opens_on=max(start, moved - window) if held_until is None else due - window,
        first_due_on=due,
        due_on=moved,
        held_until=held_until,
        satisfied_on=satisfied_on,
        expires_on=credit.expires_on if credit else None,
        grace_until=grace_until,
        closed_on=None,
        how_closed="",
        exempt_because=case.scope.exempt_because,
        record_ids=(credit.record_id,) if credit else (),
    )


def _local_due(version: RuleVersion, due: dt.date, case: _Case) -> dt.date:
    """A computed local date in the holidays moves for term-time staff (design: cpd, 14)."""
    computed = version.due_unit in ("days", "months")
    if computed and version.basis == "local" and case.scope.term_time_only:
        return move_out_of_holiday(due, case.calendar.terms)
    return due


def _own_pauses(scope: Scope, pauses: Sequence[PauseFact]) -> list[PauseFact]:
    """Pauses of the person, and of the post if the subject is that post."""
    return sorted(
        (
            pause
            for pause in pauses
            if pause.post_id is None
            or (scope.post_id is not None and pause.post_id == scope.post_id)
        ),
        key=lambda pause: (pause.starts_on, pause.ends_on or dt.date.max),
    )


def _after_pauses(start: dt.date, due: dt.date, pauses: Sequence[PauseFact]) -> dt.date:
    """Return the later of (due + paused days) and (return + 30 days) after each ended pause.

    A pause that began after the due date moves nothing: it was late already. One without an end
    moves nothing yet.
    """
    for pause in pauses:
        if pause.ends_on is None or pause.ends_on < start or pause.starts_on > due:
            continue
        paused = (pause.ends_on - max(pause.starts_on, start)).days + 1
        back_on = pause.ends_on + ONE_DAY
        due = max(due + dt.timedelta(days=paused), back_on + dt.timedelta(days=RETURN_DAYS))
    return due


def _fixed_periods(case: _Case, records: Sequence[RecordFact]) -> list[Period]:
    """Periods of the same days each year, as far as the calendar's horizon."""
    counted = days_that_count(case.rule, records)
    start = case.scope.starts_on
    if not case.rule.version_on(start).earlier_records_count:
        counted = [item for item in counted if item[0] >= start]
    first = case.rule.version_on(start)
    limit = min(case.calendar.horizon, case.scope.ends_on or dt.date.max)
    opening = last_fixed_day(start, first.cycle_month or 9, first.cycle_day or 1)
    periods: list[Period] = []
    while start <= limit:
        version = case.rule.version_on(start)
        closing = next_fixed_day(
            opening + ONE_DAY, version.cycle_month or 9, version.cycle_day or 1
        )
        due = next_fixed_day(opening, version.due_month or 8, version.due_day or 31)
        if not periods:  # a joiner has at least the rule's notice
            due = max(due, start + dt.timedelta(days=version.due_count))
        inside = [item for item in counted if opening <= item[0] < closing]
        credit = (
            Credit(
                inside[0][0],
                next_fixed_day(closing, version.due_month or 8, version.due_day or 31),
                inside[0][1],
            )
            if inside
            else None
        )
        previous = periods[-1] if periods else None
        held_until = due if previous is not None and previous.satisfied_on else None
        periods.append(_period(case, version, start, due, held_until, credit))
        if previous is not None:
            how = "renewal" if previous.satisfied_on else "missed"
            periods[-2] = replace(previous, closed_on=start, how_closed=how)
        opening = start = closing
    return periods


def _cut(case: _Case, periods: list[Period]) -> list[Period]:
    """Close what is open when the subject leaves or the rule ends; drop what would start later."""
    ends = [
        (day, how)
        for day, how in ((case.scope.ends_on, "left"), (case.rule.ends_on, "rule_ended"))
        if day is not None
    ]
    if not ends:
        return periods
    last_day, how = min(ends)
    closed_on = last_day + ONE_DAY
    return [
        _closed(period, last_day, closed_on, how)
        for period in periods
        if period.starts_on <= last_day
    ]


def _closed(period: Period, last_day: dt.date, closed_on: dt.date, how: str) -> Period:
    """What was done after the last day satisfies nothing here."""
    if period.satisfied_on is not None and period.satisfied_on > last_day:
        period = replace(period, satisfied_on=None, expires_on=None, record_ids=())
    if period.closed_on is None or period.closed_on > last_day:
        period = replace(period, closed_on=closed_on, how_closed=how)
    return period
