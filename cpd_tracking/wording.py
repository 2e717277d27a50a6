"""How an obligation is put into words on lists, in mails and in exports; one wording for all."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from cpd_tracking.enums import LATE_STATUSES, Basis, Status
from cpd_tracking.explain import count_text, day_text, late_text
from cpd_tracking.models import Obligation

_BINDING_WORDS = {
    Basis.STATUTORY: "required of {} (statutory)",
    Basis.STATUTORY_GUIDANCE: "required of {} (statutory guidance)",
    Basis.REGULATOR: "required of {} (regulator)",
    Basis.PROFESSIONAL_BODY: "required of {} (professional body)",
    Basis.LOCAL: "required of {}",
    Basis.EXPECTED: "expected of {}",
    Basis.RECOMMENDED: "recommended for {}",
}


def hours_text(hours: Decimal) -> str:
    """Return hours without needless zeros: 1.5, 0.75, 12."""
    return f"{hours.normalize():f}" if hours else "0"


@dataclass(frozen=True)
class TaskWords:
    """An obligation as a row: what, why, when, and the words of its status."""

    obligation_id: int
    requirement_id: int
    course_id: int | None
    title: str
    why: str
    status: str
    status_label: str
    due: str
    due_on: dt.date
    is_late: bool
    setting: str


def why_of(row: Obligation) -> str:
    """Return "required of school staff (statutory guidance)"; needs requirement and version."""
    return _BINDING_WORDS[Basis(row.version.basis)].format(row.requirement.audience_label)


def status_words(status: str, due_on: dt.date, on: dt.date) -> str:
    """Return the words of a status tag on a list: "12 days late", "Due 30 September"."""
    if status in LATE_STATUSES:
        words = late_text(max((on - due_on).days, 0)) if on > due_on else "Lapsed"
        return f"{words}, in grace" if status == Status.IN_GRACE else words
    if status == Status.DUE_SOON:
        if due_on == on:
            return "Due today"
        year = f" {due_on.year}" if due_on.year != on.year else ""
        return f"Due {due_on.day} {due_on:%B}{year}"
    if status in (Status.EXEMPT, Status.PAUSED):
        return "Not required now"
    return str(Status(status).label)


def words_of(row: Obligation, on: dt.date) -> TaskWords:
    """Put an obligation with status into words; needs requirement, version, post__organisation."""
    status = row.status
    return TaskWords(
        obligation_id=row.pk,
        requirement_id=row.requirement_id,
        course_id=row.requirement.course_id,
        title=row.requirement.title,
        why=why_of(row),
        status=status,
        status_label=status_words(status, row.due_on, on),
        due=until_words(row, status, on),
        due_on=row.due_on,
        is_late=status in LATE_STATUSES,
        setting=row.post.organisation.name if row.post is not None else "",
    )


def until_words(row: Obligation, status: str, on: dt.date) -> str:
    """Return what a status leaves open: the date it was due, how long is left, valid until."""
    if status == Status.COMPLIANT:
        return f"until {day_text(row.expires_on)}" if row.expires_on else "no renewal needed"
    if status in (Status.EXEMPT, Status.PAUSED):
        return ""
    if status in LATE_STATUSES:
        return f"was due {day_text(row.due_on)}"
    if status == Status.DUE_SOON:
        left = (row.due_on - on).days
        return f"in {count_text(left, 'day')}" if left else day_text(row.due_on)
    return f"due {day_text(row.due_on)}"


def cell_words(status: str, due_on: dt.date, expires_on: dt.date | None, on: dt.date) -> str:
    """Return the few words of a grid cell: "Done", "9 days late", "Due 4 Mar"."""
    if status == Status.COMPLIANT:
        return "Done"
    if status in LATE_STATUSES:
        return late_text(max((on - due_on).days, 1))
    if status == Status.DUE_SOON:
        return f"Due {due_on.day} {due_on:%b}"
    if status in (Status.EXEMPT, Status.PAUSED):
        return "Not required now"
    return f"By {due_on.day} {due_on:%b}"


__all__ = [
    "TaskWords",
    "cell_words",
    "count_text",
    "hours_text",
    "status_words",
    "until_words",
    "why_of",
    "words_of",
]
