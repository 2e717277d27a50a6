"""Thin edges in the CMS that hold for every room: an editor chooses from their own area only."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.models import Page
from wagtail.permissions import policy_registry
from wagtail.query import PageQuerySet


@hooks.register("construct_page_chooser_queryset")
def only_what_one_may_explore(pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """Keep the pages the editor may explore: Wagtail's own chooser lists every area's."""
    explorable = policy_registry.get_by_type(Page).explorable_instances(request.user)
    return pages.filter(pk__in=explorable.values("pk"))


@hooks.register("construct_reports_menu")
def without_page_types(request: HttpRequest, menu_items: list[Any]) -> None:
    """Leave out the report of page types: it names pages of every area (accounts.policies)."""
    if not request.user.is_superuser:
        menu_items[:] = [item for item in menu_items if item.name != "page-types-usage"]
