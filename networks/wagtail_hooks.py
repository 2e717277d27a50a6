"""Thin edges in the CMS: the home of a hidden network is not there for an editor outside it."""

from __future__ import annotations

from typing import Any

from wagtail import hooks

from accounts.models import User
from core.page_rights import HOOK
from networks.models import Network, NetworkPage


@hooks.register(HOOK)
def homes_unknown_to(user: User) -> Any:
    """Return the primary keys of homes of networks the editor may not know of."""
    known = Network.objects.visible_to(user).values("pk")
    return NetworkPage.objects.exclude(network__in=known).values("pk")
