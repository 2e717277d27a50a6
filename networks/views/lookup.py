"""Find the network or meeting a request is about, or say that it is not there."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from networks.models import Meeting, Network
from networks.permissions import can_look_inside


def network_or_404(request: HttpRequest, slug: str) -> Network:
    """Return the area's network the person may know of, or raise Http404."""
    known = Network.objects.in_area(request.local_area).visible_to(  # type: ignore[attr-defined]
        request.user,
        request.today,  # type: ignore[attr-defined]
    )
    return get_object_or_404(known.select_related("local_area"), slug=slug)


def inside_or_403(request: HttpRequest, slug: str) -> Network:
    """Return the network if the person may look inside; 404 if they may not know of it."""
    network = network_or_404(request, slug)
    if not can_look_inside(request.user, network, on=request.today):  # type: ignore[arg-type, attr-defined]
        raise PermissionDenied
    return network


def meeting_or_404(network: Network, pk: int) -> Meeting:
    """Return a meeting of the network, or raise Http404."""
    meeting = get_object_or_404(Meeting, network=network, pk=pk)
    meeting.network = network
    return meeting


def crumbs(network: Network, *more: tuple[str, str]) -> list[dict[str, Any]]:
    """Return breadcrumbs from the list of networks down."""
    items = [("Networks", "/networks/"), (network.name, network.get_absolute_url()), *more]
    return [{"label": label, "url": url} for label, url in items]
