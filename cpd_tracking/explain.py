"""Why this status? The dates, the rule and the record behind one obligation on a day.

The same explanation is a sentence for people and JSON for machines, so the two never disagree.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import Any

from accounts.models import User
from cpd_tracking.enums import Basis, ExemptionReason, RecordSource, Status
from cpd_tracking.models import (
    Exemption,
    Extension,
    LearningRecord,
    Obligation,
    RequirementVersion,
)

_UNITS = {"days": "day", "months": "month", "terms": "term"}


def day_text(day: dt.date) -> str:
    """Return a day as people write it: 4 March 2027."""
    return f"{day.day} {day:%B %Y}"


def count_text(count: int, noun: str) -> str:
    """Return "1 day", "12 days"."""
    return f"{count} {noun}" + ("" if count == 1 else "s")


def late_text(days: int) -> str:
    """Return how late, in days up to two weeks, then in weeks, months and years."""
    if days < 14:
        return count_text(days, "day") + " late"
    if days < 61:
        return count_text(days // 7, "week") + " late"
    if days < 730:
        return count_text(days // 30, "month") + " late"
    return count_text(days // 365, "year") + " late"


@dataclass(frozen=True)
class Explanation:
    """Everything that led to a status; `sentences` say it in words, oldest cause first."""

    status: str
    status_label: str
    is_valid: bool
    requirement: str
    key: str
    rule_version: int
    basis: str
    reference: str
    edition: str
    subject: str
    trigger_on: dt.date
    window_opens_on: dt.date
    first_due_on: dt.date
    due_on: dt.date
    held_until: dt.date | None
    satisfied_on: dt.date | None
    expires_on: dt.date | None
    grace_until: dt.date | None
    on: dt.date
    records: list[dict[str, Any]] = field(default_factory=list)
    not_counting: list[dict[str, Any]] = field(default_factory=list)
    exemption: dict[str, Any] | None = None
    extension: dict[str, Any] | None = None
    sentences: list[str] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """The explanation in words."""
        return " ".join(self.sentences)

    def as_json(self) -> dict[str, Any]:
        """Return JSON-ready values, days in ISO form."""
        values = {**asdict(self), "sentence": self.sentence}
        return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def explain_status(
    *, obligation: Obligation, on: dt.date, viewer: User | None = None
) -> Explanation:
    """Explain one obligation on a day; to the learner also what did not count, and why not.

    Whoever else looks sees dates and how the completion was vouched for, never what the person
    did elsewhere, and "Not required now" without a reason.
    """
    row = (
        Obligation.objects.filter(pk=obligation.pk)
        .with_status(on)
        .select_related("requirement", "version", "post__organisation", "learner", "organisation")
        .get()
    )
    own = viewer is None or viewer.pk == row.learner_id
    exemption = _exemption(row, on) if row.status == Status.EXEMPT else None
    extension = _extension(row)
    records = list(row.satisfied_by.all()) if row.satisfied_on else []
    rejected = _not_counting(row) if own else []
    sentences = [_rule_sentence(row), _due_sentence(row, extension)]
    sentences += _held_sentences(row, records, on)
    sentences += [f"{item['title']} of {day_text(item['on'])} does not count: {item['because']}."
                  for item in rejected]  # fmt: skip
    sentences.append(_verdict(row, on, own=own, exemption=exemption))
    return Explanation(
        status=row.status,
        status_label=str(Status(row.status).label),
        is_valid=row.is_valid,
        requirement=row.requirement.title,
        key=row.requirement.key,
        rule_version=row.version.number,
        basis=str(Basis(row.version.basis).label),
        reference=row.version.reference,
        edition=row.version.edition,
        subject=_subject(row),
        trigger_on=row.trigger_on,
        window_opens_on=row.window_opens_on,
        first_due_on=row.first_due_on,
        due_on=row.due_on,
        held_until=row.held_until,
        satisfied_on=row.satisfied_on,
        expires_on=row.expires_on,
        grace_until=row.grace_until,
        on=on,
        records=[
            {
                "title": record.title if own else row.requirement.title,
                "on": record.occurred_on,
                "source": str(RecordSource(record.source).label),
            }
            for record in records
        ],
        not_counting=rejected,
        exemption=exemption if own else None,
        extension=extension,
        sentences=[sentence for sentence in sentences if sentence],
    )


def _subject(row: Obligation) -> str:
    if row.post is not None:
        return f"{row.post.get_job_role_display()} at {row.post.organisation}"
    if row.organisation is not None:
        return str(row.organisation)
    return "The person, for all posts together"


def _rule_sentence(row: Obligation) -> str:
    basis = Basis(row.version.basis).label
    reference = f", {row.version.reference}" if row.version.reference else ""
    edition = f" ({row.version.edition})" if row.version.edition else ""
    return f"Asked of {row.requirement.audience_label}: {basis.lower()}{reference}{edition}."


def _due_sentence(row: Obligation, extension: dict[str, Any] | None) -> str:
    version: RequirementVersion = row.version
    due = day_text(row.first_due_on)
    if row.held_until is not None:
        text = f"It was to be renewed by {due}"
    elif version.due_unit == "fixed_day" or version.anchor == "fixed":
        text = f"It falls due on {due}"
    else:
        time = count_text(version.due_count, _UNITS[version.due_unit])
        first = " ever in this role" if version.trigger == "first_post_in_role" else ""
        text = f"It is due {time} after the first day{first}, {day_text(row.trigger_on)}: by {due}"
    if row.due_on != row.first_due_on:
        why = "an extension" if extension else "time away"
        text += f", moved to {day_text(row.due_on)} because of {why}"
    return text + "."


def _held_sentences(row: Obligation, records: list[LearningRecord], on: dt.date) -> list[str]:
    if row.satisfied_on is None or row.satisfied_on > on or not records:
        if row.held_until is not None:
            return [f"The last completion counted until {day_text(row.held_until)}."]
        return ["Nothing that satisfies it has been recorded."]
    record = records[-1]
    source = RecordSource(record.source).label
    text = f"It was done on {day_text(record.occurred_on)} ({source[0].lower()}{source[1:]})"
    if row.satisfied_on > row.due_on:
        text += f", {count_text((row.satisfied_on - row.due_on).days, 'day')} late"
    if row.expires_on is not None:
        months = row.version.validity_months
        length = f"{count_text(months, 'month')}, " if months else ""
        return [text + f". It counts for {length}until {day_text(row.expires_on)}."]
    return [text + ". It does not need renewing."]


def _verdict(row: Obligation, on: dt.date, *, own: bool, exemption: dict[str, Any] | None) -> str:
    late = (on - row.due_on).days
    if row.status in (Status.EXEMPT, Status.PAUSED):
        if not own:
            return "It is not required now."
        if row.status == Status.PAUSED:
            return "Your clock is paused: you have at least 30 days after you come back."
        until = (
            f" until {day_text(exemption['ends_on'])}" if exemption and exemption["ends_on"] else ""
        )
        because = f" ({exemption['reason'].lower()})" if exemption else ""
        return f"You are exempt{until}{because}."
    if row.status == Status.COMPLIANT:
        return "So it is up to date."
    if row.status == Status.IN_GRACE:
        assert row.grace_until is not None
        return f"So it has lapsed, with grace until {day_text(row.grace_until)}."
    if row.status == Status.EXPIRED:
        return "So it has expired."
    if row.status == Status.OVERDUE:
        return f"So it is {count_text(late, 'day')} overdue."
    if row.status == Status.DUE_SOON:
        return f"So it is due in {count_text(-late, 'day')}." if late else "So it is due today."
    if row.status == Status.CLOSED:
        return f"This period closed: {row.get_how_closed_display().lower()}."
    return f"So it is not due yet; the time to do it opens on {day_text(row.window_opens_on)}."


def _exemption(row: Obligation, on: dt.date) -> dict[str, Any] | None:
    if row.exempt_because:
        label = ExemptionReason(row.exempt_because).label
        return {"reason": str(label), "starts_on": row.starts_on, "ends_on": None}
    found = Exemption.objects.filter(
        person=row.learner_id,
        requirement=row.requirement_id,
        approved_at__isnull=False,
        starts_on__lte=on,
        ends_on__gte=on,
    ).first()
    if found is None:
        return None
    return {
        "reason": str(found.get_reason_display()),
        "starts_on": found.starts_on,
        "ends_on": found.ends_on,
    }


def _extension(row: Obligation) -> dict[str, Any] | None:
    found = (
        Extension.objects.filter(
            person=row.learner_id,
            requirement=row.requirement_id,
            post=row.post_id,
            period_starts_on=row.starts_on,
        )
        .order_by("-recorded_at", "-pk")
        .first()
    )
    return {"due_on": found.due_on, "reason": found.reason} if found else None


def _not_counting(row: Obligation) -> list[dict[str, Any]]:
    """Records of what satisfies the rule that were refused, with the reason (design: cpd, 13)."""
    if not row.version.demands_score or row.satisfied_on is not None:
        return []
    courses = [item["course"] for item in row.version.satisfied_by if "course" in item]
    return [
        {
            "title": record.title,
            "on": record.occurred_on,
            "because": "the requirement asks for a result that Waymark or a trainer vouches for",
        }
        for record in LearningRecord.objects.standing().filter(
            person=row.learner_id,
            course__in=courses,
            source=RecordSource.CLIENT_SCORED,
            is_reviewed=False,
            occurred_on__gte=row.starts_on,
        )
    ]
