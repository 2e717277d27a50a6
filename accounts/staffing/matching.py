"""Whose line is whose: by address, then by staff number within the employer.

Two lines are one person only if they say so the same way; whatever points at two people is a
problem of its line and never decided here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from accounts.staffing.cells import cut
from accounts.staffing.lines import Line, Problem, Source
from accounts.staffing.records import Person, Records


@dataclass(eq=False)
class Subject:
    """A person the list is about, known or new, with their lines."""

    person: Person | None = None
    email: str = ""
    lines: list[Line] = field(default_factory=list)
    created_pk: int | None = None

    @property
    def pk(self) -> int | None:
        """Return the primary key, once there is one."""
        return self.person.pk if self.person is not None else self.created_pk


class _Unclear(Exception):
    """The line points at two people, or at one who may not be touched."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


class Matching:
    """Gives every line without a problem its subject."""

    def __init__(self, records: Records, source: Source) -> None:
        self.records = records
        self.source = source
        self.subjects: list[Subject] = []
        self._by_person: dict[int, Subject] = {}
        self._by_email: dict[str, Subject] = {}
        self._by_number: dict[tuple[int, str], Subject] = {}

    def take(self, lines: Iterable[Line]) -> list[Subject]:
        """Match the lines; those with an address first, so that their order does not matter."""
        right = [line for line in lines if not line.problems]
        for line in sorted(right, key=lambda line: (not line.email, line.number)):
            try:
                subject = self._subject_of(line)
            except _Unclear as unclear:
                value = getattr(line, unclear.name)
                column = self.source.column(unclear.name)
                line.problems.append(Problem(line.number, column, cut(value), str(unclear)))
                continue
            self._remember(subject, line)
        self.subjects.sort(key=lambda subject: subject.lines[0].number)
        return self.subjects

    def with_email(self, email: str) -> Subject | None:
        """Return the subject of the list with this address."""
        return self._by_email.get(email)

    def with_number(self, organisation_id: int, number: str) -> Subject | None:
        """Return the subject of the list with this staff number there."""
        return self._by_number.get((organisation_id, number.casefold()))

    def of_person(self, pk: int) -> Subject | None:
        """Return the subject of the list who is this person."""
        return self._by_person.get(pk)

    def _remember(self, subject: Subject, line: Line) -> None:
        assert line.organisation is not None
        if not subject.lines:
            self.subjects.append(subject)
        subject.lines.append(line)
        if subject.person is not None:
            self._by_person[subject.person.pk] = subject
        if line.email:
            subject.email = line.email
            self._by_email[line.email] = subject
        if line.staff_number:
            key = (line.organisation.pk, line.staff_number.casefold())
            self._by_number[key] = subject

    def _subject_of(self, line: Line) -> Subject:
        assert line.organisation is not None
        here = line.organisation.pk
        by_mail = self.records.with_email(line.email) if line.email else None
        number = line.staff_number
        holder = self.records.holder_of(here, number) if number else None
        for name, person in (("email", by_mail), ("staff_number", holder)):
            if person is not None and person.is_erased:
                raise _Unclear(
                    name, "This belongs to somebody whose data were erased. Ask an administrator."
                )
        if by_mail is not None and holder is not None and by_mail is not holder:
            raise _Unclear(
                "staff_number",
                "The staff number is one person's and the email address another's. Check both.",
            )
        subject = self._in_list(line, here, by_mail or holder)
        if subject is not None:
            self._same_person(subject, line)
            return subject
        if by_mail is not None:
            return Subject(by_mail)
        if holder is not None:
            self._same_name(holder, line)
            return Subject(holder)
        return Subject(self._returning(line, here))

    def _in_list(self, line: Line, here: int, person: Person | None) -> Subject | None:
        """Return the subject other lines have made already."""
        found = {
            id(subject): subject
            for subject in (
                self.with_email(line.email) if line.email else None,
                self.with_number(here, line.staff_number) if line.staff_number else None,
                self.of_person(person.pk) if person is not None else None,
            )
            if subject is not None
        }
        if len(found) > 1:
            raise _Unclear(
                "staff_number",
                "The staff number is on another line, with another person's address. Check both.",
            )
        return next(iter(found.values()), None)

    def _same_person(self, subject: Subject, line: Line) -> None:
        other = subject.lines[0]
        if line.email and subject.email and line.email != subject.email:
            raise _Unclear("email", f"Line {other.number} has this person with another address.")
        if _differ(line, other.given_name, other.family_name):
            name = "email" if line.email else "staff_number"
            raise _Unclear(
                name,
                f"Line {other.number} has somebody else with the same. Everyone needs their own.",
            )
        if subject.person is not None and not line.email:
            self._same_name(subject.person, line)

    def _same_name(self, person: Person, line: Line) -> None:
        """A mistyped staff number must not turn one colleague into another."""
        if _differ(line, person.given_name, person.family_name):
            raise _Unclear(
                "staff_number",
                f"This staff number is that of {person.given_name} {person.family_name}. Check the "
                "number.",
            )

    def _returning(self, line: Line, here: int) -> Person | None:
        """Return who held the number before, if it is they who come back."""
        if not line.staff_number:
            return None
        former = self.records.former_holder_of(here, line.staff_number)
        if former is None or former.is_erased:
            return None
        names = (former.given_name.casefold(), former.family_name.casefold())
        if (line.given_name.casefold(), line.family_name.casefold()) != names:
            return None
        if line.email and former.email and line.email != former.email:
            return None
        return former


def _differ(line: Line, given_name: str, family_name: str) -> bool:
    """Whether both names differ: one alone may, after a marriage or for a short form."""
    return (
        line.given_name.casefold() != given_name.casefold()
        and line.family_name.casefold() != family_name.casefold()
    )
