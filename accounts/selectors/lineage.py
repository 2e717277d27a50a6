"""Which school became which: the links of GIAS read as families, in one place.

A predecessor link of B naming A and a successor link of A naming B say the same thing. Links are
by URN: a school that nobody here knows still stands between two that are known. One school that
became one other is *one-to-one*: a merger, an amalgamation or a split is not, even where only
one of its links has that type.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from accounts.enums import LinkType
from accounts.models import Organisation, OrganisationLink

_BACKWARD = (
    LinkType.PREDECESSOR,
    LinkType.PREDECESSOR_AMALGAMATED,
    LinkType.PREDECESSOR_MERGED,
    LinkType.PREDECESSOR_SPLIT,
    LinkType.RESULT_OF_AMALGAMATION,
)
_FORWARD = (
    LinkType.SUCCESSOR,
    LinkType.SUCCESSOR_AMALGAMATED,
    LinkType.SUCCESSOR_MERGED,
    LinkType.SUCCESSOR_SPLIT,
)
_PLAIN = (LinkType.PREDECESSOR, LinkType.SUCCESSOR)
FAMILY = (*_BACKWARD, *_FORWARD)


@dataclass
class Family:
    """Who came directly before and after whom, by URN; `plain` are pairs without merger or split.

    `on` is the day a school took over from another, where the register says; `names` what it
    calls schools that may be unknown here, and `ids` the primary keys of those that are known.
    """

    before: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    after: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    plain: dict[tuple[int, int], bool] = field(default_factory=dict)
    on: dict[tuple[int, int], dt.date] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    ids: dict[int, int] = field(default_factory=dict)

    def add(self, link: OrganisationLink) -> None:
        """Read one link, whichever side holds it."""
        backward = link.link_type in _BACKWARD
        later, earlier = (link.urn, link.linked_urn) if backward else (link.linked_urn, link.urn)
        pair = (earlier, later)
        self.before[later].add(earlier)
        self.after[earlier].add(later)
        self.plain[pair] = self.plain.get(pair, True) and link.link_type in _PLAIN
        if link.established_on is not None:
            self.on[pair] = max(link.established_on, self.on.get(pair, link.established_on))
        self.names[link.linked_urn] = link.linked_name
        for urn, pk in ((link.urn, link.organisation_id), (link.linked_urn, link.linked_id)):
            if pk is not None:
                self.ids[urn] = pk

    def only_before(self, urn: int) -> int | None:
        """Return the one school this one was, if it was one-to-one."""
        earlier = self.before.get(urn, set())
        return next(iter(earlier)) if self._is_pair(earlier, {urn}, back=True) else None

    def only_after(self, urn: int) -> int | None:
        """Return the one school this one became, if it was one-to-one."""
        later = self.after.get(urn, set())
        return next(iter(later)) if self._is_pair({urn}, later, back=False) else None

    def _is_pair(self, earlier: set[int], later: set[int], *, back: bool) -> bool:
        if len(earlier) != 1 or len(later) != 1:
            return False
        one, other = next(iter(earlier)), next(iter(later))
        alone = len(self.after[one]) == 1 if back else len(self.before[other]) == 1
        return alone and one != other and self.plain[one, other]


def whole_family() -> Family:
    """Return every link; one query."""
    family = Family()
    for link in _links(Q()):
        family.add(link)
    return family


def family_around(urns: Iterable[int]) -> Family:
    """Return the links that lead to or from these schools, however many steps away.

    One query a generation, whatever the number of schools.
    """
    family = Family()
    seen: set[int] = set()
    asked = set(urns)
    while asked:
        seen |= asked
        found: set[int] = set()
        for link in _links(Q(urn__in=asked) | Q(linked_urn__in=asked)):
            family.add(link)
            found |= {link.urn, link.linked_urn}
        asked = found - seen
    return family


def _links(condition: Q) -> Iterable[OrganisationLink]:
    return (
        OrganisationLink.objects.filter(condition, link_type__in=FAMILY)
        .order_by("pk")
        .iterator(2000)
    )


def predecessors_of(urns: Iterable[int]) -> dict[int, set[int]]:
    """Return for each URN every URN it descends from, however many steps back."""
    asked = list(urns)
    family = family_around(asked)
    return {urn: _closure(urn, family.before) for urn in asked}


def _closure(urn: int, edges: Mapping[int, set[int]]) -> set[int]:
    found: set[int] = set()
    waiting = deque([urn])
    while waiting:
        for other in edges.get(waiting.popleft(), ()):
            if other not in found and other != urn:
                found.add(other)
                waiting.append(other)
    return found


def one_to_one_predecessors(
    organisation_ids: Iterable[int], family: Family | None = None
) -> dict[int, tuple[int, ...]]:
    """Give each school the schools it was, nearest first, along one-to-one links; one query.

    Schools without one are left out, and so is whoever is not known here: a series ends there.
    """
    return _chains(organisation_ids, family or whole_family(), back=True)


def one_to_one_successors(
    organisation_ids: Iterable[int], family: Family | None = None
) -> dict[int, tuple[int, ...]]:
    """Give each school the schools it became, nearest first, along one-to-one links."""
    return _chains(organisation_ids, family or whole_family(), back=False)


def _chains(
    organisation_ids: Iterable[int], family: Family, *, back: bool
) -> dict[int, tuple[int, ...]]:
    urns = {pk: urn for urn, pk in family.ids.items()}
    step = family.only_before if back else family.only_after
    chains: dict[int, tuple[int, ...]] = {}
    for pk in organisation_ids:
        chain: list[int] = []
        here = step(urns[pk]) if pk in urns else None
        while here in family.ids and family.ids[here] not in (pk, *chain):
            chain.append(family.ids[here])
            here = step(here)
        if chain:
            chains[pk] = tuple(chain)
    return chains


@dataclass(frozen=True)
class Relative:
    """A school in another's line; `organisation` is None where nobody here knows it."""

    urn: int
    name: str
    organisation: Organisation | None
    on: dt.date | None
    is_only: bool


def lineage_of(organisation: Organisation) -> tuple[list[Relative], list[Relative]]:
    """Return what the school was and what it became, nearest first; `on` is the day of change."""
    if organisation.urn is None:
        return [], []
    family = family_around([organisation.urn])
    known = {row.urn: row for row in Organisation.objects.filter(pk__in=list(family.ids.values()))}
    return (
        _relatives(organisation.urn, family, known, back=True),
        _relatives(organisation.urn, family, known, back=False),
    )


def _relatives(
    urn: int, family: Family, known: dict[int | None, Organisation], *, back: bool
) -> list[Relative]:
    edges = family.before if back else family.after
    step = family.only_before if back else family.only_after
    found: list[Relative] = []
    seen, generation = {urn}, [urn]
    while generation:
        following: list[int] = []
        for here in generation:
            for other in sorted(edges.get(here, set()) - seen):
                seen.add(other)
                following.append(other)
                row = known.get(other)
                found.append(
                    Relative(
                        urn=other,
                        name=row.name if row else family.names.get(other, f"URN {other}"),
                        organisation=row,
                        on=family.on.get((other, here) if back else (here, other)),
                        is_only=step(here) == other,
                    )
                )
        generation = following
    return found
