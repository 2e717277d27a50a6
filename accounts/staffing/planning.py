"""What a list would change, worked out without writing anything.

A post is known by its person, employer and job role. Nothing ends by absence but employment posts
of the employer whose full list it is; an empty cell never erases what is known; names and
addresses change only for people whom this employer alone answers for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts import access
from accounts.enums import NON_EMPLOYMENT_ROLES, ImportMode, JobRole, OrganisationStatus
from accounts.models import LocalArea, Organisation, User
from accounts.querysets.administration import MANAGE_POSTS
from accounts.staffing.absence import Absence
from accounts.staffing.cells import BadCell
from accounts.staffing.cells import email as read_email
from accounts.staffing.lines import (
    Employers,
    Line,
    Problem,
    Source,
    mark_unknown,
    read_lines,
    unknown_titles,
)
from accounts.staffing.managers import Managers
from accounts.staffing.matching import Matching, Subject
from accounts.staffing.plan import (
    MUST_TYPE_ABOVE,
    Change,
    EmployerPlan,
    Entry,
    NewPost,
    Plan,
    in_words,
)
from accounts.staffing.records import KnownPost, Records, load_records

_SAID = {
    "title": "Job title",
    "starts_on": "Start date",
    "ends_on": "End date",
    "staff_number": "Staff number",
    "weekly_hours": "Weekly hours",
    "term_time_only": "Term time only",
}
_OWN_POST = "This is your own post: you cannot end it. Ask a colleague who leads here."


def plan_list(
    *,
    source: Source,
    local_area: LocalArea,
    organisation: Organisation | None,
    mode: str,
    titles: Mapping[str, str],
    by: User | None,
    on: dt.date,
) -> Plan:
    """Return what the list would change on that day; a constant number of queries.

    `organisation` is None where the list names employers; `by` limits whose (None: nobody does).
    """
    employers = _employers(local_area, organisation, by, on)
    lines = read_lines(source, employers, titles)
    plan = Plan(rows=len(lines), unknown=unknown_titles(lines))
    mark_unknown(lines, source)
    concerned = {line.organisation.pk: line.organisation for line in lines if line.organisation}
    if organisation is not None:
        concerned[organisation.pk] = organisation
    addresses = {line.email for line in lines if line.email} | set(_managers_addresses(lines))
    records = load_records(organisations=list(concerned.values()), emails=addresses, on=on)
    matching = Matching(records, source)
    matching.take(lines)
    managers = Managers(records, matching, employers.by_pk, on)
    _Planner(plan, records, matching, managers, lines, source, mode, by, on).run(concerned)
    return plan


def _employers(
    local_area: LocalArea, organisation: Organisation | None, by: User | None, on: dt.date
) -> Employers:
    organisations = list(
        Organisation.objects.filter(local_area=local_area)
        .exclude(status=OrganisationStatus.CLOSED)
        .order_by("pk")
    )
    within = {each.pk for each in organisations}
    if by is not None:
        reached = access.organisations_in_scope(by, MANAGE_POSTS, on, local_area=local_area)
        within &= set(reached.values_list("pk", flat=True))
    if organisation is not None:
        within &= access.with_teams_below([organisation.pk])
    return Employers(organisations, only=organisation, within=within)


def _managers_addresses(lines: list[Line]) -> list[str]:
    found = []
    for text in {line.line_manager for line in lines if "@" in line.line_manager}:
        try:
            found.append(read_email(text))
        except BadCell:
            continue
    return found


@dataclass
class _Here:
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


class _Planner:
    def __init__(
        self,
        plan: Plan,
        records: Records,
        matching: Matching,
        managers: Managers,
        lines: list[Line],
        source: Source,
        mode: str,
        by: User | None,
        on: dt.date,
    ) -> None:
        self.plan, self.records, self.matching, self.managers = plan, records, matching, managers
        self.lines, self.source, self.mode, self.on = lines, source, mode, on
        self.own = by.pk if by is not None else None
        self.absence = Absence(records, on)

    def run(self, concerned: dict[int, Organisation]) -> None:
        gone_through = [
            self._at(subject, organisation, lines)
            for subject in self.matching.subjects
            for organisation, lines in _by_employer(subject)
        ]
        counts = {pk: EmployerPlan(pk, each.name) for pk, each in concerned.items()}
        for line in self.lines:
            self.plan.problems.extend(line.problems)
        self._end_by_absence(gone_through, concerned)
        for here in gone_through:
            self._sort(here, counts[here.organisation.pk])
        self._new_people()
        for employer in counts.values():
            employer.in_post = len(self.absence.employed(employer.id))
            employer.is_large = (
                self.mode == ImportMode.FULL
                and employer.ending * 100 > employer.in_post * MUST_TYPE_ABOVE
            )
        self.plan.employers = sorted(counts.values(), key=lambda employer: employer.name)
        for entries in self.plan.entries.values():
            entries.sort(key=lambda entry: (entry.employer, entry.lines or [0], entry.name))

    def _at(self, subject: Subject, organisation: Organisation, lines: list[Line]) -> _Here:
        first = lines[0]
        entry = Entry(
            name=first.name,
            employer=organisation.pk,
            email=subject.email,
            staff_number=first.staff_number,
        )
        posts = self.records.posts_of(subject.person, organisation.pk)
        here = _Here(subject, organisation, entry, posts)
        if subject.person is not None and subject.person.is_suspended:
            entry.notes.append("This account is suspended; the list does not change that.")
        for line in lines:
            self._row(here, line)
        if subject.person is not None and not all(line.problems for line in lines):
            self._names(here)
        return here

    def _row(self, here: _Here, line: Line) -> None:
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
        elif line.ends_on is not None and line.ends_on < self.on:
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

    def _again(self, here: _Here, before: Line, line: Line) -> None:
        """Judge a second line of the same post: the same words, a former contract, or an error."""
        if _content(before) == _content(line):
            here.entry.notes.append(f"Line {line.number} says the same again.")
        elif line.ends_on is not None and line.ends_on < self.on:
            here.entry.notes.append(f"Line {line.number} is an earlier contract; not added.")
        else:
            self._wrong(
                line, "title", line.title,
                f"Line {before.number} has the same person in the same job. Keep one of the two.",
            )  # fmt: skip

    def _known(self, here: _Here, line: Line) -> KnownPost | None:
        """Return the post the line tells of: one that is not over, or the one they come back to."""
        same = [post for post in here.posts if post.job_role == line.job_role]
        for post in same:
            if not post.is_over(self.on):
                return post
        past = max(same, key=lambda post: (post.ends_on or self.on, post.pk), default=None)
        if past is None or past.ends_on is None:
            return None
        if line.ends_on is not None and line.ends_on < self.on:
            overlaps = line.starts_on is None or line.starts_on <= past.ends_on
            return past if overlaps and line.ends_on >= past.starts_on else None
        if line.starts_on is not None and line.starts_on <= past.ends_on:
            return past
        return None

    def _change(self, here: _Here, post: KnownPost, line: Line, manager: Any) -> None:
        wanted: dict[str, Any] = {
            name: value
            for name in ("title", "starts_on", "weekly_hours", "term_time_only")
            if (value := getattr(line, name)) not in (None, "")
        }
        if post.is_over(self.on):
            wanted.pop("starts_on", None)
            wanted["ends_on"] = line.ends_on
        elif line.ends_on is not None and here.is_of(self.own):
            here.entry.notes.append(_OWN_POST)
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
            known = post.line_manager_id if name == "line_manager" else getattr(post, name)
            same = value.pk if isinstance(value, Subject) else value
            if known != same or (isinstance(value, Subject) and value.pk is None):
                before[name] = known
        if not before:
            return
        here.changes[post.pk] = Change(post.pk, before, {name: wanted[name] for name in before})
        here.entry.details.extend(self._said(name, before[name], wanted[name]) for name in before)

    def _number_is_elsewhere(self, here: _Here, post: KnownPost, number: str) -> bool:
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

    def _names(self, here: _Here) -> None:
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

    def _end_by_absence(
        self, gone_through: list[_Here], concerned: dict[int, Organisation]
    ) -> None:
        if self.mode != ImportMode.FULL:
            return
        named = {here.organisation.pk for here in gone_through if here.entry.lines}
        by_key = {
            (here.subject.person.pk, here.organisation.pk): here
            for here in gone_through
            if here.subject.person is not None
        }
        taken = {pk for here in gone_through for pk in here.taken}
        wrong = [line for line in self.lines if line.problems]
        for organisation_id in sorted(named):
            for post in self.absence.missing(organisation_id, taken, wrong):
                person = self.records.kept(post.person_id)
                here = by_key.get((person.pk, organisation_id))
                if here is None:
                    organisation = concerned[organisation_id]
                    name = f"{person.given_name} {person.family_name}"
                    entry = Entry(name, organisation_id, email=person.email,
                                  staff_number=post.staff_number)  # fmt: skip
                    posts = self.records.posts_of(person, organisation_id)
                    here = _Here(Subject(person), organisation, entry, posts)
                    by_key[person.pk, organisation_id] = here
                    gone_through.append(here)
                if here.is_of(self.own):
                    here.entry.notes.append(_OWN_POST)
                    continue
                last = self.absence.last_day(post)
                here.changes[post.pk] = Change(
                    post.pk, {"ends_on": post.ends_on}, {"ends_on": last}
                )
                role = JobRole(post.job_role).label
                here.entry.details.append(f"{role}: not in the list, last day {in_words(last)}")

    def _sort(self, here: _Here, counts: EmployerPlan) -> None:
        """Call the person a joiner, a leaver, changed or unchanged; collect what is written."""
        if not (here.entry.lines or here.changes):
            return
        entry, on = here.entry, self.on
        ends: dict[int, dt.date | None] = {
            post.pk: here.changes[post.pk].after.get("ends_on", post.ends_on)
            if post.pk in here.changes
            else post.ends_on
            for post in here.posts
        }
        was = [post for post in here.posts if not post.is_over(on)]
        stays = [post for post in here.posts if _lasts(ends[post.pk], on)]
        counts.ending += sum(
            post.starts_on <= on
            and post.is_employment
            and not _lasts(ends[post.pk], on + dt.timedelta(days=1))
            and (post.ends_on is None or post.ends_on > on)
            for post in was
        )
        self._hand_over_numbers(here, ends)
        roles = [post.job_role for post in here.added] + [
            post.job_role for post in (stays or was or here.posts[-1:])
        ]
        entry.role = ", ".join(dict.fromkeys(str(JobRole(role).label) for role in roles))
        for post in here.added:
            entry.details.insert(0, self._joins(post))
        self.plan.new_posts.extend(here.added)
        self.plan.post_changes.extend(here.changes.values())
        self.plan.notes += bool(entry.notes)
        kind = "unchanged"
        if not was and (here.added or stays):
            kind = "joiners"
            if here.subject.person is not None and not here.posts:
                entry.notes.append("Has an account already, and keeps it.")
        elif was and not stays and not here.added:
            kind = "leavers"
        elif entry.details:
            kind = "changes"
        if kind == "unchanged":
            self.plan.unchanged += 1
        else:
            self.plan.entries[kind].append(entry)
        setattr(counts, kind, getattr(counts, kind) + 1)

    def _hand_over_numbers(self, here: _Here, ends: dict[int, dt.date | None]) -> None:
        """One open post carries a person's staff number; a second one there goes without."""
        open_numbers = {
            here.changes[post.pk].after.get("staff_number", post.staff_number)
            if post.pk in here.changes
            else post.staff_number
            for post in here.posts
            if ends[post.pk] is None
        }
        for post in here.added:
            if post.ends_on is None and post.staff_number in open_numbers:
                post.staff_number = ""
            elif post.ends_on is None:
                open_numbers.add(post.staff_number)

    def _joins(self, post: NewPost) -> str:
        words = f"{JobRole(post.job_role).label} from {in_words(post.starts_on)}"
        if post.ends_on is not None:
            words += f" to {in_words(post.ends_on)}"
        if post.line_manager is not None:
            words += f"; line manager {self.managers.name_of(post.line_manager)}"
        return words

    def _new_people(self) -> None:
        """People are made for posts only: a line that adds none makes nobody."""
        made: dict[int, Subject] = {}
        for post in self.plan.new_posts:
            if post.subject.person is None:
                made.setdefault(id(post.subject), post.subject)
        self.plan.new_people = list(made.values())
        self.managers.drop_those_not_made(self.plan, set(made))


def _by_employer(subject: Subject) -> list[tuple[Organisation, list[Line]]]:
    found: dict[int, tuple[Organisation, list[Line]]] = {}
    for line in subject.lines:
        assert line.organisation is not None
        found.setdefault(line.organisation.pk, (line.organisation, []))[1].append(line)
    return list(found.values())


def _lasts(ends_on: dt.date | None, on: dt.date) -> bool:
    return ends_on is None or ends_on >= on


def _content(line: Line) -> tuple[Any, ...]:
    return (
        line.email, line.staff_number.casefold(), line.given_name, line.family_name, line.title,
        line.starts_on, line.ends_on, line.weekly_hours, line.line_manager, line.term_time_only,
    )  # fmt: skip
