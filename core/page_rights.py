"""Rights over pages in the CMS: Wagtail's own, less what rooms keep from an editor.

A room says by the hook `pages_unknown_to` which pages an editor must not know of, such as the
home of a hidden network. Lists, searches, histories and choosers ask this policy; what names a
page in its address is asked at the door (`require_explorable`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest
from wagtail import hooks
from wagtail.models import AbstractPage, Page
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import policy_registry, register_permission_policy
from wagtail.query import PageQuerySet

HOOK = "pages_unknown_to"
# What Wagtail's routes call a page in their addresses.
_ARGUMENTS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_pk")


class HousePagePolicy(PagePermissionPolicy):
    """Wagtail's rights by group, without the pages that rooms keep from the editor."""

    def explorable_instances(self, user: Any) -> PageQuerySet:
        """Return the pages the editor may come across."""
        pages: PageQuerySet = super().explorable_instances(user)
        return _without_unknown(pages, user)

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Iterable[str]
    ) -> PageQuerySet:
        """Return the pages on which the editor may take one of the actions."""
        pages: PageQuerySet = super().instances_user_has_any_permission_for(user, actions)
        return _without_unknown(pages, user)

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Iterable[str], instance: Any
    ) -> bool:
        """Whether the editor may take one of the actions on the page."""
        if not super().user_has_any_permission_for_instance(user, actions, instance):
            return False
        return _without_unknown(Page.objects.filter(pk=instance.pk), user).exists()


def set_up() -> None:
    """Put the house's policy in the place of Wagtail's."""
    register_permission_policy(AbstractPage, HousePagePolicy(Page))


def _without_unknown(pages: PageQuerySet, user: Any) -> PageQuerySet:
    if user.is_superuser:
        return pages
    for unknown_to in hooks.get_hooks(HOOK):
        pages = pages.exclude(pk__in=unknown_to(user))
    return pages


def require_explorable(request: HttpRequest) -> None:
    """Raise Http404 where the address names a page that the editor may not come across."""
    asked = _pages_named(request)
    if not asked:
        return
    known = policy_registry.get_by_type(Page).explorable_instances(request.user)
    # Everybody's tree begins at the root, which tells nothing.
    roots = Page.objects.filter(depth=1, pk__in=asked).values_list("pk", flat=True)
    found = {*known.filter(pk__in=asked).values_list("pk", flat=True), *roots}
    if asked - found:
        raise Http404


def _pages_named(request: HttpRequest) -> set[int]:
    match = request.resolver_match
    if match is None:
        return set()
    named = [match.kwargs.get(argument) for argument in _ARGUMENTS]
    if "/pages/" in f"/{match.route.replace('^', '')}":
        named.append(match.kwargs.get("pk"))
    if match.url_name == "wagtail_bulk_action" and match.kwargs.get("model_name") == "page":
        named += request.GET.getlist("id")
    if "choose-page" in match.route:
        named += request.GET.getlist("id")
    return {int(key) for key in named if key is not None and str(key).isdecimal()}
