"""Who is missing from a full list, and who must not be taken for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from accounts.enums import NON_EMPLOYMENT_ROLES
from accounts.staffing.lines import Line
from accounts.staffing.records import KnownPost, Records


class Absence:
    """Reads absence out of a full list of one employer."""

    def __init__(self, records: Records, on: dt.date) -> None:
        self.records = records
        self.on = on

    def employed(self, organisation_id: int) -> list[KnownPost]:
        """Return the employment posts in force there: the only ones that absence may end.

        Governors and volunteers are on no school's staff list; a post that has not begun may
        have been added by hand before payroll knows of it.
        """
        return [
            post
            for post in self.records.by_organisation.get(organisation_id, ())
            if post.is_employment
            and post.job_role not in NON_EMPLOYMENT_ROLES
            and post.starts_on <= self.on
            and not post.is_over(self.on)
        ]

    def missing(
        self, organisation_id: int, taken: Collection[int], wrong: Collection[Line]
    ) -> list[KnownPost]:
        """Return employment posts there that no right row tells of, but for those a row with an
        error may be about.
        """
        doubtful = [
            line
            for line in wrong
            if line.organisation is None or line.organisation.pk == organisation_id
        ]
        if any(not (line.email or line.staff_number or line.family_name) for line in doubtful):
            return []
        emails = {line.email for line in doubtful if line.email}
        numbers = {line.staff_number.casefold() for line in doubtful if line.staff_number}
        names = {line.family_name.casefold() for line in doubtful if line.family_name}
        found = []
        for post in self.employed(organisation_id):
            person = self.records.kept(post.person_id)
            is_doubtful = (
                person.email in emails
                or post.staff_number.casefold() in numbers
                or person.family_name.casefold() in names
            )
            if post.pk not in taken and not is_doubtful:
                found.append(post)
        return found

    def last_day(self, post: KnownPost) -> dt.date:
        """Return yesterday: whoever is not on today's list has left already."""
        return max(post.starts_on, self.on - dt.timedelta(days=1))
