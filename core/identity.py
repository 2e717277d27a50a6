"""Finds one person in texts and lists that name them without a foreign key, and takes them out.

Used by erasure only: for lists of staff, labels, payloads and indexes. A family name alone says
little, so it is taken out only where the given name or an address stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

PSEUDONYM = "Former colleague"


@dataclass(frozen=True)
class Identity:
    """A person's accounts, addresses (and sign-in names) and names, at the moment of erasure."""

    person_ids: tuple[int, ...]
    public_ids: tuple[str, ...]
    addresses: frozenset[str]
    names: frozenset[tuple[str, str]]

    @cached_property
    def _address(self) -> re.Pattern[str] | None:
        return _any_of(self.addresses)

    @cached_property
    def _full_name(self) -> re.Pattern[str] | None:
        pairs = [(given, family) for given, family in self.names if given and family]
        orders = [f"{given} {family}" for given, family in pairs]
        orders += [f"{family}, {given}" for given, family in pairs]
        orders += [f"{family} {given}" for given, family in pairs]
        return _any_of(orders)

    @cached_property
    def _parts(self) -> frozenset[str]:
        return frozenset(part.casefold() for pair in self.names for part in pair if part)

    def is_in(self, text: str) -> bool:
        """Whether the text names them in full or gives an address of theirs."""
        return self.without(text) != text

    def without(self, text: str) -> str:
        """Return the text with addresses emptied and full names replaced by the pseudonym."""
        if self._address is not None:
            text = self._address.sub("", text)
        if self._full_name is not None:
            text = self._full_name.sub(PSEUDONYM, text)
        return text

    def scrubbed(self, value: Any) -> Any:
        """Return JSON data without them.

        In a row (a list or an object) that names them, the cells with parts of their name are
        emptied too; and so is what an object says about a row of theirs before and after.
        """
        if isinstance(value, str):
            return self.without(value)
        if isinstance(value, dict):
            about = self._is_row_of(value.values()) or self._is_change_of(value)
            return {self.without(key): self._cell(cell, about) for key, cell in value.items()}
        if isinstance(value, list):
            about = self._is_row_of(value)
            return [self._cell(cell, about) for cell in value]
        return value

    def _cell(self, cell: Any, about: bool) -> Any:
        if about and isinstance(cell, str) and cell.strip().casefold() in self._parts:
            return ""
        if about and isinstance(cell, dict | list):
            return self._emptied(self.scrubbed(cell))
        return self.scrubbed(cell)

    def _emptied(self, value: Any) -> Any:
        """Empty the parts of the name anywhere below a row that is about the person."""
        if isinstance(value, dict):
            return {key: self._emptied(cell) for key, cell in value.items()}
        if isinstance(value, list):
            return [self._emptied(cell) for cell in value]
        if isinstance(value, str) and value.strip().casefold() in self._parts:
            return ""
        return value

    def _is_row_of(self, cells: Iterable[Any]) -> bool:
        texts = list(_texts(cells))
        if any(self.is_in(text) for text in texts):
            return True
        said = {text.strip().casefold() for text in texts}
        return any(
            given.casefold() in said and family.casefold() in said
            for given, family in self.names
            if given and family
        )

    def _is_change_of(self, value: dict[str, Any]) -> bool:
        """Whether it is a core.registry.Change of their account."""
        return (
            str(value.get("model", "")).lower() == "accounts.user"
            and value.get("pk") in self.person_ids
        )


def take_out(rows: QuerySet[Any], field: str, identity: Identity) -> list[Any]:
    """Take the person out of a field of free text; return the keys of the rows that changed."""
    hints = {family for given, family in identity.names if given and family}
    hints |= set(identity.addresses)
    asked = Q(pk__in=[])
    for hint in hints:
        asked |= Q(**{f"{field}__icontains": hint})
    changed = []
    for pk, text in rows.filter(asked).order_by("pk").values_list("pk", field):
        without = identity.without(text)
        if without != text:
            rows.model._base_manager.filter(pk=pk).update(**{field: without})
            changed.append(pk)
    return changed


def _texts(cells: Iterable[Any]) -> Iterable[str]:
    """Yield the texts of a row: its cells, and those of objects and lists directly in it."""
    for cell in cells:
        if isinstance(cell, str):
            yield cell
        elif isinstance(cell, dict):
            yield from (inner for inner in cell.values() if isinstance(inner, str))


def _any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    found = sorted({word for word in words if word}, key=len, reverse=True)
    if not found:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, found))})(?!\w)", re.IGNORECASE)
