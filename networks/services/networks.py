"""Start, change and close a network; its page is made and kept with it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import slugify

from accounts import audit
from accounts.models import LocalArea, User
from networks.enums import Visibility
from networks.models import Network, NetworkIndexPage, NetworkPage
from networks.permissions import can_lead, is_steward
from networks.services.free_text import refuse_identifiers


class UnableToStartNetwork(Exception):
    """The network cannot be started; the message says why."""


@transaction.atomic
def start_network(
    *,
    by: User | None,
    local_area: LocalArea,
    index_page: NetworkIndexPage,
    name: str,
    kind: str,
    purpose: str,
    at: dt.datetime,
    visibility: str = Visibility.AREA,
    parent: Network | None = None,
    **fields: Any,
) -> Network:
    """Start a network with its page; `by` is None at set-up only.

    Raises PermissionDenied unless the person is the area's steward, UnableToStartNetwork when
    the name is taken.
    """
    if by is not None and not is_steward(by, local_area, on=at.date()):
        raise PermissionDenied
    LocalArea.objects.select_for_update().get(pk=local_area.pk)
    slug = slugify(name)[:80]
    if Network.objects.filter(local_area=local_area, slug=slug).exists():
        raise UnableToStartNetwork(f"There is already a network called {name}. Choose another.")
    if parent is not None and parent.local_area_id != local_area.pk:
        raise UnableToStartNetwork("A group belongs to a network of the same local area.")
    network = Network(
        local_area=local_area,
        name=name,
        slug=slug,
        kind=kind,
        purpose=purpose,
        visibility=visibility,
        parent=parent,
        **fields,
    )
    network.full_clean()
    network.save()
    page = NetworkPage(title=name, slug=slug, network=network, search_description=purpose[:250])
    index_page.add_child(instance=page)
    page.save_revision(user=by).publish()
    audit.record(actor=by, verb="network.started", obj=network, local_area=local_area, at=at)
    return network


@transaction.atomic
def change_network(*, by: User, network: Network, at: dt.datetime, **fields: Any) -> Network:
    """Change name, purpose, visibility, standing items or discussion; its address stays.

    Raises PermissionDenied, or HoldsPupilIdentifier.
    """
    network = Network.objects.select_for_update().get(pk=network.pk)
    if not can_lead(by, network, on=at.date()):
        raise PermissionDenied
    for name in ("name", "purpose", "visibility", "standing_items", "has_discussion"):
        if name in fields:
            setattr(network, name, fields[name])
    refuse_identifiers(network.name, network.purpose, network.standing_items)
    network.full_clean()
    network.save()
    page = NetworkPage.objects.filter(network=network).first()
    if page is not None and page.title != network.name:
        page.title = network.name
        page.save_revision(user=by).publish()
    audit.record(
        actor=by,
        verb="network.changed",
        obj=network,
        local_area=network.local_area,
        data={"fields": sorted(fields)},
        at=at,
    )
    return network
