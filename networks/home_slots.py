"""Slots on a network's home that the rooms above fill: its library, its courses.

A room above registers a provider in its AppConfig.ready(); networks imports none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accounts.models import User
    from networks.models import Network


@dataclass(frozen=True)
class Slot:
    """A part of the home: `template` is rendered with `context` only, in ascending `order`."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 100


Provider = Callable[["Network", "User"], Slot | None]
_providers: dict[str, Provider] = {}


def provide(name: str, provider: Provider) -> None:
    """Register (or replace) the provider called `name`, such as "library"."""
    _providers[name] = provider


def slots_for(network: Network, user: User) -> list[Slot]:
    """Return what the rooms above have to show of this network to this person."""
    offered = [provider(network, user) for provider in _providers.values()]
    return sorted((slot for slot in offered if slot is not None), key=lambda slot: slot.order)
