"""What each line means for the posts of its person: one to change, one to add, or nothing.

A post is known by its person, employer and job role. An empty cell never erases what is known;
names and addresses change only for people whom this employer alone answers for.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from accounts.enums import NON_EMPLOYMENT_ROLES
from accounts.models import Organisation
from accounts.staffing.lines import Line, Problem, Source
from accounts.staffing.managers import Managers
from accounts.staffing.matching import Subject
from accounts.staffing.plan import Change, Entry, NewPost, Plan, in_words
from accounts.staffing.records import KnownPost, Records

_SAID = {
    "title": "Job title",
    "starts_on": "Start date",
    "ends_on": "End date",
    "staff_number": "Staff number",
    "weekly_hours": "Weekly hours",
    "term_time_only": "Term time only",
}
OWN_POST = "This is your own post: you cannot end it. Ask a colleague who leads here."


@dataclass
class AtEmployer:
    """One person at one employer while their lines are gone through."""

    subject: Subject
    organisation: Organisation
    entry: Entry
    posts: list[KnownPost]
    seen: dict[str, Line] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)
    changes: dict[int, Change] = field(default_factory=dict)
    added: list[NewPost] = field(default_factory=list)

    def is_of(self, pk: int | None) -> bool:
        """Whether this is the person with the key."""
        return pk is not None and self.subject.pk == pk


class Rows:
    """Goes through the lines of one person at one employer at a time."""

    def __init__(
        self,
        plan: Plan,
        records: Records,
        managers: Managers,
        source: Source,
        own: int | None,
        on: dt.date,
    ) -> None:
        self.plan, self.records, self.managers = plan, records, managers
        self.source, self.own, self.on = source, own, on

    def at_employer(
        self, subject: Subject, organisation: Organisation, lines: list[Line]
    ) -> AtEmployer:
        """Go through the lines of one person at one employer."""
        first = lines[0]
        entry = Entry(
            name=first.name,
            employer=organisation.pk,
            email=subject.email,
            staff_number=first.staff_number,
        )
        posts = self.records.posts_of(subject.person, organisation.pk)
        here = AtEmployer(subject, organisation, entry, posts)
        if subject.person is not None and subject.person.is_suspended:
            entry.notes.append("This account is suspended; the list does not change that.")
        # What is over comes last: of two contracts in one job the present one is the post.
        for line in sorted(lines, key=lambda line: (self._is_past(line), line.number)):
            self._row(here, line)
        if subject.person is not None and not all(line.problems for line in lines):
            self._names(here)
        return here

    def _row(self, here: AtEmployer, line: Line) -> None:
        before = here.seen.get(line.job_role)
        if before is not None:
            self._again(here, before, line)
            return
        here.seen[line.job_role] = line
        post = self._known(here, line)
        manager = self.managers.of(line, here.subject)
        if post is not None:
            here.taken.add(post.pk)
            self._change(here, post, line, manager)
            here.entry.lines.append(line.number)
        elif line.starts_on is None:
            self._wrong(line, "starts_on", "", "Somebody who joins needs a start date.")
        elif self._is_past(line):
            here.entry.lines.append(line.number)
            here.entry.notes.append("Left before today; not added.")
        else:
            here.entry.lines.append(line.number)
            here.added.append(
                NewPost(
                    subject=here.subject,
                    organisation_id=here.organisation.pk,
                    job_role=line.job_role,
                    title=line.title,
                    starts_on=line.starts_on,
                    ends_on=line.ends_on,
                    staff_number=line.staff_number,
                    weekly_hours=line.weekly_hours,
                    term_time_only=bool(line.term_time_only),
                    is_employment=line.job_role not in NON_EMPLOYMENT_ROLES,
                    line_manager=manager,
                )
            )
        here.entry.notes.extend(line.notes)

    def _again(self, here: AtEmployer, before: Line, line: Line) -> None:
        """Judge a second line of the same post: the same words, a former contract, or an error."""
        if _content(before) == _content(line):
            here.entry.notes.append(f"Line {line.number} says the same again.")
        elif self._is_past(line):
            here.entry.notes.append(f"Line {line.number} is an earlier contract; not added.")
        else:
            self._wrong(
                line, "title", line.title,
                f"Line {before.number} has the same person in the same job. Keep one of the two.",
            )  # fmt: skip

    def _known(self, here: AtEmployer, line: Line) -> KnownPost | None:
        """Return the post the line tells of: one that is not over, or the one they come back to."""
        same = [post for post in here.posts if post.job_role == line.job_role]
        for post in same:
            is_earlier = line.ends_on is not None and line.ends_on < post.starts_on
            if not post.is_over(self.on) and not (is_earlier and self._is_past(line)):
                return post
        same = [post for post in same if post.is_over(self.on)]
        past = max(same, key=lambda post: (post.ends_on or self.on, post.pk), default=None)
        if past is None or past.ends_on is None:
            return None
        if line.ends_on is not None and self._is_past(line):
            overlaps = line.starts_on is None or line.starts_on <= past.ends_on
            return past if overlaps and line.ends_on >= past.starts_on else None
        if line.starts_on is not None and line.starts_on <= past.ends_on:
            return past
        return None

    def _change(self, here: AtEmployer, post: KnownPost, line: Line, manager: Any) -> None:
        wanted: dict[str, Any] = {
            name: value
            for name in ("title", "starts_on", "weekly_hours", "term_time_only")
            if (value := getattr(line, name)) not in (None, "")
        }
        if post.is_over(self.on) and self._is_past(line):
            wanted = {"ends_on": line.ends_on}
        elif post.is_over(self.on):
            wanted.pop("starts_on", None)
            wanted["ends_on"] = line.ends_on
        elif line.ends_on is not None and here.is_of(self.own):
            here.entry.notes.append(OWN_POST)
        elif line.ends_on is not None:
            wanted["ends_on"] = line.ends_on
        if line.staff_number and not self._number_is_elsewhere(here, post, line.staff_number):
            wanted["staff_number"] = line.staff_number
        if manager is not None:
            wanted["line_manager"] = manager
        if any(
            other.pk != post.pk
            and other.job_role == post.job_role
            and other.ends_on is not None
            and other.starts_on < post.starts_on
            and other.ends_on >= wanted.get("starts_on", post.starts_on)
            for other in here.posts
        ):
            wanted.pop("starts_on", None)
            here.entry.notes.append("An earlier post in this job lasted longer: start date kept.")
        ends, starts = wanted.get("ends_on", post.ends_on), wanted.get("starts_on", post.starts_on)
        if ends is not None and ends < starts:
            self._wrong(line, "ends_on", in_words(ends), "The end date is before the start date.")
            return
        before: dict[str, Any] = {}
        for name, value in wanted.items():
            known: Any = post.line_manager_id if name == "line_manager" else getattr(post, name)
            same = value.pk if isinstance(value, Subject) else value
            if name == "title" and known.casefold() == value.casefold():
                continue
            if known != same or (isinstance(value, Subject) and value.pk is None):
                before[name] = known
        if not before:
            return
        here.changes[post.pk] = Change(post.pk, before, {name: wanted[name] for name in before})
        here.entry.details.extend(self._said(name, before[name], wanted[name]) for name in before)

    def _is_past(self, line: Line) -> bool:
        return line.ends_on is not None and line.ends_on < self.on

    def _number_is_elsewhere(self, here: AtEmployer, post: KnownPost, number: str) -> bool:
        """Whether another post of the same person there, not over, carries the number."""
        return any(
            other.pk != post.pk and other.staff_number == number and not other.is_over(self.on)
            for other in here.posts
        )

    def _said(self, name: str, before: Any, after: Any) -> str:
        if name == "line_manager":
            return f"Line manager: {self.managers.name_of(before)} → {self.managers.name_of(after)}"
        if name == "ends_on" and after is None:
            return f"Comes back: no end date any more (was {in_words(before)})"
        return f"{_SAID[name]}: {in_words(before)} → {in_words(after)}"

    def _names(self, here: AtEmployer) -> None:
        """Bring name and address up to date where this employer alone answers for them."""
        subject, person = here.subject, here.subject.person
        assert person is not None
        line = subject.lines[0]
        before: dict[str, str | None] = {}
        after: dict[str, str | None] = {}
        # One employer's row never speaks for the other's, in one list of both either.
        may = person.belongs_to(here.organisation.pk) and line.organisation is here.organisation
        for name in ("given_name", "family_name"):
            known, said = getattr(person, name), getattr(line, name)
            if known.casefold() != said.casefold():
                before[name], after[name] = known, said
        if before and not may:
            here.entry.notes.append("The name differs from their account's; it is not changed.")
            before, after = {}, {}
        elif before:
            known = f"{person.given_name} {person.family_name}"
            here.entry.details.append(f"Name: {known} → {line.name}")
        if subject.email and subject.email not in (person.email, person.own_email):
            if may and person.may_be_readdressed_by(here.organisation.pk):
                before["email"], after["email"] = person.email or None, subject.email
                self.plan.readdressed.append(person.pk)
                here.entry.details.append(
                    f"Email address: {person.email or 'none'} → {subject.email}"
                )
            else:
                here.entry.notes.append(
                    "The address differs from the one they sign in with; it is not changed."
                )
        if after:
            self.plan.person_changes.append(Change(person.pk, dict(before), dict(after)))

    def _wrong(self, line: Line, name: str, value: str, message: str) -> None:
        line.problems.append(Problem(line.number, self.source.column(name), value, message))


def _content(line: Line) -> tuple[Any, ...]:
    return (
        line.email, line.staff_number.casefold(), line.given_name, line.family_name, line.title,
        line.starts_on, line.ends_on, line.weekly_hours, line.line_manager, line.term_time_only,
    )  # fmt: skip
