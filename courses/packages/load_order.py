"""Which libraries content needs, dependencies first, and which of them nobody has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from courses.packages.report import LibraryName

NeedsOf = Callable[[LibraryName], Sequence[LibraryName] | None]


def load_order(
    wanted: Iterable[LibraryName], needs_of: NeedsOf
) -> tuple[list[LibraryName], list[LibraryName]]:
    """Return (libraries in the order to load them, libraries that are missing).

    `needs_of` answers what a library needs, or None when there is no such library. Circles are cut
    where they close.
    """
    ordered: list[LibraryName] = []
    missing: list[LibraryName] = []
    seen: set[LibraryName] = set()
    for start in wanted:
        stack: list[tuple[LibraryName, bool]] = [(start, False)]
        while stack:
            name, needs_done = stack.pop()
            if needs_done:
                ordered.append(name)
                continue
            if name in seen:
                continue
            seen.add(name)
            needs = needs_of(name)
            if needs is None:
                missing.append(name)
                continue
            stack.append((name, True))
            stack.extend((need, False) for need in reversed(needs))
    return ordered, missing
