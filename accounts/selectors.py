"""Reads across the models of accounts."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable

from accounts.enums import LinkType
from accounts.models import OrganisationLink

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


def predecessors_of(urns: Iterable[int]) -> dict[int, set[int]]:
    """Return for each URN every URN it descends from, however many steps back; one query.

    A predecessor link of B naming A and a successor link of A naming B say the same thing.
    """
    parents: dict[int, set[int]] = defaultdict(set)
    rows = OrganisationLink.objects.filter(link_type__in=(*_BACKWARD, *_FORWARD)).values_list(
        "urn", "linked_urn", "link_type"
    )
    for urn, linked_urn, link_type in rows:
        if link_type in _BACKWARD:
            parents[urn].add(linked_urn)
        else:
            parents[linked_urn].add(urn)
    return {urn: _closure(urn, parents) for urn in urns}


def _closure(urn: int, parents: dict[int, set[int]]) -> set[int]:
    found: set[int] = set()
    waiting = deque([urn])
    while waiting:
        for parent in parents.get(waiting.popleft(), ()):
            if parent not in found and parent != urn:
                found.add(parent)
                waiting.append(parent)
    return found
