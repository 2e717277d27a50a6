"""Every route of the application, libraries' included, with its name and its policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from core.checks import HOUSE_APPS
from core.policies import Policy, policy_of


@dataclass(frozen=True)
class Route:
    """One route: `name` as `reverse` takes it (may be empty), `pattern` as it is written."""

    name: str
    pattern: str
    view: Callable[..., Any]
    arguments: tuple[str, ...]

    @property
    def policy(self) -> Policy | None:
        """The policy the view declares, or its library's."""
        return policy_of(self.view)

    @property
    def is_ours(self) -> bool:
        """Whether the view is the house's own."""
        view = getattr(self.view, "view_class", self.view)
        return str(getattr(view, "__module__", "")).split(".")[0] in HOUSE_APPS

    @property
    def is_cms(self) -> bool:
        """Whether it is below the door of the CMS."""
        return self.pattern.startswith("cms/")


def all_routes() -> list[Route]:
    """Return every route, in the order in which Django tries them."""
    return list(_below(get_resolver(), "", "", ()))


def _below(
    resolver: URLResolver, prefix: str, namespace: str, above: tuple[str, ...]
) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        arguments = (*above, *entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _below(entry, pattern, inner, arguments)
        elif isinstance(entry, URLPattern):
            yield Route(
                name=f"{namespace}{entry.name}" if entry.name else "",
                pattern=pattern,
                view=entry.callback,
                arguments=arguments,
            )
