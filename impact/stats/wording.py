"""Findings as sentences. Verbs that claim too much are never used, and a test looks."""

import math
from dataclasses import dataclass

from .grading import Grade

FORBIDDEN = ("caused", "proven", "proved", "worked", "because of the training", "impact of")


PERCENT = "\u00a0%"
"""A per cent sign that stays on the line of its number."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The words of a question: trained group, comparison, outcome and the years, as phrases."""

    group: str
    outcome: str
    comparison: str = "similar schools"


def percent_change(log_ratio: float) -> float:
    """Turn a log rate ratio into a percentage change."""
    return 100 * math.expm1(log_ratio)


def change_in_words(log_ratio: float) -> str:
    """Say a change as "12 % fewer", "8 % more" or "no difference"; the sign never breaks off."""
    percent = percent_change(log_ratio)
    rounded = round(abs(percent))
    if rounded == 0:
        return "no difference"
    return f"{rounded}{PERCENT} {'more' if percent > 0 else 'fewer'}"


def answer(
    subject: Subject,
    grade: Grade,
    *,
    log_ratio: float | None = None,
    lower: float | None = None,
    upper: float | None = None,
    smallest: float | None = None,
) -> str:
    """Say the answer in one to three plain sentences that fit the grade; log scale in."""
    if grade is Grade.INSUFFICIENT:
        return _insufficient(subject, smallest)
    if grade is Grade.DESCRIPTIVE or log_ratio is None or lower is None or upper is None:
        return (
            f"We can't tell. The figures for {subject.group} and for {subject.comparison} can be "
            "described, but not compared fairly: see the checks."
        )
    interval = f"95{PERCENT} interval: {change_in_words(lower)} to {change_in_words(upper)}"
    change = change_in_words(log_ratio)
    about = f"about {change}" if change != "no difference" else "about as many"
    if grade is Grade.NO_CLEAR_DIFFERENCE:
        return (
            (
                f"No clear difference. {_capital(subject.group)} had {about} {subject.outcome} "
                f"than {subject.comparison} would suggest ({interval}). This is compatible with "
                "no difference."
            )
            .replace("about as many", "about the same number of")
            .replace(
                "number of " + subject.outcome + " than", "number of " + subject.outcome + " as"
            )
        )
    return (
        f"{_capital(subject.group)} had {about} {subject.outcome} than {subject.comparison} "
        f"would suggest ({interval}). This points to a difference. It does not show what made it."
    )


def _insufficient(subject: Subject, smallest: float | None) -> str:
    first = f"We can't tell: there are too few schools or years to compare {subject.group} fairly."
    if smallest is None or not math.isfinite(smallest):
        return first
    fall = round(-percent_change(-smallest))
    if fall >= 90:
        return f"{first} Even a very large change in {subject.outcome} could have gone unseen."
    return (
        f"{first} With these numbers, only a change of about {fall}{PERCENT} or more in "
        f"{subject.outcome} would have been likely to show."
    )


def smallest_change(smallest: float) -> str:
    """State the minimum detectable change (log scale in) at 80 % power and the 5 % level."""
    fall = round(-percent_change(-smallest))
    return f"A fall of about {fall}{PERCENT} would have been seen four times out of five."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
