"""Thin edges in the CMS that hold for every room: an editor chooses from their own area only."""

from __future__ import annotations

from django.http import HttpRequest
from wagtail import hooks
from wagtail.permissions import page_permission_policy
from wagtail.query import PageQuerySet


@hooks.register("construct_page_chooser_queryset")
def only_what_one_may_explore(pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """Keep the pages the editor may explore: Wagtail's own chooser lists every area's."""
    explorable = page_permission_policy.explorable_instances(request.user)
    return pages.filter(pk__in=explorable.values("pk"))
