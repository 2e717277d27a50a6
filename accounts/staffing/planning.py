"""What a list would change, worked out without writing anything.

Nothing ends by absence but employment posts of the employer whose full list it is, and a row with
an error keeps everybody it may be about. What each row means is in `rows`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from accounts import access
from accounts.enums import ImportMode, JobRole, OrganisationStatus
from accounts.models import LocalArea, Organisation, User
from accounts.querysets.administration import MANAGE_POSTS
from accounts.staffing.absence import Absence
from accounts.staffing.cells import BadCell
from accounts.staffing.cells import email as read_email
from accounts.staffing.lines import (
    Employers,
    Line,
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
from accounts.staffing.rows import OWN_POST, AtEmployer, Rows


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
        self.lines, self.mode, self.on = lines, mode, on
        self.own = by.pk if by is not None else None
        self.rows = Rows(plan, records, managers, source, self.own, on)
        self.absence = Absence(records, on)

    def run(self, concerned: dict[int, Organisation]) -> None:
        gone_through = [
            self.rows.at_employer(subject, organisation, lines)
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

    def _end_by_absence(
        self, gone_through: list[AtEmployer], concerned: dict[int, Organisation]
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
                    here = AtEmployer(Subject(person), organisation, entry, posts)
                    by_key[person.pk, organisation_id] = here
                    gone_through.append(here)
                if here.is_of(self.own):
                    here.entry.notes.append(OWN_POST)
                    continue
                last = self.absence.last_day(post)
                here.changes[post.pk] = Change(
                    post.pk, {"ends_on": post.ends_on}, {"ends_on": last}
                )
                words = f"not in the list; last day {in_words(last)}"
                if sum(not each.is_over(self.on) for each in here.posts) > 1:
                    words = f"{JobRole(post.job_role).label}: {words}"
                here.entry.details.append(words[:1].upper() + words[1:])

    def _sort(self, here: AtEmployer, counts: EmployerPlan) -> None:
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
        entry.details[:0] = [self._joins(post, here) for post in here.added]
        self.plan.new_posts.extend(here.added)
        self.plan.post_changes.extend(here.changes.values())
        self.plan.notes += bool(entry.notes)
        kind = "unchanged"
        if not was and (here.added or stays):
            kind = "joiners"
            if here.subject.person is not None and not here.posts:
                entry.notes.append("Has an account already, and keeps it.")
        elif was and not here.added and (not stays or _are_given_a_last_day(was, ends)):
            kind = "leavers"
        elif entry.details:
            kind = "changes"
        if kind == "unchanged":
            self.plan.unchanged += 1
        else:
            self.plan.entries[kind].append(entry)
        setattr(counts, kind, getattr(counts, kind) + 1)

    def _hand_over_numbers(self, here: AtEmployer, ends: dict[int, dt.date | None]) -> None:
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

    def _joins(self, post: NewPost, here: AtEmployer) -> str:
        words = f"from {in_words(post.starts_on)}"
        if post.ends_on is not None:
            words += f" to {in_words(post.ends_on)}"
        if post.line_manager is not None:
            words += f"; line manager {self.managers.name_of(post.line_manager)}"
        if len(here.added) == 1 and not here.posts:
            return words[:1].upper() + words[1:]
        return f"{JobRole(post.job_role).label} {words}"

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


def _are_given_a_last_day(posts: Sequence[KnownPost], ends: dict[int, dt.date | None]) -> bool:
    """Whether nothing stays open-ended that was: whoever gets a last day leaves."""
    return any(post.ends_on is None for post in posts) and all(
        ends[post.pk] is not None for post in posts
    )
