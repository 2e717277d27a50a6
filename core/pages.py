"""The base of every page: a page that is not visible to someone is not there for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import models
from django.db.models import Q
from django.db.models.functions import Substr
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PageManager, PageViewRestriction
from wagtail.query import PageQuerySet

# accounts.User or AnonymousUser: the ground floor does not know accounts.
Viewer: TypeAlias = Any

# The paths of the home pages of the areas a signed-in person belongs to; accounts gives it.
HomesOf: TypeAlias = Callable[[Viewer], models.QuerySet[Any]]
_homes_of: list[HomesOf] = []
# Homes are children of the tree's root: two steps of a path.
_HOME_PATH = 2 * Page.steplen


def tell_homes(homes_of: HomesOf) -> None:
    """Say who belongs where: without this nobody reads a page that is not public."""
    _homes_of[:] = [homes_of]


def _belongs(user: Viewer) -> Q:
    """Return the condition on `area_path` that the person belongs to the page's local area."""
    if not _homes_of or not user.is_authenticated:
        return Q(pk__in=[])
    return Q(area_path__in=_homes_of[0](user))


class GuardedPageQuerySet(PageQuerySet):
    """Pages filtered by who looks."""

    def visible_to(self, user: Viewer) -> GuardedPageQuerySet:
        """Keep live pages the person may read: public ones, and their own local areas' others.

        Subclasses narrow this (a hidden network, a draft of one's own).
        """
        live = self.live()
        if not user.is_authenticated:
            return live.filter(is_public=True)
        with_area = live.alias(area_path=Substr("path", 1, _HOME_PATH))
        return with_area.filter(Q(is_public=True) | _belongs(user))

    def in_area(self, local_area: Any) -> GuardedPageQuerySet:
        """Keep the pages below the local area's root page (area content is never shared)."""
        return self.descendant_of(local_area.root_page, inclusive=True)


GuardedPageManager = PageManager.from_queryset(GuardedPageQuerySet)


class GuardedPage(Page):
    """Abstract page that is served only to whom `visible_to` would list it."""

    is_public = models.BooleanField(
        "open to everyone",
        default=False,
        help_text="Readable without signing in, and by search engines.",
    )

    objects = GuardedPageManager()

    settings_panels = [*Page.settings_panels, FieldPanel("is_public")]

    class Meta:
        abstract = True

    def can_view(self, user: Viewer) -> bool:
        """Whether this page is in the same set that lists would show the person."""
        pages = type(self).objects.filter(pk=self.pk)
        if type(pages).visible_to is GuardedPageQuerySet.visible_to:
            # What the row just read says need not be asked again.
            if not self.live or self.is_public or not user.is_authenticated:
                return bool(self.live and self.is_public)
            return bool(_homes_of) and self.path[:_HOME_PATH] in _homes_of[0](user)
        return pages.visible_to(user).exists()

    def get_view_restrictions(self) -> models.QuerySet[PageViewRestriction]:
        """Return Wagtail's own restrictions of this page and those above it; most sites have none.

        Whether there is any at all is asked first, which costs less than reading the ancestors.
        """
        if not PageViewRestriction.objects.exists():
            return PageViewRestriction.objects.none()
        restrictions: models.QuerySet[PageViewRestriction] = super().get_view_restrictions()
        return restrictions

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the page, ask a visitor to sign in, or answer 404: it is not there for them."""
        if not getattr(request, "is_preview", False) and not self.can_view(request.user):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            raise Http404
        return super().serve(request, *args, **kwargs)
