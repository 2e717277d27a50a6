"""Set up an area's list of networks."""

from __future__ import annotations

from django.db import transaction

from accounts.models import LocalArea
from networks.models import NetworkIndexPage

INTRODUCTION = "Groups of people who do the same work in different places, and what they share."


@transaction.atomic
def set_up_networks(*, local_area: LocalArea) -> NetworkIndexPage:
    """Create /networks/ below the area's home, or return it; idempotent."""
    home = local_area.root_page
    index = NetworkIndexPage.objects.child_of(home).first()
    if index is None:
        index = NetworkIndexPage(title="Networks", slug="networks", introduction=INTRODUCTION)
        home.add_child(instance=index)
        index.save_revision().publish()
    return index
