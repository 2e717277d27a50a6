"""The base of every page: a page that is not visible to someone is not there for them."""

from __future__ import annotations

from typing import Any, TypeAlias

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PageManager, PageViewRestriction
from wagtail.query import PageQuerySet

# accounts.User or AnonymousUser: the ground floor does not know accounts.
Viewer: TypeAlias = Any


class GuardedPageQuerySet(PageQuerySet):
    """Pages filtered by who looks."""

    def visible_to(self, user: Viewer) -> GuardedPageQuerySet:
        """Keep live pages the person may read: public ones, and with sign-in the others.

        Subclasses narrow this (a hidden network, a draft of one's own). Tenancy is narrowed by
        `in_area`.
        """
        live = self.live()
        if user.is_authenticated:
            return live
        return live.filter(is_public=True)

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
            # The rule of this module asks nothing that the row just read does not say.
            return self.live and (user.is_authenticated or self.is_public)
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
