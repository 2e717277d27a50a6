"""Thin edges in the CMS: the home of a hidden network is not there for an editor outside it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from wagtail import hooks
from wagtail.models import Page
from wagtail.query import PageQuerySet

from networks.models import Network, NetworkPage


def _unknown_homes(request: HttpRequest) -> Any:
    """Return the primary keys of homes of networks the editor may not know of."""
    if request.user.is_superuser:
        return NetworkPage.objects.none().values("pk")
    known = Network.objects.visible_to(request.user).values("pk")
    return NetworkPage.objects.exclude(network__in=known).values("pk")


@hooks.register("construct_explorer_page_queryset")
def leave_out_of_lists(
    parent_page: Page, pages: PageQuerySet, request: HttpRequest
) -> PageQuerySet:
    """List no hidden network to an editor outside it."""
    return pages.exclude(pk__in=_unknown_homes(request))


@hooks.register("construct_page_chooser_queryset")
def leave_out_of_choosers(pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """Offer no hidden network to an editor outside it."""
    return pages.exclude(pk__in=_unknown_homes(request))


@hooks.register("before_edit_page")
@hooks.register("before_unpublish_page")
@hooks.register("before_delete_page")
@hooks.register("before_copy_page")
def not_there(request: HttpRequest, page: Page) -> None:
    """Answer 404 for the home of a network the editor may not know of."""
    if NetworkPage.objects.filter(pk=page.pk, pk__in=_unknown_homes(request)).exists():
        raise Http404
