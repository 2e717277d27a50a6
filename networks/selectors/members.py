"""Members of a network, setting by setting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from networks.models import Membership, Network


@dataclass(frozen=True)
class SettingGroup:
    """A setting and those who come for it; `name` is "No setting" for people on their own."""

    organisation_id: int | None
    name: str
    memberships: tuple[Membership, ...]

    @property
    def people(self) -> list[Membership]:
        """Memberships of named people."""
        return [membership for membership in self.memberships if membership.person_id]


def members_by_setting(network: Network, on: dt.date) -> list[SettingGroup]:
    """Return the members on the day grouped by setting in alphabetical order; one query."""
    rows = (
        Membership.objects.in_force(on)
        .filter(network=network)
        .select_related("person", "organisation")
    )
    return group_by_setting(rows)


def group_by_setting(rows: Iterable[Membership]) -> list[SettingGroup]:
    """Group memberships (with person and organisation loaded) by setting; own-name ones last."""

    def setting(row: Membership) -> tuple[bool, str, int]:
        name = row.organisation.name if row.organisation else ""
        return (row.organisation_id is None, name, row.organisation_id or 0)

    def person(row: Membership) -> tuple[str, str]:
        return (row.person.family_name, row.person.given_name) if row.person else ("", "")

    ordered = sorted(rows, key=lambda row: (setting(row), person(row)))
    return [
        SettingGroup(
            organisation_id=key[2] or None,
            name=key[1] or "No setting",
            memberships=tuple(members),
        )
        for key, members in groupby(ordered, key=setting)
    ]
