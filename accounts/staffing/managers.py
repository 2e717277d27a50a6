"""Line managers: by address, by staff number, or by a name that only one person there has."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from accounts.models import Organisation
from accounts.staffing.cells import BadCell, cut
from accounts.staffing.cells import email as read_email
from accounts.staffing.lines import Line
from accounts.staffing.matching import Matching, Subject
from accounts.staffing.plan import PersonRef, Plan
from accounts.staffing.records import Records
from accounts.staffing.titles import plain_title


class Managers:
    """Finds the people whom the lines name as managers; a later line may be theirs."""

    def __init__(
        self, records: Records, matching: Matching, places: dict[int, Organisation], on: dt.date
    ) -> None:
        self.records, self.matching, self.places, self.on = records, matching, places, on
        self._names: dict[int, dict[str, dict[int, PersonRef]]] = {}

    def of(self, line: Line, subject: Subject) -> PersonRef:
        """Return who manages the line's person, or None with a note on the line."""
        if not line.line_manager:
            return None
        assert line.organisation is not None
        found = self._find(line.line_manager, line.organisation)
        if found is None:
            line.notes.append(
                f"Line manager “{cut(line.line_manager)}” is nobody known there; left as it was."
            )
            return None
        if found is subject or (subject.person is not None and found == subject.person.pk):
            line.notes.append("Nobody is their own line manager; left as it was.")
            return None
        return found

    def name_of(self, who: PersonRef) -> str:
        """Return the name of a manager."""
        if isinstance(who, Subject):
            return who.lines[0].name
        if who is None:
            return "none"
        person = self.records.people.get(who)
        return f"{person.given_name} {person.family_name}" if person else "somebody else"

    def drop_those_not_made(self, plan: Plan, made: set[int]) -> None:
        """Leave out managers of the list for whom no account is made after all."""

        def exists(who: PersonRef) -> bool:
            return not isinstance(who, Subject) or who.person is not None or id(who) in made

        for post in plan.new_posts:
            if not exists(post.line_manager):
                post.line_manager = None
        for change in plan.post_changes:
            if not exists(change.after.get("line_manager")):
                del change.after["line_manager"], change.before["line_manager"]
        plan.post_changes = [change for change in plan.post_changes if change.after]

    def _find(self, text: str, organisation: Organisation) -> PersonRef:
        if "@" in text:
            return self._by_email(text, organisation)
        subject = self.matching.with_number(organisation.pk, text)
        if subject is not None:
            return _ref(subject)
        holder = self.records.holder_of(organisation.pk, text)
        if holder is not None:
            return holder.pk
        found = self._named(organisation.pk).get(plain_title(_turned(text)), {})
        return next(iter(found.values())) if len(found) == 1 else None

    def _by_email(self, text: str, organisation: Organisation) -> PersonRef:
        try:
            address = read_email(text)
        except BadCell:
            return None
        subject = self.matching.with_email(address)
        if subject is not None:
            return _ref(subject)
        person = self.records.with_email(address)
        # As accounts.employers.lines_of: the same place, the one it is a team of, its teams.
        near = {organisation.pk, organisation.parent_id} | {
            place.pk for place in self.places.values() if place.parent_id == organisation.pk
        }
        return person.pk if person is not None and person.employers & near else None

    def _named(self, organisation_id: int) -> dict[str, dict[int, PersonRef]]:
        if organisation_id not in self._names:
            found: dict[str, dict[int, PersonRef]] = defaultdict(dict)
            for post in self.records.by_organisation.get(organisation_id, ()):
                if not post.is_over(self.on):
                    person = self.records.kept(post.person_id)
                    key = plain_title(f"{person.given_name} {person.family_name}")
                    found[key][person.pk] = person.pk
            for subject in self.matching.subjects:
                for line in subject.lines:
                    if line.organisation is not None and line.organisation.pk == organisation_id:
                        ref = _ref(subject)
                        key_of = subject.person.pk if subject.person else -id(subject)
                        found[plain_title(line.name)][key_of] = ref
            self._names[organisation_id] = found
        return self._names[organisation_id]


def _ref(subject: Subject) -> PersonRef:
    return subject.person.pk if subject.person is not None else subject


def _turned(name: str) -> str:
    """Turn “Adeyemi, Tom” into “Tom Adeyemi”."""
    family, comma, given = name.partition(",")
    return f"{given} {family}" if comma else name
